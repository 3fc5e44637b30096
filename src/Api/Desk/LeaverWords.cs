using Rotunda.Api.Views;
using Rotunda.Ledger;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>A secret that left the catalog, as the status shows it.</summary>
internal static class LeaverWords
{
    public static SecretSummary Summary(Leaver leaver, RotationRecord? open) => new(
        leaver.Secret.Name,
        ScheduleGroup.NotInCatalog,
        open is null ? Message(leaver) : $"{Words.Of(open.State)}{(open.Detail is null ? "" : $": {open.Detail}")}",
        leaver.Kept?.Policy.Description,
        leaver.Kept?.Policy.Owner,
        leaver.Kept?.Policy.Tags ?? [],
        leaver.Kept?.Policy.Strategy ?? Strategy.Overlap,
        leaver.Kept?.Policy.Provider.Type ?? "",
        leaver.Secret.LastRotatedAt,
        null,
        leaver.Secret.ActiveRotationId,
        leaver.Secret.FailuresInARow,
        leaver.Live.Count(c => c.State == CredentialState.Orphan));

    public static string Message(Leaver leaver)
    {
        var live = leaver.Live.Count == 1 ? "one live credential" : $"{leaver.Live.Count} live credentials";
        return leaver.Live.All(c => c.State == CredentialState.Orphan)
            ? $"It left the catalog, and {live} could only be ended by hand. Once that is done: "
                + $"rotunda retire {leaver.Secret.Name} --handed-over"
            : $"It left the catalog with {live}. To end it: rotunda retire {leaver.Secret.Name}";
    }
}
