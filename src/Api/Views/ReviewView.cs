namespace Rotunda.Api.Views;

/// <summary>An emergency that went without approval, and who has looked at it since.</summary>
/// <param name="State">The rotation's.</param>
/// <param name="ClosedAt">Null while it is open.</param>
/// <param name="Need">How many people have to look at it.</param>
public sealed record ReviewView(
    string RotationId,
    string Secret,
    string State,
    string RequestedBy,
    string Reason,
    string? Incident,
    DateTimeOffset OpenedAt,
    DateTimeOffset? ClosedAt,
    int Need,
    IReadOnlyList<ReviewerView> Reviewers);

/// <param name="Comment">What they found.</param>
public sealed record ReviewerView(string Actor, string Comment, DateTimeOffset At);
