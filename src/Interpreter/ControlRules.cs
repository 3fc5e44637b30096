using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>
/// Control rules say what each verb does at each point. Pure; docs/rotation-states.md is checked against them, and the
/// status takes its next action from them.
/// </summary>
internal static class ControlRules
{
    public const string OldIsRevoked = "the old credential is revoked; start a new rotation";
    public static readonly TimeSpan MaxExtension = TimeSpan.FromDays(366);

    public static IReadOnlyList<ControlVerb> Verbs { get; } =
    [
        ControlVerb.Provide, ControlVerb.Confirm, ControlVerb.Approve, ControlVerb.Reject, ControlVerb.Resume,
        ControlVerb.SkipGrace, ControlVerb.ExtendGrace,
        ControlVerb.Rollback, ControlVerb.Cancel, ControlVerb.Supersede, ControlVerb.Pause,
    ];

    public static ControlEffect Judge(ControlMessage message, Situation at) => message.Verb switch
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
        ControlVerb.Provide => at.Point == ControlPoint.Value
            ? new ControlEffect(ControlEffectKind.Look, message) : Ignore(message, "no value is asked for"),
        ControlVerb.Confirm => at.Point == ControlPoint.OldEnds
            ? new ControlEffect(ControlEffectKind.Look, message) : Ignore(message, "nobody was asked to end the old credential"),
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
        ControlVerb.Provide => "provide",
        ControlVerb.Confirm => "confirm",
        _ => "a message",
    };

    /// <summary>The whole command, as it is typed.</summary>
    /// <param name="skips">With skip-grace: the step to name; null where it is the one that goes without saying.</param>
    public static string CommandOf(ControlVerb verb, string rotationId, string? skips = null)
    {
        var more = verb switch
        {
            ControlVerb.ExtendGrace => " --by 2h",
            ControlVerb.SkipGrace when skips is not null => $" --step {skips}",
            _ => "",
        };
        var why = verb == ControlVerb.Provide ? "" : " --reason WHY";
        return $"rotunda {NameOf(verb)} {rotationId}{more}{why}";
    }

    /// <summary>The way out where no verb helps: an emergency takes the rotation's credentials over.</summary>
    public static string EmergencyOf(string secret) => $"rotunda rotate {secret} --emergency --incident REF";

    private static ControlEffect Approve(ControlMessage message, Situation at)
    {
        if (at.Point != ControlPoint.Approval)
        {
            return Ignore(message, "no approval is awaited");
        }

        return IsForAnother(message, at) is { } another ? another
            : Actors.IsSame(message.By, at.RequestedBy)
            ? Ignore(message, "who requested the rotation may not approve it")
            : new ControlEffect(ControlEffectKind.Approve, message);
    }

    private static ControlEffect Reject(ControlMessage message, Situation at) =>
        at.Point != ControlPoint.Approval ? Ignore(message, "no approval is awaited")
        : at.OldIsGoing ? Ignore(message, OldIsRevoked)
        : Stop(message, RotationState.Rejected);

    private static ControlEffect Rollback(ControlMessage message, Situation at) => at.Point switch
    {
        ControlPoint.RollingBack or ControlPoint.SlicingBack => Ignore(message, "it is rolling back already"),
        ControlPoint.StuckRollingBack or ControlPoint.PausedRollingBack => new ControlEffect(ControlEffectKind.Resume, message),
        _ when at.OldIsGoing => Ignore(message, OldIsRevoked),
        _ => Stop(message, RotationState.RolledBack),
    };

    private static ControlEffect Cancel(ControlMessage message, Situation at) => at.Point switch
    {
        ControlPoint.RollingBack or ControlPoint.SlicingBack => Ignore(message, "it is rolling back already"),
        ControlPoint.StuckRollingBack or ControlPoint.PausedRollingBack => Ignore(message, "it is rolling back already; use resume"),
        _ when at.OldIsGoing => Ignore(message, OldIsRevoked),
        _ when at.Promoted => Ignore(message, "the new credential is in use; use rollback"),
        _ => Stop(message, RotationState.Cancelled),
    };

    private static ControlEffect Resume(ControlMessage message, Situation at) => at.Point switch
    {
        ControlPoint.Stuck or ControlPoint.StuckAtGate or ControlPoint.StuckRollingBack or ControlPoint.StuckAtVersion
            or ControlPoint.Paused or ControlPoint.PausedRollingBack =>
            new ControlEffect(ControlEffectKind.Resume, message),
        _ => Ignore(message, "it is neither stuck nor paused"),
    };

    private static ControlEffect Pause(ControlMessage message, Situation at) => at.Point switch
    {
        ControlPoint.Slicing or ControlPoint.SlicingBack => new ControlEffect(ControlEffectKind.Pause, message),
        ControlPoint.Paused or ControlPoint.PausedRollingBack => Ignore(message, "it is paused already"),
        _ => Ignore(message, "only a step that is done in slices can be paused, and none is under way"),
    };

    private static ControlEffect SkipGrace(ControlMessage message, Situation at) => at.Point switch
    {
        ControlPoint.Grace or ControlPoint.Evidence or ControlPoint.Hold or ControlPoint.StuckAtGate or ControlPoint.OldEnds =>
            IsForAnother(message, at) ?? new ControlEffect(ControlEffectKind.Skip, message),
        _ => Ignore(message, "it is not in its grace period"),
    };

    private static ControlEffect ExtendGrace(ControlMessage message, Situation at) =>
        at.Point != ControlPoint.Grace ? Ignore(message, "it is not in its grace period")
        : message.ExtendBy is not { } by || by <= TimeSpan.Zero || by > MaxExtension
            ? Ignore(message, $"say by how long: more than nothing, at most {MaxExtension.Days} days")
        : new ControlEffect(ControlEffectKind.Extend, message);

    /// <summary>A message that names a step is for that one alone: the second of two that were one click does not reach the next.</summary>
    private static ControlEffect? IsForAnother(ControlMessage message, Situation at) =>
        message.Step is { } step && step != at.StepId
            ? Ignore(message, $"it is for step {step}, and the rotation is at {at.StepId}")
            : null;

    private static ControlEffect Stop(ControlMessage message, RotationState end) => new(ControlEffectKind.Stop, message, End: end);

    private static ControlEffect Ignore(ControlMessage message, string why) => new(ControlEffectKind.Ignore, message, why);
}

/// <summary>A situation is all that the effect of a verb depends on.</summary>
/// <param name="Point">Where the rotation is.</param>
/// <param name="Promoted">The new credential is the current one.</param>
/// <param name="OldIsGoing">A step that revokes or retires the old credential for good has been started: there is no way back.</param>
/// <param name="StepId">The step that it is at.</param>
internal readonly record struct Situation(ControlPoint Point, bool Promoted, bool OldIsGoing, string RequestedBy, string? StepId = null);
