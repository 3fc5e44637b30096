using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

public static class SecretStoreExtensions
{
    /// <summary>Keeps a value as pending, without a fingerprint beside it.</summary>
    public static Task<SecretRef> PutPendingAsync(
        this ISecretStore store,
        string name,
        string owner,
        SecretValue value,
        CancellationToken cancellationToken) =>
        store.PutPendingAsync(name, owner, value, null, cancellationToken);
}
