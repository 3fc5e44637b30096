using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>Ability StoreSecrets: a place that keeps values.</summary>
public interface IOpenStore
{
    /// <summary>The store that these settings describe. Reaches nothing yet, and is cheap: steps open one for each use.</summary>
    /// <param name="name">As in the catalog; part of every <see cref="SecretRef"/> of it.</param>
    ISecretStore Open(string name, ProviderSettings settings, TimeProvider time);
}
