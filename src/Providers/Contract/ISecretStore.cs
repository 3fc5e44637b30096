using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>
/// Where values live: versions by secret name, one of them current. A pending value is kept where readers of the current
/// version never see it. Every method is durable when it returns, repeatable, and safe to call from many threads.
/// </summary>
public interface ISecretStore
{
    /// <summary>As in the catalog's <c>store:</c>.</summary>
    string Name { get; }

    /// <summary>Keeps a value as pending. The same owner again replaces nothing: if it holds this very value, its version is
    /// returned; if it holds another, that one is kept as a version of its own too.</summary>
    /// <param name="owner">What the value is for, unique: the rotation's label, or "adopted".</param>
    /// <param name="fingerprint">The value's, for people who look at the store with its own tools: stores that can note it beside the
    /// value do. Nothing depends on it. Null where there is none to tell.</param>
    Task<SecretRef> PutPendingAsync(string name, string owner, SecretValue value, string? fingerprint, CancellationToken cancellationToken);

    /// <summary>The newest pending or promoted version that the owner stored; null if none. Lets a repeated step find its value.</summary>
    Task<SecretRef?> FindAsync(string name, string owner, CancellationToken cancellationToken);

    /// <summary>Makes the version current. The same again is fine.</summary>
    /// <exception cref="SecretNotFoundException">No such version, or it was discarded.</exception>
    Task PromoteAsync(SecretRef version, CancellationToken cancellationToken);

    /// <summary>Reads one version; the caller disposes it.</summary>
    /// <exception cref="SecretNotFoundException">No such version, or it was discarded.</exception>
    Task<SecretValue> GetAsync(SecretRef version, CancellationToken cancellationToken);

    /// <summary>The current version; null if nothing was promoted yet.</summary>
    Task<SecretRef?> CurrentAsync(string name, CancellationToken cancellationToken);

    /// <summary>Destroys a version's value. One that is gone is fine; the current one is refused.</summary>
    /// <exception cref="InvalidOperationException">It is current.</exception>
    Task DiscardAsync(SecretRef version, CancellationToken cancellationToken);

    /// <summary>As <see cref="DiscardAsync"/>, of a value whose name is used for nothing else and never again: where the store can, it
    /// takes away all that it keeps under the name, notes and remains too. What Rotunda lacks the right to take away stays,
    /// without the value.</summary>
    /// <exception cref="InvalidOperationException">It is current.</exception>
    Task DropAsync(SecretRef version, CancellationToken cancellationToken);

    /// <summary>Throws with what to do if values could not be stored and read back now.</summary>
    Task CheckAsync(CancellationToken cancellationToken);

    /// <summary>As <see cref="CheckAsync(CancellationToken)"/>, and of one name: whatever can be known beforehand to stand in the way of
    /// storing and promoting a value of it. Changes nothing.</summary>
    Task CheckAsync(string name, CancellationToken cancellationToken) => CheckAsync(cancellationToken);
}
