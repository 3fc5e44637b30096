using Rotunda.Rotation.Words;

namespace Rotunda.Api.Views;

/// <summary>What a link asks for.</summary>
/// <param name="State">open; over where the rotation does not ask any more.</param>
/// <param name="Asks">What is asked for.</param>
/// <param name="PlanHash">The plan that is decided on.</param>
/// <param name="Person">Who decides by it; null where one has to sign in.</param>
/// <param name="Role">With which role.</param>
public sealed record DecideView(
    string RotationId,
    string Secret,
    string State,
    string Asks,
    string Reason,
    string RequestedBy,
    string PlanHash,
    int Given,
    int Need,
    string? Person,
    string? Role,
    IReadOnlyList<string> Steps,
    IReadOnlyList<string> Warnings,
    DateTimeOffset Until)
{
    /// <summary>The step that asks.</summary>
    public required string StepId { get; init; }

    public required Strategy Strategy { get; init; }

    public required RotationTrigger Trigger { get; init; }

    public string? Incident { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What the catalog says of the secret; null where it says nothing.</summary>
    public string? Description { get; init; }

    public string? Owner { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>When scheduled rotations may start, in words; null for always.</summary>
    public string? Window { get; init; }

    /// <summary>The plan, step by step.</summary>
    public required IReadOnlyList<DecideStep> Plan { get; init; }

    /// <summary>What is otherwise than in the last rotation that succeeded; null if none did.</summary>
    public SinceLastView? Since { get; init; }
}
