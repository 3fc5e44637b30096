using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Planning;

/// <summary>What the last look at the targets and the provider found, as a plan tells it.</summary>
internal static class DriftNotes
{
    public static void Write(PlanDraft draft)
    {
        foreach (var finding in draft.Snapshot.Drift?.Drifted ?? [])
        {
            var at = $"Seen at {finding.Since.UtcDateTime:yyyy-MM-dd HH:mm} UTC: ";
            if (finding.Place == DriftFinding.AtProvider)
            {
                draft.Warn($"{at}the value in use does not authenticate at {draft.Provider.Id}. {finding.Detail}".TrimEnd());
            }
            else if (draft.Policy.Targets.Any(target => target.Name == finding.Place))
            {
                draft.Warn($"{at}{finding.Place} has drifted. {finding.Detail} {Consequence(draft, finding)}".TrimEnd());
            }
        }
    }

    /// <summary>Stop, where the plan has to stop at what Rotunda did not put there; null else.</summary>
    public static string? Stops(PlanDraft draft) =>
        draft.Policy.OnDrift == OnDrift.Stop && !draft.IsEmergency && draft.Request.Instead is null ? StepSettings.Stop : null;

    private static string Consequence(PlanDraft draft, DriftFinding finding) =>
        draft.Request.Instead == Strategy.Deliver ? "The value in use is delivered over it; what stands there now is kept for the way back."
        : finding.Standing == Standing.Missing ? ""
        : Stops(draft) is null ? "It is overwritten."
        : $"The rotation stops at its check unless that is settled: rotunda deliver {draft.Policy.Name} brings the value in use there "
            + "again, and onDrift: overwrite lets rotations write over it.";
}
