namespace Rotunda.Rotation.Planning;

/// <summary>Names of the step settings that the planner writes and the steps read.</summary>
public static class StepSettings
{
    /// <summary>With Deliver, ConfirmSync, VerifyConsumers: which credential is primary: <see cref="Old"/> or <see cref="New"/>.</summary>
    public const string Primary = "primary";

    /// <summary>As <see cref="Primary"/>, for the second key; left out when there is none.</summary>
    public const string Secondary = "secondary";

    public const string Old = "old";
    public const string New = "new";

    /// <summary>As <see cref="Secondary"/>: the newest pending credential of an earlier rotation; left out when there is none by
    /// then.</summary>
    public const string TakenOver = "taken-over";

    /// <summary>As <see cref="Secondary"/>, in a deliver run: the newest credential that was in use before the present one; left out when
    /// none is live.</summary>
    public const string Previous = "previous";

    /// <summary>
    /// "true" where a rotation that takes over levels what the one before it left half done. With Deliver: what stood at the
    /// target is not kept, as it may stop working. With Redeliver: the value in use is delivered, whatever stood there. With
    /// ReapplyOld: it is set again even if this rotation has set nothing.
    /// </summary>
    public const string Level = "level";

    /// <summary>With Hold: <see cref="Proceed"/> in an emergency, which goes on whatever it finds.</summary>
    public const string OnHold = "onHold";

    /// <summary>With Hold: "true" where the secret ends, so that its targets are of no account.</summary>
    public const string ClockOnly = "clockOnly";

    /// <summary>With Revoke of a deliver run that took a rotation over, "true": every credential but the one in use. With Evidence, "true":
    /// the one that was in use before it.</summary>
    public const string Others = "others";

    /// <summary>With RestoreRows on the way back: "true" where it is a last look, needed only if rows were put back before.</summary>
    public const string IfRestored = "ifRestored";

    /// <summary>
    /// "true" where what stands at the target cannot be read. With Deliver: nothing is kept of it. With Redeliver: the values
    /// that the settings name are delivered from the store.
    /// </summary>
    public const string Unreadable = "unreadable";

    /// <summary>With Redeliver, "true": what was found at the target is put back, whatever it was.</summary>
    public const string Found = "found";

    /// <summary>With Deliver, "true": nothing is delivered; what stands at the target is taken away.</summary>
    public const string Withdraw = "withdraw";

    /// <summary>With Revoke and Disable, "true": the secret ends, so every credential of it is revoked, the one in use too.</summary>
    public const string Retire = "retire";

    /// <summary>With Validate and Deliver of a target: <see cref="Stop"/> where what Rotunda did not put there may not be
    /// overwritten.</summary>
    public const string OnDrift = "onDrift";

    public const string Stop = "stop";

    /// <summary>With Generate, Apply and their undo: the account the value is for.</summary>
    public const string Account = "account";

    /// <summary>With Validate of a consumer: <see cref="Proceed"/> where the rotation goes on although it is down; left out where
    /// it is refused.</summary>
    public const string WhenDown = "whenDown";

    public const string Proceed = "proceed";

    public const string Duration = "duration";

    /// <summary>With Grace: <see cref="Here"/> where it counts from its own beginning; left out where from the promotion.</summary>
    public const string From = "from";

    public const string Here = "here";

    public const string QuietFor = "quietFor";

    /// <summary>With Validate: how long the rotation's own earlier check of the same part holds.</summary>
    public const string Within = "within";

    /// <summary>With Approval: what is asked for ("start" or "revoke").</summary>
    public const string ApproveWhat = "approve";

    /// <summary>With Approval: how many people have to approve; left out for one.</summary>
    public const string Need = "need";

    /// <summary>With Approval: whoever has one of these roles may approve, separated by commas.</summary>
    public const string FromRoles = "fromRoles";

    /// <summary>With Approval: who may approve, separated by commas.</summary>
    public const string FromPeople = "fromPeople";

    /// <summary>With Approval: how often those who have not answered are reminded.</summary>
    public const string Remind = "remind";

    /// <summary>With Approval, Ask and ConfirmRevoked: after how long without an answer others are told, too.</summary>
    public const string EscalateAfter = "escalateAfter";

    /// <summary>With <see cref="EscalateAfter"/>: the channels that they are told by, separated by commas.</summary>
    public const string EscalateTo = "escalateTo";

    /// <summary>With Approval: the id of an earlier step whose findings the person is shown; or several, separated by commas, the
    /// most important first.</summary>
    public const string Shows = "shows";

    /// <summary>With Approval, "true": the person is shown the plan's warnings too.</summary>
    public const string ShowsWarnings = "showsWarnings";

    /// <summary>With ScaleConsumers: <see cref="ToZero"/> or <see cref="Back"/>.</summary>
    public const string Scale = "scale";

    public const string ToZero = "zero";
    public const string Back = "back";

    /// <summary>With Ask: what to make.</summary>
    public const string AskCreate = "askCreate";

    /// <summary>With Ask and ConfirmRevoked: the page where it is done.</summary>
    public const string Link = "link";

    /// <summary>With Ask: who gets a one-time form by mail, separated by commas.</summary>
    public const string AskFrom = "askFrom";

    /// <summary>With Ask: what the credential has to be allowed to do, separated by commas.</summary>
    public const string AskScopes = "askScopes";

    /// <summary>With Ask: the name to give it.</summary>
    public const string AskName = "askName";

    /// <summary>With Ask: how long after its beginning the value is due.</summary>
    public const string AskDue = "askDue";

    /// <summary>With Ask and ConfirmRevoked: how often the person is reminded.</summary>
    public const string RemindEvery = "remindEvery";

    /// <summary>With Ask: after how long without a value the rotation ends.</summary>
    public const string AskExpires = "askExpires";

    /// <summary>With Ask: the value's shape (<see cref="Words.ValueShape"/>).</summary>
    public const string AskPrefix = "askPrefix";
    public const string AskPattern = "askPattern";
    public const string AskMinLength = "askMinLength";
    public const string AskMaxLength = "askMaxLength";
    public const string AskLineEnds = "askLineEnds";

    /// <summary>With Revoke, "true": what it cannot revoke is left to the step ConfirmRevoked.</summary>
    public const string Confirms = "confirms";

    /// <summary>With Evidence: "stuck" or "proceed" once the timeout is spent.</summary>
    public const string OnTimeout = "onTimeout";

    /// <summary>With Revoke of an emergency: revoked before the new value is made.</summary>
    public const string RevokeFirst = "revokeFirst";

    /// <summary>With Revoke of an in-place rotation, "true": the provider is not called, as applying the new value ended the old
    /// one.</summary>
    public const string InPlace = "inPlace";

    /// <summary>With Revoke, "true": the provider cannot revoke, so what remains is listed for a person.</summary>
    public const string ByHand = "byHand";

    /// <summary>
    /// With TakeOver and Apply: the ledger's id of the credential that was active when the plan was made. If another is active
    /// by now the plan was made for a state that is gone, and would write over the account in use. Left out when none was known.
    /// </summary>
    public const string ExpectedActive = "expectedActive";

    /// <summary>"true" on steps before the promotion that have no way back, because the old credential is dead: on failure stop
    /// and wait for a person. An undo that such a step has only takes back a refused value, so that another can be
    /// made.</summary>
    public const string ForwardOnly = "forwardOnly";
}
