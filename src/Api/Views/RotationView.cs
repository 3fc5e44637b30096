using Rotunda.Interpreter;
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
    RotationPlan Plan)
{
    /// <summary>SHA-256 (hex) of the plan as it was frozen, as the audit has it.</summary>
    public string? PlanHash { get; init; }

    /// <summary>The plan's steps, and where each is.</summary>
    public IReadOnlyList<StepView> Steps { get; init; } = [];

    /// <summary>What the evidence gate saw, oldest first.</summary>
    public IReadOnlyList<EvidencePoint> Evidence { get; init; } = [];

    /// <summary>What is otherwise than in the last rotation of the same kind that succeeded; null if none did.</summary>
    public SinceLastView? Since { get; init; }

    /// <summary>What is asked for, and who has answered; null where the plan asks nobody.</summary>
    public ApprovalView? Approval { get; init; }

    /// <summary>What can be done now, and whether the caller may.</summary>
    public IReadOnlyList<ActionView> Can { get; init; } = [];
}
