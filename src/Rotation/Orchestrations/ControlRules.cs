using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Orchestrations;

/// <summary>
/// The whole table of verbs: what each means at each place. Pure; docs/rotation-states.md is checked against it, and the
/// status takes its next action from it.
/// </summary>
internal static class ControlRules
{
    public const string OldIsRevoked = "the old credential is revoked; start a new rotation";
    public static readonly TimeSpan MaxExtension = TimeSpan.FromDays(366);

    public static IReadOnlyList<ControlVerb> Verbs { get; } =
    [
        ControlVerb.Approve, ControlVerb.Reject, ControlVerb.Resume, ControlVerb.SkipGrace, ControlVerb.ExtendGrace,
        ControlVerb.Rollback, ControlVerb.Cancel, ControlVerb.Supersede, ControlVerb.Pause,
    ];

    public static Judgement Judge(ControlMessage message, Situation at) => message.Verb switch
    {
        ControlVerb.Approve => Approve(message, at),
        ControlVerb.Reject => Reject(message, at),
        ControlVerb.Rollback => Rollback(message, at),
        ControlVerb.Cancel => Cancel(message, at),
        ControlVerb.Resume => Resume(message, at),
        ControlVerb.SkipGrace => SkipGrace(message, at),
        ControlVerb.ExtendGrace => ExtendGrace(message, at),
        ControlVerb.Supersede => Stop(message, RotationState.Superseded),
        ControlVerb.Pause => Pause(message, at),
        _ => Ignore(message, "unknown verb"),
    };

    /// <summary>The verb as people type it.</summary>
    public static string NameOf(ControlVerb verb) => verb switch
    {
        ControlVerb.Approve => "approve",
        ControlVerb.Reject => "reject",
        ControlVerb.Rollback => "rollback",
        ControlVerb.Cancel => "cancel",
        ControlVerb.Resume => "resume",
        ControlVerb.SkipGrace => "skip-grace",
        ControlVerb.ExtendGrace => "extend-grace",
        ControlVerb.Supersede => "supersede",
        ControlVerb.Pause => "pause",
        _ => "a message",
    };

    private static Judgement Approve(ControlMessage message, Situation at)
    {
        if (at.Place != Place.Approval)
        {
            return Ignore(message, "no approval is awaited");
        }

        return Actors.IsSame(message.By, at.RequestedBy)
            ? Ignore(message, "who requested the rotation may not approve it")
            : new Judgement(JudgementKind.Approve, message);
    }

    private static Judgement Reject(ControlMessage message, Situation at) =>
        at.Place != Place.Approval ? Ignore(message, "no approval is awaited")
        : at.Retired ? Ignore(message, OldIsRevoked)
        : Stop(message, RotationState.Rejected);

    private static Judgement Rollback(ControlMessage message, Situation at) => at.Place switch
    {
        Place.RollingBack or Place.SlicingBack => Ignore(message, "it is rolling back already"),
        Place.StuckRollingBack or Place.PausedRollingBack => new Judgement(JudgementKind.Resume, message),
        _ when at.Retired => Ignore(message, OldIsRevoked),
        _ => Stop(message, RotationState.RolledBack),
    };

    private static Judgement Cancel(ControlMessage message, Situation at) => at.Place switch
    {
        Place.RollingBack or Place.SlicingBack => Ignore(message, "it is rolling back already"),
        Place.StuckRollingBack or Place.PausedRollingBack => Ignore(message, "it is rolling back already; use resume"),
        _ when at.Retired => Ignore(message, OldIsRevoked),
        _ when at.Promoted => Ignore(message, "the new credential is in use; use rollback"),
        _ => Stop(message, RotationState.Cancelled),
    };

    private static Judgement Resume(ControlMessage message, Situation at) => at.Place switch
    {
        Place.Stuck or Place.StuckAtGate or Place.StuckRollingBack or Place.StuckAtVersion or Place.Paused or Place.PausedRollingBack =>
            new Judgement(JudgementKind.Resume, message),
        _ => Ignore(message, "it is neither stuck nor paused"),
    };

    private static Judgement Pause(ControlMessage message, Situation at) => at.Place switch
    {
        Place.Slicing or Place.SlicingBack => new Judgement(JudgementKind.Pause, message),
        Place.Paused or Place.PausedRollingBack => Ignore(message, "it is paused already"),
        _ => Ignore(message, "only a step that is done in slices can be paused, and none is under way"),
    };

    private static Judgement SkipGrace(ControlMessage message, Situation at) => at.Place switch
    {
        Place.Grace or Place.Evidence or Place.StuckAtGate => new Judgement(JudgementKind.Skip, message),
        _ => Ignore(message, "it is not in its grace period"),
    };

    private static Judgement ExtendGrace(ControlMessage message, Situation at) =>
        at.Place != Place.Grace ? Ignore(message, "it is not in its grace period")
        : message.ExtendBy is not { } by || by <= TimeSpan.Zero || by > MaxExtension
            ? Ignore(message, $"say by how long: more than nothing, at most {MaxExtension.Days} days")
        : new Judgement(JudgementKind.Extend, message);

    private static Judgement Stop(ControlMessage message, RotationState end) => new(JudgementKind.Stop, message, End: end);

    private static Judgement Ignore(ControlMessage message, string why) => new(JudgementKind.Ignore, message, why);
}

/// <param name="Promoted">The new credential is the current one.</param>
/// <param name="Retired">A step that revokes or retires the old credential for good has been started: there is no way back.</param>
internal readonly record struct Situation(Place Place, bool Promoted, bool Retired, string RequestedBy);
