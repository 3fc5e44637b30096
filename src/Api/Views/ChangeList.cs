namespace Rotunda.Api.Views;

/// <summary>What changed after a row of the audit, oldest first.</summary>
/// <param name="Next">Where to ask from the next time.</param>
/// <param name="Reset">True if too much changed to be told: look at everything anew.</param>
public sealed record ChangeList(IReadOnlyList<ChangeView> Changes, long Next, bool Reset);

/// <summary>One change, by the row of the audit that records it.</summary>
/// <param name="RotationId">Of a rotation that changed.</param>
/// <param name="State">That rotation's state now, in the words of <c>GET /api/rotations</c>.</param>
public sealed record ChangeView(long Sequence, DateTimeOffset At, string Action, string? Secret, string? RotationId, string? State);
