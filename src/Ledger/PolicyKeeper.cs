using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Ledger;

/// <summary>
/// Keeps the policies of the catalog in force in the ledger, a few at a time: the texts of very many together would take hundreds of
/// megabytes. Of a catalog that was read again, only what was read anew is looked at.
/// </summary>
public sealed class PolicyKeeper(ILedger ledger) : IDisposable
{
    /// <summary>So many texts there are at once.</summary>
    private const int AtOnce = 500;

    /// <summary>The policies of the catalog of this hash that are kept, by secret.</summary>
    private readonly Dictionary<string, Policy> _kept = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _one = new(1);
    private IReadOnlyDictionary<string, ProviderBinding>? _stores;
    private string? _hash;

    /// <summary>Cut off, some are kept, and the next call goes on. A secret that the ledger does not have yet is left out until it
    /// has.</summary>
    public async Task KeepAsync(RotationCatalog current, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_hash != current.Hash)
            {
                Forget(current);
                (_hash, _stores) = (current.Hash, current.Stores);
            }

            if (_kept.Count == current.Policies.Count)
            {
                return;
            }

            var fresh = (await ledger.ListNamesAsync(cancellationToken))
                .Where(name => !_kept.ContainsKey(name) && current.Policies.ContainsKey(name))
                .Select(name => current.Policies[name]);
            foreach (var some in fresh.Chunk(AtOnce))
            {
                await ledger.SetPoliciesAsync(
                    [.. some.Select(policy => (policy.Name, new KeptPolicy(policy with { Freezes = [] }, current.Stores).ToText()))],
                    cancellationToken);
                foreach (var policy in some)
                {
                    _kept[policy.Name] = policy;
                }
            }
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    /// <summary>A policy of a file that has not changed is the same object as before. The stores stand in each text.</summary>
    private void Forget(RotationCatalog current)
    {
        if (!AreSame(_stores, current.Stores))
        {
            _kept.Clear();
            return;
        }

        foreach (var (name, kept) in _kept)
        {
            if (!current.Policies.TryGetValue(name, out var policy) || !ReferenceEquals(policy, kept))
            {
                _kept.Remove(name);
            }
        }
    }

    private static bool AreSame(
        IReadOnlyDictionary<string, ProviderBinding>? one, IReadOnlyDictionary<string, ProviderBinding>? other) =>
        (one?.Count ?? 0) == (other?.Count ?? 0) && (one is null || one.All(store =>
            other!.TryGetValue(store.Key, out var same) && same.Type == store.Value.Type
                && JsonNode.DeepEquals(same.Settings, store.Value.Settings)));
}
