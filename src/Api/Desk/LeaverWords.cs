using Rotunda.Api.Views;
using Rotunda.Interpreter;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>A secret that left the catalog, as the status shows it.</summary>
internal static class LeaverWords
{
    /// <param name="open">Of its retirement, or of the rotation that was under way when it left; null if none is open.</param>
    public static SecretSummary Summary(Leaver leaver, OpenRotation? open, RotationStatus? progress) => new(
        leaver.Secret.Name,
        ScheduleGroup.NotInCatalog,
        open is null ? Message(leaver) : OpenRotations.Sentence(open),
        leaver.Kept?.Policy.Description,
        leaver.Kept?.Policy.Owner,
        leaver.Kept?.Policy.Tags ?? [],
        leaver.Kept?.Policy.Strategy ?? Strategy.Overlap,
        leaver.Kept?.Policy.Provider.Type ?? "",
        leaver.Secret.LastRotatedAt,
        null,
        leaver.Secret.ActiveRotationId,
        leaver.Secret.FailuresInARow,
        leaver.Live.Count(c => c.State == CredentialState.Orphan))
    {
        Open = open,
        NextAction = progress?.NextAction,
    };

    public static string Message(Leaver leaver)
    {
        var live = leaver.Live.Count == 1 ? "one live credential" : $"{leaver.Live.Count} live credentials";
        return leaver.Live.All(c => c.State == CredentialState.Orphan)
            ? $"It left the catalog, and {live} could only be ended by hand. Once that is done: "
                + $"rotunda retire {leaver.Secret.Name} --handed-over --reason \"…\""
            : $"It left the catalog with {live}. To end {(leaver.Live.Count == 1 ? "it" : "them")}: "
                + $"rotunda retire {leaver.Secret.Name} --reason \"…\"";
    }
}
