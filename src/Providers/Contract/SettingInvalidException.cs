using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>A setting holds what it cannot hold.</summary>
public sealed class SettingInvalidException(string name, string why)
    : OutcomeException(StepOutcome.Rejected($"The setting '{name}' {why}"));
