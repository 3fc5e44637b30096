using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Stores;

public static class StoreSecretsExtensions
{
    /// <summary>Keeps a value as pending, without a fingerprint beside it.</summary>
    public static Task<SecretRef> PutPendingAsync(this IStoreSecrets store, string name, string owner, SecretValue value, CancellationToken cancellationToken) =>
        store.PutPendingAsync(name, owner, value, null, cancellationToken);
}
