using System.Reflection;
using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>The words a rotation's records use (<see cref="RecordInput.Action"/>). Audits hold them: never change one.</summary>
public static class RotationActions
{
    public const string Started = "rotation.started";

    /// <summary>Its orchestration was started anew where the ledger says it stood: on another head, or after a hub was lost.</summary>
    public const string CarriedOver = "rotation.carried-over";
    public const string ApprovalRequested = "approval.requested";
    public const string ApprovalGiven = "approval.given";
    public const string ApprovalRejected = "approval.rejected";
    public const string ApprovalTimedOut = "approval.timed-out";
    public const string GraceStarted = "grace.started";
    public const string GraceSkipped = "grace.skipped";
    public const string GraceExtended = "grace.extended";
    public const string GraceEnded = "grace.ended";
    public const string EvidenceSkipped = "evidence.skipped";

    /// <summary>The gate's time was up, and the policy says to go on all the same.</summary>
    public const string EvidenceTimedOut = "evidence.timed-out";

    /// <summary>What ends the old credential waits; the detail says what for.</summary>
    public const string HoldStarted = "hold.started";

    /// <summary>What it waited for is there.</summary>
    public const string HoldEnded = "hold.ended";

    /// <summary>A person let it go on all the same.</summary>
    public const string HoldSkipped = "hold.skipped";

    /// <summary>Systems that keep what they have read get time to read it again.</summary>
    public const string WaitStarted = "wait.started";
    public const string WaitEnded = "wait.ended";

    /// <summary>A person is asked for a value; the detail is what to make.</summary>
    public const string ValueRequested = "value.requested";

    /// <summary>The value that was given is refused by its system, and asked for again.</summary>
    public const string ValueRefused = "value.refused";

    /// <summary>It is still waited for.</summary>
    public const string ValueReminded = "value.reminded";

    /// <summary>The value that was given is accepted.</summary>
    public const string ValueAccepted = "value.accepted";

    /// <summary>Nobody gave a value in time.</summary>
    public const string ValueExpired = "value.expired";

    /// <summary>A person is asked to end what no API could revoke.</summary>
    public const string RevokeRequested = "revoke.requested";

    /// <summary>A person says that it is ended.</summary>
    public const string RevokeConfirmed = "revoke.confirmed";

    /// <summary>It is ended, or a person has said so; or nothing of it was left.</summary>
    public const string RevokeSettled = "revoke.settled";

    public const string RevokeReminded = "revoke.reminded";

    /// <summary>A person let the rotation end all the same: what is left is listed as an orphan.</summary>
    public const string RevokeLeft = "revoke.left";

    /// <summary>A value could not be used: the steps back to its making are undone, then another is made.</summary>
    public const string ValueReplaced = "value.replaced";
    public const string RollbackStarted = "rollback.started";
    public const string UndoDone = "undo.done";
    public const string Stuck = "rotation.stuck";
    public const string Resumed = "rotation.resumed";

    /// <summary>A person halted a step that is done in slices.</summary>
    public const string Paused = "rotation.paused";

    /// <summary>A message that had no effect where the rotation was; the detail says why.</summary>
    public const string ControlIgnored = "control.ignored";

    public const string Succeeded = "rotation.succeeded";
    public const string RolledBack = "rotation.rolled-back";
    public const string Rejected = "rotation.rejected";
    public const string Cancelled = "rotation.cancelled";
    public const string Superseded = "rotation.superseded";

    /// <summary>Every action that is declared here; none can be left out, for the ledger finds a rotation's records by this list.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. typeof(RotationActions).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!),
    ];

    /// <summary>The verb as people type it, and as the audit has it behind "control.".</summary>
    public static string NameOf(ControlVerb verb) => ControlRules.NameOf(verb);

    /// <summary>The action that records the end in <paramref name="state"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The state is not final.</exception>
    public static string Of(RotationState state) => state switch
    {
        RotationState.Succeeded => Succeeded,
        RotationState.RolledBack => RolledBack,
        RotationState.Rejected => Rejected,
        RotationState.Cancelled => Cancelled,
        RotationState.Superseded => Superseded,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Not a final state."),
    };
}
