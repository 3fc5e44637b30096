using Rotunda.Rotation.Orchestrations;
using Rotunda.Rotation.Planning;

namespace Rotunda.Api.Views;

/// <param name="Progress">What the orchestration shows; null once it has ended or before it began.</param>
/// <param name="Engine">The orchestration's own status in a word; null if there is none.</param>
public sealed record RotationView(
    RotationSummary Rotation,
    RotationStatus? Progress,
    string? Engine,
    IReadOnlyList<TimelineEntry> Timeline,
    IReadOnlyList<CredentialView> Credentials,
    RotationPlan Plan);
