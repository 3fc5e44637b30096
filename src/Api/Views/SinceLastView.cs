namespace Rotunda.Api.Views;

/// <summary>What a rotation does otherwise than the last one that succeeded.</summary>
/// <param name="Changes">For people; empty if nothing is.</param>
public sealed record SinceLastView(string RotationId, DateTimeOffset? EndedAt, IReadOnlyList<string> Changes);
