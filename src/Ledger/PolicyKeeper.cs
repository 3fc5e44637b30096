using System.Reflection;
using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Ledger;

/// <summary>
/// Keeps the policies of the catalog in force in the ledger, a few at a time: the texts of very many together would take hundreds of
/// megabytes. Of a catalog that was read again, only what was read anew is looked at, and at a start nothing of one that is kept.
/// </summary>
public sealed class PolicyKeeper(ILedger ledger) : IDisposable
{
    private static readonly string s_release = typeof(PolicyKeeper).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>So many texts there are at once.</summary>
    private const int AtOnce = 500;

    /// <summary>The policies of the catalog of this hash that are kept, by secret.</summary>
    private readonly Dictionary<string, Policy> _kept = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _one = new(1);
    private IReadOnlyDictionary<string, ProviderBinding>? _stores;
    private string? _hash;

    /// <summary>Which catalog the ledger says it has all policies of; null before it was asked.</summary>
    private string? _said;

    /// <summary>Cut off, some are kept, and the next call goes on. A secret that the ledger does not have yet is left out until it
    /// has.</summary>
    public async Task KeepAsync(RotationCatalog current, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            _said ??= await ledger.GetKeptCatalogAsync(cancellationToken) ?? "";
            var whole = NameOf(current);
            if (_hash is null && _said == whole)
            {
                _kept.EnsureCapacity(current.Policies.Count);
                foreach (var policy in current.Policies.Values)
                {
                    _kept[policy.Name] = policy;
                }

                (_hash, _stores) = (current.Hash, current.Stores);
            }

            if (_hash != current.Hash)
            {
                Forget(current);
                (_hash, _stores) = (current.Hash, current.Stores);
            }

            if (_kept.Count < current.Policies.Count)
            {
                await KeepFreshAsync(current, cancellationToken);
            }

            if (_kept.Count == current.Policies.Count)
            {
                await SayAsync(whole, cancellationToken);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task KeepFreshAsync(RotationCatalog current, CancellationToken cancellationToken)
    {
        // A few are found among the secrets that are in memory. Where very many are new, all have just changed, and would be read anew.
        IEnumerable<string> known = current.Policies.Count - _kept.Count <= AtOnce
            ? (await ledger.SecretsByNameAsync(cancellationToken)).Keys
            : await ledger.ListNamesAsync(cancellationToken);
        var fresh = known
            .Where(name => !_kept.ContainsKey(name) && current.Policies.ContainsKey(name))
            .Select(name => current.Policies[name]);
        foreach (var some in fresh.Chunk(AtOnce))
        {
            await SayAsync("", cancellationToken);
            await ledger.SetPoliciesAsync(
                [.. some.Select(policy => (policy.Name, new KeptPolicy(policy with { Freezes = [] }, current.Stores).ToText()))],
                cancellationToken);
            foreach (var policy in some)
            {
                _kept[policy.Name] = policy;
            }
        }
    }

    private async Task SayAsync(string catalog, CancellationToken cancellationToken)
    {
        if (_said != catalog)
        {
            await ledger.SetKeptCatalogAsync(catalog, cancellationToken);
            _said = catalog;
        }
    }

    /// <summary>Of all that the texts depend on: the files, what paths are relative to, and the release that writes them.</summary>
    private static string NameOf(RotationCatalog catalog) => string.Join(
        ' ', s_release, catalog.Hash, string.Join(',', catalog.Head.Names), catalog.Head.Default, catalog.Folder);

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
