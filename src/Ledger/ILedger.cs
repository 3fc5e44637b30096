using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Ledger;

/// <summary>
/// The book of what was intended and what happened. Every method is one transaction, durable when it returns, and appends
/// its audit rows in that same transaction. Safe to call from many threads. Holds no secret value.
/// </summary>
/// <remarks>
/// Fencing: a method that takes a rotation's id on behalf of a step throws <see cref="FencedException"/> when that rotation is no
/// longer its secret's newest one (or has ended), except where it only records what has happened already.
/// </remarks>
public interface ILedger : ICampaignLedger, IClockLedger, ICredentialLedger, IPauseLedger, IPeopleLedger
{
    // Secrets

    /// <summary>First sight of a secret: makes its row and salt, and its active credential if anything is known of it. A known
    /// secret is left as it is.</summary>
    /// <returns>The secret's row, and whether it was new.</returns>
    Task<(SecretRecord Secret, bool IsNew)> AdoptAsync(AdoptSecret adopt, CancellationToken cancellationToken);

    /// <summary>
    /// What was believed of the credential in use was wrong, or was changed outside: what is told now takes its place. On the same account
    /// the old record ends as revoked (a new value replaces it); otherwise it becomes an orphan that a person looks at.
    /// </summary>
    /// <param name="reason">Why, in the person's words.</param>
    /// <returns>False, and nothing changed, for an unknown secret or while a rotation of it is open.</returns>
    Task<bool> CorrectAsync(AdoptSecret adopt, string reason, CancellationToken cancellationToken);

    Task<SecretRecord?> GetSecretAsync(string name, CancellationToken cancellationToken);

    /// <summary>All of them, by name. What has not changed since the last call is not read again.</summary>
    Task<IReadOnlyList<SecretRecord>> ListSecretsAsync(CancellationToken cancellationToken);

    /// <summary>As <see cref="ListSecretsAsync"/>, by name.</summary>
    Task<SecretDictionary> SecretsByNameAsync(CancellationToken cancellationToken);

    /// <summary>Their names alone: that is cheap, whatever has changed.</summary>
    Task<IReadOnlyCollection<string>> ListNamesAsync(CancellationToken cancellationToken);

    /// <summary>The intervals of the secrets' policies, for <c>next_rotation</c> in the view. Told at each catalog load. The same again
    /// changes nothing; cut off, some of them are told.</summary>
    Task SetIntervalsAsync(IReadOnlyCollection<SecretInterval> intervals, CancellationToken cancellationToken);

    /// <summary>What the planner needs; null for an unknown secret.</summary>
    Task<SecretSnapshot?> GetSnapshotAsync(string name, CancellationToken cancellationToken);

    /// <summary>Keeps the policies that secrets are rotated by, as JSON: what is needed once they have left the catalog. Told at each
    /// catalog load. The same again changes nothing; cut off, some of them are kept.</summary>
    Task SetPoliciesAsync(IReadOnlyCollection<(string Name, string Policy)> policies, CancellationToken cancellationToken);

    /// <summary>Which catalog's policies are all kept, by a name that its keeper gave it; empty or null while nobody knows.</summary>
    Task<string?> GetKeptCatalogAsync(CancellationToken cancellationToken);

    /// <param name="catalog">Empty before the first policy of another catalog is told, so that nobody takes a half for the whole.</param>
    Task SetKeptCatalogAsync(string catalog, CancellationToken cancellationToken);

    /// <summary>As <see cref="SetPoliciesAsync"/> kept it; null if it never did.</summary>
    Task<string?> GetPolicyAsync(string name, CancellationToken cancellationToken);

    /// <summary>The secret goes on under another name: its salt, numbers, credentials and rotations, which keep their ids.</summary>
    /// <param name="value">Where the active value is under the new name; null to leave it where it is.</param>
    /// <exception cref="InvalidOperationException">The new name is known already, or a rotation is open.</exception>
    Task RenameAsync(string name, string to, string actor, SecretRef? value, CancellationToken cancellationToken);

