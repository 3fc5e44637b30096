namespace Rotunda.Rotation.Planning;

/// <summary>
/// The kinds of steps a plan is made of. Each but <see cref="Approval"/>, <see cref="Grace"/> and <see cref="Wait"/> is also the
/// name of the activity that runs it. Histories and stored plans hold these names: never change one.
/// </summary>
public static class StepKinds
{
    /// <summary>Everything that can be checked before anything is touched: references resolve, systems answer, store and targets
    /// are writable.</summary>
    public const string Validate = "Validate";

    /// <summary>Waits until the superseded rotation has stopped and puts its credentials, or what an earlier one left half done,
    /// on this one's account.</summary>
    public const string TakeOver = "TakeOver";

    /// <summary>Waits for a person. Run by the interpreter itself.</summary>
    public const string Approval = "Approval";

    /// <summary>Makes a value by the policy's rule and stores it as pending.</summary>
    public const string Generate = "Generate";

    /// <summary>Has the provider mint a credential and stores its value as pending. Looks for an earlier attempt's by label
    /// first.</summary>
    public const string Issue = "Issue";

    /// <summary>Sets the pending value at the provider, for the account in setting <see cref="StepSettings.Account"/>.</summary>
    public const string Apply = "Apply";

    /// <summary>Proves that the new credential authenticates, or with <see cref="StepSettings.Primary"/> old the one in use.</summary>
    public const string Verify = "Verify";

    /// <summary>Writes values to one target; which, say the settings <see cref="StepSettings.Primary"/> and
    /// <see cref="StepSettings.Secondary"/>.</summary>
    public const string Deliver = "Deliver";

    /// <summary>Waits until what was delivered is there.</summary>
    public const string ConfirmSync = "ConfirmSync";

    public const string RestartConsumers = "RestartConsumers";

    public const string VerifyConsumers = "VerifyConsumers";

    /// <summary>Makes the new version current in the store and the ledger. Before it, a failed step undoes everything.</summary>
    public const string Promote = "Promote";

    /// <summary>The grace period, or the time of a trial cut-off: a durable timer, run by the interpreter itself. Settings
    /// <see cref="StepSettings.Duration"/> and <see cref="StepSettings.From"/>.</summary>
    public const string Grace = "Grace";

    /// <summary>The gate: nothing used the old credential for the setting <see cref="StepSettings.QuietFor"/>.</summary>
    public const string Evidence = "Evidence";

    /// <summary>
    /// Looks whether the old credential may end now: every target of the catalog in force has the new value, the clock is believed, and
    /// the grace period was not cut short by a jump of the clock. With <see cref="StepSettings.OnHold"/> proceed it only says what it
    /// found.
    /// </summary>
    public const string Hold = "Hold";

    /// <summary>A durable pause before the promotion, run by the interpreter itself. Setting <see cref="StepSettings.Duration"/>.</summary>
    public const string Wait = "Wait";

    /// <summary>Puts the ids on record, then revokes every credential of the secret that may be live except the new one.</summary>
    public const string Revoke = "Revoke";

    /// <summary>A trial cut-off: what Revoke would end at the provider stops working, in a way that can be taken back.</summary>
    public const string Disable = "Disable";

    /// <summary>
    /// Waits until a person has given a value that its system accepts. The gate is the interpreter's; the activity looks whether a value
    /// is there and tries it. Settings: the names that begin with "ask", and <see cref="StepSettings.Link"/>.
    /// </summary>
    public const string Ask = "Ask";

    /// <summary>
    /// Waits until what no API could revoke has ended: a person ends it and says so. The gate is the interpreter's; the activity tries
    /// the old value where it can, and has nothing to wait for where all is revoked.
    /// </summary>
    public const string ConfirmRevoked = "ConfirmRevoked";

    /// <summary>Closes the books: the rotation succeeded.</summary>
    public const string Finish = "Finish";

    // Of stored data under a key. All but Preflight may say Continue, and are then run again at once.

    /// <summary>Looks whether the stored data can be moved to another key: rights, space, counts, a sample. Writes nothing.</summary>
    public const string Preflight = "Preflight";

    /// <summary>Opens everything with the old key, seals it with a key made for this, and opens it again, in memory. Writes
    /// nothing.</summary>
    public const string Rehearse = "Rehearse";

    /// <summary>Keeps what is stored now, as it is, aside.</summary>
    public const string Backup = "Backup";

    /// <summary>Moves everything that is stored from the old key to the new one.</summary>
    public const string Migrate = "Migrate";

    /// <summary>Opens everything that is stored with the new key alone. What was written meanwhile with the old one is moved
    /// first.</summary>
    public const string VerifyRows = "VerifyRows";

    /// <summary>Stops consumers, or starts as many as before; which, says the setting <see cref="StepSettings.Scale"/>. Also an
    /// undo kind.</summary>
    public const string ScaleConsumers = "ScaleConsumers";

    /// <summary>Forgets what <see cref="Backup"/> kept. Also the undo of Backup.</summary>
    public const string DropBackup = "DropBackup";

    /// <summary>Moves everything that is stored back under the old key: from what was kept where nobody has changed it since, else by
    /// sealing it again. Also the undo of Migrate.</summary>
    public const string RestoreRows = "RestoreRows";

    // Undo kinds.

    /// <summary>Undo of Generate and Issue: forgets the pending value once the credential is revoked or was never made.</summary>
    public const string DiscardPending = "DiscardPending";

    /// <summary>Undo of Issue, and of Apply on an idle account: the new credential stops working.</summary>
    public const string RevokeNew = "RevokeNew";

    /// <summary>Undo of Apply in place: the old value works again.</summary>
    public const string ReapplyOld = "ReapplyOld";

    /// <summary>Undo of Deliver: what stood at the target before stands there again.</summary>
    public const string Redeliver = "Redeliver";

    /// <summary>Undo of Promote: the old version is current again.</summary>
    public const string Unpromote = "Unpromote";

    /// <summary>Undo of Disable: what it disabled works again.</summary>
    public const string Enable = "Enable";

    // Bookkeeping of the interpreter, not a step of a plan.

    /// <summary>Writes a change of state to the ledger.</summary>
    public const string Record = "Record";

    /// <summary>Every name that must have an activity in every head.</summary>
    public static IReadOnlyList<string> Activities { get; } =
    [
        Validate, TakeOver, Generate, Issue, Apply, Verify, Deliver, ConfirmSync, RestartConsumers, VerifyConsumers,
        Promote, Evidence, Revoke, Finish, DiscardPending, RevokeNew, ReapplyOld, Redeliver, Unpromote, Record,
        Preflight, Rehearse, Backup, Migrate, VerifyRows, ScaleConsumers, DropBackup, RestoreRows, Disable, Enable, Hold,
        Ask, ConfirmRevoked,
    ];

    /// <summary>True for a kind that may take hours and is done in slices: it says Continue, and is run again.</summary>
    public static bool IsSliced(string kind) => kind is Rehearse or Backup or Migrate or VerifyRows or RestoreRows;

    /// <summary>True for a kind whose gate waits for what a person does outside.</summary>
    public static bool IsPersons(string kind) => kind is Ask or ConfirmRevoked;
}
