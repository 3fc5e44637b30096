using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Providers.References;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Supplied;

/// <summary>
/// Takes a value that a person gives: its shape is checked, the intent goes into the ledger, the value straight into the store as pending,
/// and what is stored into the ledger. Each part can be done again with the same value: what an attempt that died has left is found by the
/// rotation's label, and levelled.
/// </summary>
public sealed class ValueIntake(ILedger ledger, StoreRegistry stores, IReferenceResolver references, CrashPoints crashPoints)
{
    /// <param name="by">Who gave it.</param>
    public async Task<IntakeResult> TakeAsync(RotationRecord rotation, SecretValue value, string by, CancellationToken cancellationToken)
    {
        if (Asked.Of(rotation.Plan) is not { } asked || rotation.State.IsFinal())
        {
            return NotAsked(rotation);
        }

        if (asked.Shape.Problem(value) is { } problem)
        {
            return new IntakeResult(IntakeKind.BadShape, $"This cannot be the value that is asked for: {problem}. Nothing was kept of it.");
        }

        var secret = await ledger.GetSecretAsync(rotation.Secret, cancellationToken)
            ?? throw new InvalidOperationException($"The ledger has no secret '{rotation.Secret}'.");
        var fingerprint = Fingerprint.Of(value, secret.Salt);
        var known = await ledger.GetNewCredentialAsync(rotation.Id, cancellationToken);
        if (known is { State: not CredentialState.Minting })
        {
            return known.Fingerprint == fingerprint
                ? Already()
                : known.State == CredentialState.Pending && rotation.State == RotationState.WaitingForValue
                    ? Busy()
                    : NotAsked(rotation);
        }

        return rotation.State == RotationState.WaitingForValue
            ? await StoreAsync(rotation, value, fingerprint, by, cancellationToken)
            : NotAsked(rotation);
    }

    /// <summary>True if this very value was taken by the rotation.</summary>
    public async Task<bool> IsTakenAsync(RotationRecord rotation, SecretValue value, CancellationToken cancellationToken) =>
        await ledger.GetSecretAsync(rotation.Secret, cancellationToken) is { } secret
        && await ledger.GetNewCredentialAsync(rotation.Id, cancellationToken) is { Fingerprint: { } known }
        && known == Fingerprint.Of(value, secret.Salt);

    private static IntakeResult NotAsked(RotationRecord rotation) =>
        new(IntakeKind.NotAsked, $"{rotation.Id} does not ask for a value now. Nothing was kept of this one.");

    private static IntakeResult Already() => new(IntakeKind.AlreadyTaken, "This value was taken already.");

    private static IntakeResult Busy() =>
        new(IntakeKind.Busy, "Another value was given, and is tried now. Nothing was kept of this one.");

    private async Task<IntakeResult> StoreAsync(
        RotationRecord rotation, SecretValue value, string fingerprint, string by, CancellationToken cancellationToken)
    {
        CredentialRecord minting;
        try
        {
            minting = await ledger.BeginGivenAsync(rotation.Id, fingerprint, cancellationToken);
        }
        catch (FencedException)
        {
            return NotAsked(rotation);
        }

        crashPoints.Hit("intake.intended");
        using var scope = new SecretScope();
        var store = stores.Open(rotation.Plan.Store, rotation.Plan.Stores, new ScopedReferences(references, scope));
        // The label is this value's own: what an attempt that died has stored under it is this value.
        var stored = await store.FindAsync(rotation.Secret, minting.Label!, cancellationToken)
            ?? await store.PutPendingAsync(rotation.Secret, minting.Label!, value, fingerprint, cancellationToken);
        crashPoints.Hit("intake.stored");
        return await RecordAsync(rotation, minting, fingerprint, stored, store, by);
    }

    /// <summary>From here on the value is stored, so it is put on record whatever becomes of the request.</summary>
    private async Task<IntakeResult> RecordAsync(
        RotationRecord rotation, CredentialRecord minting, string fingerprint, SecretRef stored, ISecretStore store, string by)
    {
        try
        {
            await ledger.RecordMintedAsync(minting.Id, null, minting.Account, fingerprint, stored, CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            return await LateAsync(rotation, minting, fingerprint, stored, store, by);
        }

        crashPoints.Hit("intake.recorded");
        await ledger.AuditAsync(
            new AuditEntry(by, AuditActions.ValueProvided, rotation.Secret, rotation.Id, null, $"fingerprint {fingerprint}"),
            CancellationToken.None);
        return new IntakeResult(IntakeKind.Taken, "The value is in the store. It is tried now, before it is delivered anywhere.");
    }

    /// <summary>Another value was taken between the intent and this, or the rotation ended.</summary>
    private async Task<IntakeResult> LateAsync(
        RotationRecord rotation, CredentialRecord minting, string fingerprint, SecretRef stored, ISecretStore store, string by)
    {
        var taken = await ledger.GetNewCredentialAsync(rotation.Id, CancellationToken.None);
        if (taken?.Value != stored)
        {
            await store.DiscardAsync(stored, CancellationToken.None);
        }

        if (taken?.Fingerprint == fingerprint && taken.State != CredentialState.Minting)
        {
            return Already();
        }

        if (taken is { State: CredentialState.Pending })
        {
            await ledger.RecordRevokedAsync(
                rotation.Id, minting.Id, GivenUp.NotTaken + "not taken: another was taken first", CancellationToken.None);
            return Busy();
        }

        // Where the way back has listed it already, that is enough.
        var all = await ledger.ListCredentialsAsync(rotation.Secret, CancellationToken.None);
        var isListed = all.Any(one => one.Id == minting.Id && one.State == CredentialState.Orphan);
        await ledger.RecordOrphanAsync(
            rotation.Id, isListed ? minting.Id : null, new CredentialHandleNote(null, null, minting.Label),
            $"given by {by} as the rotation ended, and not taken: to be revoked by hand", CancellationToken.None);
        return new IntakeResult(
            IntakeKind.NotAsked, $"{rotation.Id} ended meanwhile, so the value was not taken. It is listed as to be revoked by hand.");
    }
}
