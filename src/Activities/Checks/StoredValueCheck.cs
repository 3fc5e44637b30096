using Rotunda.Providers.Contract;
using Rotunda.Providers.References;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Checks;

/// <summary>Looks whether the value that is on record for a credential is in its store.</summary>
public static class StoredValueCheck
{
    /// <returns>Done, or what is missing and the way out.</returns>
    public static async Task<StepOutcome> RunAsync(
        StoreRegistry stores,
        RotationCatalog catalog,
        CredentialRecord credential,
        IReferenceResolver references,
        SecretScope scope,
        CancellationToken cancellationToken)
    {
        var value = credential.Value!;
        try
        {
            var store = stores.Open(value.Store, catalog.Stores, references);
            scope.Register(await store.GetAsync(value, cancellationToken)).Dispose();
            return StepOutcome.Done();
        }
        catch (SecretNotFoundException)
        {
            return StepOutcome.Rejected(
                $"The value of credential #{credential.Id} ({credential.State.ToString().ToLowerInvariant()}, fingerprint "
                    + $"{credential.Fingerprint ?? "unknown"}) is on record in the store '{value.Store}' as {value.Name}, version "
                    + $"{value.Version}, but is not there. {WayOut(credential)}");
        }
    }

    private static string WayOut(CredentialRecord credential)
    {
        var copy = credential.Value!.Store == StoreNames.Embedded
            ? "Stop the server, and copy secrets.db and master.key from the data directory that this ledger comes from, or from its backup "
                + "(docs/moving.md)."
            : "Give this head the store that it was written to, or restore the value there.";
        return credential.State == CredentialState.Active
            ? $"{copy} If they are lost: write \"current: {{ value: REFERENCE }}\" at the secret, and run: rotunda adopt "
                + credential.Secret
            : copy;
    }
}
