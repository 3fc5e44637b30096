using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>
/// Carries the life of a secret over to its new name (<c>was:</c> in the catalog): salt, numbers, credentials, rotations, and the value in
/// use, which is published under the new name. What is published under the old name stays there for those who read it, until they move.
/// </summary>
public sealed class SecretRenaming(ILedger ledger, StoreRegistry stores, IReferenceResolver references)
{
    private const string Owner = "renamed";
    private const string Actor = "catalog";

    /// <returns>True if it was carried over now.</returns>
    /// <exception cref="InvalidOperationException">It cannot be now; the message says why.</exception>
    public async Task<bool> CarryAsync(RotationCatalog catalog, Policy policy, CancellationToken cancellationToken)
    {
        if (policy.Was is not { } was
            || await ledger.GetSecretAsync(was, cancellationToken) is not { RenamedTo: null } before)
        {
            return false;
        }

        if (before.ActiveRotationId is { } open)
        {
            throw new InvalidOperationException(
                $"it was {was}, and rotation {open} of that is under way. It is carried over after its end.");
        }

        var value = await PublishAsync(catalog, policy, was, cancellationToken);
        await ledger.RenameAsync(was, policy.Name, Actor, value, cancellationToken);
        return true;
    }

    private async Task<SecretRef?> PublishAsync(RotationCatalog catalog, Policy policy, string was, CancellationToken cancellationToken)
    {
        var active = (await ledger.ListCredentialsAsync(was, cancellationToken)).LastOrDefault(c => c.State == CredentialState.Active);
        if (active?.Value is not { } stored)
        {
            return null;
        }

        using var value = await stores.Open(stored.Store, catalog.Stores, references).GetAsync(stored, cancellationToken);
        var store = stores.Open(policy.Store, catalog.Stores, references);
        var kept = await store.PutPendingAsync(policy.Name, Owner, value, active.Fingerprint, cancellationToken);
        await store.PromoteAsync(kept, cancellationToken);
        return kept;
    }
}
