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
    DateTimeOffset Until);
