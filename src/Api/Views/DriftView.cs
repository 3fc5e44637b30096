using Rotunda.Rotation.Words;

namespace Rotunda.Api.Views;

/// <summary>What the last look at a secret's targets and provider found.</summary>
/// <param name="LookedAt">Null: it was never looked at, or there is nothing to compare with.</param>
/// <param name="Findings">A place each; of the provider under the name "provider:".</param>
public sealed record DriftView(string Secret, DateTimeOffset? LookedAt, bool Drifted, IReadOnlyList<DriftFinding> Findings)
{
    public static DriftView Of(string secret, DriftReport? report) =>
        new(secret, report?.LookedAt, report?.Drifted.Count > 0, report?.Findings ?? []);
}
