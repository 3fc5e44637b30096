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

    private readonly SemaphoreSlim _one = new(1);

    /// <summary>The policies of the catalog of this hash, by secret.</summary>
    private IReadOnlyDictionary<string, Policy>? _policies;

    /// <summary>Those of them that are not kept yet: of very many mostly none.</summary>
    private HashSet<string> _left = [];
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
            if (_hash != current.Hash)
            {
                _left = _hash is null && _said == whole ? [] : LeftOf(current);
                (_hash, _policies, _stores) = (current.Hash, current.Policies, current.Stores);
            }

            if (_left.Count > 0)
            {
                await KeepFreshAsync(current, cancellationToken);
            }

            if (_left.Count == 0)
            {
                _left.TrimExcess();
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
        IEnumerable<string> known = _left.Count <= AtOnce
            ? (await ledger.SecretsByNameAsync(cancellationToken)).Keys
            : await ledger.ListNamesAsync(cancellationToken);
        foreach (var some in known.Where(_left.Contains).Select(name => current.Policies[name]).Chunk(AtOnce))
        {
            await SayAsync("", cancellationToken);
            await ledger.SetPoliciesAsync(
                [.. some.Select(policy => (policy.Name, new KeptPolicy(policy with { Freezes = [] }, current.Stores).ToText()))],
                cancellationToken);
            _left.ExceptWith(some.Select(policy => policy.Name));
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
    private HashSet<string> LeftOf(RotationCatalog current)
    {
        bool IsKept(Policy policy) => ReferenceEquals(policy, _policies?.GetValueOrDefault(policy.Name)) && !_left.Contains(policy.Name);

        var areSame = AreSame(_stores, current.Stores);
        return current.Policies.Values.Where(policy => !areSame || !IsKept(policy)).Select(policy => policy.Name)
            .ToHashSet(StringComparer.Ordinal);
    }

    private static bool AreSame(
        IReadOnlyDictionary<string, ProviderBinding>? one, IReadOnlyDictionary<string, ProviderBinding>? other) =>
        (one?.Count ?? 0) == (other?.Count ?? 0) && (one is null || one.All(store =>
            other!.TryGetValue(store.Key, out var same) && same.Type == store.Value.Type
                && JsonNode.DeepEquals(same.Settings, store.Value.Settings)));
}