    /// <summary>A person takes care of all of the secret's live credentials from now on.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="InvalidOperationException">A rotation is open.</exception>
    Task<int> HandOverAsync(string name, string actor, string reason, CancellationToken cancellationToken);

    /// <summary>Keeps what a look at the secret's targets and provider found, in the place of the one before.</summary>
    Task RecordDriftAsync(string name, DriftReport report, CancellationToken cancellationToken);

    // Rotations

    /// <summary>
    /// Reserves the plan's number and writes the rotation with its plan (state planned). At most one rotation of a secret
    /// is open; an emergency (<paramref name="supersede"/>) ends the open one as superseded in the same transaction and fences it off.
    /// A start key that was used before gives back the rotation it started.
    /// </summary>
    /// <param name="startKey">Idempotency key, unique per secret: "schedule:2026-…", or the client's own; null for none.</param>
    Task<StartResult> TryStartAsync(RotationPlan plan, string? startKey, bool supersede, CancellationToken cancellationToken);

    /// <summary>As the other, and at most as many of a group are under way as may be, however many start at once.</summary>
    /// <param name="group">Null where it is in none, or goes ahead of its group.</param>
    Task<StartResult> TryStartAsync(
        RotationPlan plan, string? startKey, bool supersede, GroupLimit? group, CancellationToken cancellationToken);

