using System.Globalization;
using Rotunda.Api.Views;
using Rotunda.Ledger;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>What the evidence gate of a rotation saw, look by look.</summary>
internal static class EvidenceLine
{
    private const int Newest = 200;

    public static IReadOnlyList<EvidencePoint> Of(RotationPlan plan, IReadOnlyList<AuditRow> audit)
    {
        var gates = plan.Steps.Where(step => step.Kind == StepKinds.Evidence).ToDictionary(step => step.Id, Asked, StringComparer.Ordinal);
        return gates.Count == 0 ? [] : [.. Points(gates, audit).TakeLast(Newest)];
    }

    private static IEnumerable<EvidencePoint> Points(Dictionary<string, TimeSpan> gates, IReadOnlyList<AuditRow> audit)
    {
        foreach (var row in audit)
        {
            if (row.StepId is { } id && gates.TryGetValue(id, out var asked) && StepDetail.Of(row) is { Outcome: not null } detail)
            {
                var since = detail.Facts?.GetValueOrDefault(StepFacts.UnusedSince);
                yield return new EvidencePoint(
                    row.At,
                    since is null ? QuietWithoutTime(detail) : row.At - DateTimeOffset.Parse(since, CultureInfo.InvariantCulture),
                    asked,
                    detail.Reason ?? detail.Facts?.GetValueOrDefault("detail"));
            }
        }
    }

    /// <summary>Used just now, or nothing tells.</summary>
    private static TimeSpan? QuietWithoutTime(StepDetail detail) =>
        detail.Facts?.GetValueOrDefault(StepFacts.Use) == StepFacts.InUse ? TimeSpan.Zero : null;

    private static TimeSpan Asked(PlannedStep step) =>
        DurationText.TryParsePlanned(step.Settings.GetValueOrDefault(StepSettings.QuietFor), out var asked) ? asked : TimeSpan.Zero;
}
