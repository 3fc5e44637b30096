using Rotunda.Activities.Stores;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Providers;

/// <summary>
/// One system. An implementation is stateless and safe to call from many threads; it also implements the ability
/// interfaces that its descriptor names, and a test fails where the two differ.
/// </summary>
/// <remarks>
/// Common contract of all ability methods. Called by steps only, inside one activity, possibly again after a crash or a lost
/// reply: each call is repeatable. They return outcomes for what the system said and throw only for what they cannot
/// explain (the caller turns that into Unknown). Methods whose answer is no outcome throw <see cref="OutcomeException"/> with
/// the outcome that says what went wrong. No reason, fact or exception message ever holds a secret value.
/// </remarks>
public interface IProvider
{
    ProviderDescriptor Descriptor { get; }
}

/// <summary>Everything an ability method gets besides its own arguments.</summary>
/// <param name="Settings">The binding's settings, references resolved on demand.</param>
/// <param name="Attempt">1 for the first. Later ones look before they act where acting twice would do harm.</param>
/// <param name="Time">The clock.</param>
public sealed record ProviderCall(ProviderSettings Settings, string Secret, string RotationId, int Number, int Attempt, TimeProvider Time)
{
    /// <summary>The plan's id of the step (or of the undo) that calls: all attempts of it have the same, other steps of the rotation another.</summary>
    public string Step { get; init; } = "";

    /// <summary>When the step (or the undo) was begun first, of all its attempts since something was last delivered: what they have done
    /// need not be done again. Null where nobody tells. Told to <see cref="IRestartConsumers"/>.</summary>
    public DateTimeOffset? Began { get; init; }

    /// <summary>The name of the target, or of the consumer, in the catalog; null where there is none.</summary>
    public string? Target { get; init; }

    /// <summary>With <see cref="IConfirmSync"/> and <see cref="IDeliverValues.RestoreAsync"/>: the facts of the last delivery to this target in
    /// this rotation, on the way there or back, as <see cref="IDeliverValues"/> told them. They are in the ledger, so what was started
    /// there can be followed after a restart too.</summary>
    public IReadOnlyDictionary<string, string> Delivery { get; init; } = new Dictionary<string, string>();

    /// <summary>With <see cref="IDeliverValues.DeliverAsync"/>: the attempts to deliver to this target before this one, in this rotation and the few
    /// before it, on the way there or back, the newest first. What they started there may still be under way.</summary>
    public Func<CancellationToken, Task<IReadOnlyList<EarlierDelivery>>> EarlierDeliveries { get; init; } = _ => Task.FromResult<IReadOnlyList<EarlierDelivery>>([]);

    /// <summary>The secret's salt, as in <see cref="DeliveredValues"/>: what two providers derive from it and a value is the same. Null in tests of one provider alone.</summary>
    public string? SecretSalt { get; init; }
}

/// <summary>An attempt to deliver to the same target.</summary>
/// <param name="EndedAt">Null: its end is not on record (the process died).</param>
/// <param name="IsSettled">What came of it is known: its facts tell, or nothing happened. Else it may have done anything.</param>
/// <param name="Facts">As it told them; empty for one that did not succeed.</param>
public sealed record EarlierDelivery(DateTimeOffset BeganAt, DateTimeOffset? EndedAt, bool IsSettled, IReadOnlyDictionary<string, string> Facts);

/// <summary>A credential as a provider is told of it.</summary>
/// <param name="Id">The provider's own id (key id, role name), if known.</param>
/// <param name="Account">The account, where there are several.</param>
/// <param name="Label">Rotunda's label, if it was minted by a rotation.</param>
public sealed record CredentialHandle(string? Id, string? Account, string? Label);

/// <summary>Ability IssueCredentials.</summary>
public interface IIssueCredentials
{
    /// <summary>Mints a credential labelled with the request's label. The caller has recorded the intent and, on a later attempt,
    /// has looked for the label with <see cref="IListCredentials"/> and revoked or listed what it found.</summary>
    Task<IssueResult> IssueAsync(ProviderCall call, IssueRequest request, CancellationToken cancellationToken);
}

public sealed record IssueRequest(string Label, CredentialHandle? Previous);

/// <summary>The outcome, and with Done the credential. The caller disposes the value.</summary>
public sealed record IssueResult(StepOutcome Outcome, CredentialHandle? Credential = null, SecretValue? Value = null);

/// <summary>Ability ApplyValues.</summary>
public interface IApplyValues
{
    /// <summary>Makes the account authenticate with the value (and, on one account, the old value no longer). Setting the same value again is harmless.</summary>
    /// <param name="currentValue">The account's value until now, where the system wants it and it is known.</param>
    Task<StepOutcome> ApplyAsync(ProviderCall call, CredentialHandle credential, SecretValue value, SecretValue? currentValue, CancellationToken cancellationToken);
}

public enum Validity
{
    Valid,
    Invalid,
    /// <summary>The system could not be asked, or its answer does not tell.</summary>
    CannotTell,
}

/// <param name="Detail">For people, without the value.</param>
/// <param name="RetryAfter">With CannotTell: how long the system asks to wait; null if it does not.</param>
public sealed record Verification(Validity Validity, string? Detail = null, TimeSpan? RetryAfter = null);