    Task<RotationRecord?> GetRotationAsync(string rotationId, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<RotationRecord>> ListRotationsAsync(RotationFilter filter, CancellationToken cancellationToken);

    /// <summary>Writes a change of state. Idempotent by (rotation, sequence). A superseded rotation keeps that state.</summary>
    Task RecordStateAsync(RecordInput input, CancellationToken cancellationToken);

    // Steps

    /// <summary>The intent of one attempt of a step, before anything outside is touched.</summary>
    /// <exception cref="FencedException">Another rotation has taken over.</exception>
    Task BeginStepAsync(StepInput input, CancellationToken cancellationToken);

    /// <summary>What came of it. Never fenced: it records what has happened already.</summary>
    Task EndStepAsync(StepInput input, StepOutcome outcome, CancellationToken cancellationToken);

    /// <summary>The newest ends of the step's attempts (undos not counted), newest first; empty if it never ended one.</summary>
    Task<IReadOnlyList<StepDetail>> ListOutcomesAsync(string rotationId, string stepId, int limit, CancellationToken cancellationToken);

    // Captures: what stood at a target before a rotation's first delivery

    Task<CaptureRecord?> GetCaptureAsync(string rotationId, string target, CancellationToken cancellationToken);

    /// <summary>Kept once per rotation and target; a later one is ignored.</summary>
    Task RecordCaptureAsync(CaptureRecord capture, CancellationToken cancellationToken);

    /// <summary>True if an earlier rotation that made its value current has delivered to the target, which can be read.</summary>
    Task<bool> HasDeliveredAsync(string secret, string target, int beforeNumber, CancellationToken cancellationToken);

    Task<IReadOnlyList<CaptureRecord>> ListCapturesAsync(string rotationId, CancellationToken cancellationToken);

    // Audit

    /// <summary>Appends one row on behalf of a person or of the system (logins, tokens, refused requests).</summary>
    Task AuditAsync(AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>The sequence number of the audit's newest row; 0 if there is none.</summary>
    Task<long> LastAuditAsync(CancellationToken cancellationToken);

    /// <summary>Oldest first, from a sequence number on; or newest first, from before one.</summary>
    Task<IReadOnlyList<AuditRow>> ReadAuditAsync(AuditFilter filter, CancellationToken cancellationToken);

    /// <summary>All rows of one rotation, oldest first, however many there are. What was read of it before is not read again.</summary>
    Task<IReadOnlyList<AuditRow>> ReadRotationAsync(string rotationId, CancellationToken cancellationToken);

    /// <summary>The newest row of a notice; null if there is none.</summary>
    /// <param name="secret">Null for one that is about no secret.</param>
    /// <param name="action">One that begins with "notice.".</param>
    /// <param name="key">What its detail begins with; empty for any.</param>
    Task<AuditRow?> LastNoticeAsync(string? secret, string action, string key, CancellationToken cancellationToken);

    /// <summary>Recomputes the chain from the first row.</summary>
    Task<AuditVerification> VerifyAuditAsync(CancellationToken cancellationToken);

    /// <summary>Throws with what to do if the ledger cannot be written now.</summary>
    Task CheckAsync(CancellationToken cancellationToken);
}

/// <summary>The rotation is not its secret's newest any more: stop, undo nothing.</summary>
public sealed class FencedException(string rotationId, string why) : Exception($"Rotation '{rotationId}' is fenced off: {why}");

/// <param name="Current">The credential in use, if anything is known of it.</param>
public sealed record AdoptSecret(string Name, string Actor, AdoptedCredential? Current);

/// <summary>What is known of the credential in use at adoption.</summary>
/// <param name="Salt">The salt its fingerprint was made with; the secret gets it.</param>
public sealed record AdoptedCredential(string? ProviderCredentialId, string? Account, string? Fingerprint, SecretRef? Value, string? Salt)
{
    /// <summary>When it ends by itself; null if it does not, or nothing tells.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <param name="Interval">Null for another rule, or on request only.</param>
/// <param name="RenewBefore">How long before the end of the credential in use; null for what is usual.</param>
public sealed record SecretInterval(string Name, TimeSpan? Interval, TimeSpan? RenewBefore);

public enum StartKind
{
    Started,
    /// <summary>The start key was used before.</summary>
    Existing,
    /// <summary>Another rotation of the secret is open.</summary>
    Conflict,
    /// <summary>So many others of its group are under way as may be.</summary>
    GroupFull,
    /// <summary>The plan's number is taken: make the plan again from a fresh snapshot.</summary>
    StalePlan,
}

/// <param name="RotationId">The started, existing or conflicting rotation; with <see cref="StartKind.GroupFull"/> one of its group.</param>
/// <param name="SupersededId">With supersede: the rotation that was ended.</param>
public sealed record StartResult(StartKind Kind, string RotationId, string? SupersededId);

public sealed record RotationRecord(
    string Id,
    string Secret,
    int Number,
    RotationState State,
    RotationTrigger Trigger,
    string Reason,
    string RequestedBy,
    string? Incident,
    RotationPlan Plan,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt,
    string? Detail,
    DateTimeOffset? Until)
{
    /// <summary>Since when its new credential is in use; null before, and of a run that makes none.</summary>
    public DateTimeOffset? PromotedAt { get; init; }
}

public sealed record RotationFilter(
    string? Secret = null,
    IReadOnlyList<RotationState>? States = null,
    bool OpenOnly = false,
    int Limit = 100)
{
    /// <summary>Only those that were started like this; null for all.</summary>
    public RotationTrigger? Trigger { get; init; }

    /// <summary>Only those of this incident; null for all.</summary>
    public string? Incident { get; init; }

    /// <summary>Only that of this number, with <see cref="Secret"/>; null for all.</summary>
    public int? Number { get; init; }

    /// <summary>Only those of secrets whose name comes behind this one, by name; null for all, newest first.</summary>
    public string? AfterSecret { get; init; }
}

/// <summary>An orphan's handle, where the ledger has no row for it yet.</summary>
public sealed record CredentialHandleNote(string? ProviderCredentialId, string? Account, string? Label);

/// <param name="Value">Null: nothing stood there.</param>
/// <param name="FromStore">What stood there was not the value in use: the way back delivers that one from the store.</param>
public sealed record CaptureRecord(string RotationId, string Target, SecretRef? Value, bool FromStore = false);

/// <param name="Action">A stable word: "token.created", "rotation.requested", "step.done".</param>
public sealed record AuditEntry(string Actor, string Action, string? Secret, string? RotationId, string? StepId, string? Detail);
