using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>A setting is read that is not set.</summary>
public sealed class SettingMissingException(string name)
    : OutcomeException(StepOutcome.Rejected($"The setting '{name}' is missing. Set it in the catalog."));