/// <summary>Ability VerifyCredentials.</summary>
public interface IVerifyCredentials
{
    /// <summary>Authenticates afresh (no pooled connection, no cached token) with the value.</summary>
    Task<Verification> VerifyAsync(ProviderCall call, CredentialHandle credential, SecretValue value, CancellationToken cancellationToken);
}

/// <summary>Ability RevokeCredentials.</summary>
public interface IRevokeCredentials
{
    /// <summary>Makes the credential stop working. One that is gone already is AlreadyDone. Its id is in the ledger before this is called.</summary>
    Task<StepOutcome> RevokeAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken);
}

public sealed record ListedCredential(CredentialHandle Handle, DateTimeOffset? CreatedAt, DateTimeOffset? LastUsedAt);

/// <summary>Ability ListCredentials: finds what a lost reply left behind, and orphans.</summary>
public interface IListCredentials
{
    /// <summary>All credentials of the binding whose label starts with the prefix; all pages.</summary>
    /// <exception cref="OutcomeException">They cannot be listed now.</exception>
    Task<IReadOnlyList<ListedCredential>> ListAsync(ProviderCall call, string labelPrefix, CancellationToken cancellationToken);
}

public enum Use
{
    NotUsed,
    InUse,
    CannotTell,
}

/// <param name="LastUsedAt">If the system tells.</param>
/// <param name="RetryAfter">With CannotTell: how long the system asks to wait; null if it does not.</param>
public sealed record UseReport(Use Use, string Detail, DateTimeOffset? LastUsedAt = null, TimeSpan? RetryAfter = null);

/// <summary>Ability ReportUse: evidence that consumers moved.</summary>
public interface IReportUse
{
    Task<UseReport> ReportUseAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken);
}

/// <summary>One credential as a target's templates see it.</summary>
public sealed record DeliveredCredential(SecretValue Value, string? Username, string Fingerprint);

/// <summary>What is to stand at a target. Disposed by the caller.</summary>
/// <param name="Secondary">Null where the strategy has one value.</param>
/// <param name="Salt">The salt of the fingerprints, for consumers that report theirs.</param>
public sealed record DeliveredValues(DeliveredCredential Primary, DeliveredCredential? Secondary, string Salt);

/// <summary>Ability DeliverValues: a target.</summary>
public interface IDeliverValues
{
    /// <summary>What stands there now in the places this binding owns, as one opaque value that <see cref="RestoreAsync"/> takes;
    /// null if nothing does. Kept in the secret store before the first delivery of a rotation. Not called where nothing can be read
    /// (<see cref="ProviderDescriptor.IsWriteOnly"/>).</summary>
    /// <exception cref="OutcomeException">It cannot be read now.</exception>
    Task<SecretValue?> CaptureAsync(ProviderCall call, CancellationToken cancellationToken);

    /// <summary>Puts the values there. Readers see the old or the new, never a mixture. The same again is AlreadyDone.</summary>
    Task<StepOutcome> DeliverAsync(ProviderCall call, DeliveredValues values, CancellationToken cancellationToken);

    /// <summary>Puts back what was captured (null: takes away what this binding owns) and leaves everything else there as it is.</summary>
    Task<StepOutcome> RestoreAsync(ProviderCall call, SecretValue? captured, CancellationToken cancellationToken);
}

/// <summary>Ability ConfirmSync: of a target.</summary>
public interface IConfirmSync
{
    /// <summary>Done once the values are where consumers read them; RetryLater with what was seen last while they are not.</summary>
    Task<StepOutcome> ConfirmAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken);
}

/// <summary>Ability RestartConsumers.</summary>
public interface IRestartConsumers
{
    /// <summary>Makes the consumers read their credentials again. Once too often is harmless.</summary>
    Task<StepOutcome> RestartAsync(ProviderCall call, CancellationToken cancellationToken);
}

/// <summary>Fingerprints only: what consumers are expected to use.</summary>
public sealed record ExpectedFingerprints(string Primary, string? Secondary);

/// <summary>Ability CheckConsumers.</summary>
public interface ICheckConsumers
{
    /// <summary>Done if every consumer is healthy and, where it tells, uses what is expected; RetryLater while it may still
    /// get there; Rejected if it says that it cannot work with the value.</summary>
    Task<StepOutcome> CheckAsync(ProviderCall call, ExpectedFingerprints expected, CancellationToken cancellationToken);
}

/// <summary>Ability StoreSecrets: a place that keeps values.</summary>
public interface IOpenStores
{
    /// <summary>The store that these settings describe. Reaches nothing yet, and is cheap: steps open one for each use.</summary>
    /// <param name="name">As in the catalog; part of every <see cref="SecretRef"/> of it.</param>
    IStoreSecrets Open(string name, ProviderSettings settings, TimeProvider time);
}

/// <summary>Every step kind lets the provider check its settings and reach before anything is touched. Optional.</summary>
public interface IValidateSetup
{
    /// <summary>Done, Rejected with what is wrong and what to do, or RetryLater if the system cannot be reached. Changes nothing.</summary>
    Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken);
}
