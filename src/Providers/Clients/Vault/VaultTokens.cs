using System.Collections.Concurrent;

namespace Rotunda.Providers.Clients.Vault;

/// <summary>What is remembered of Vaults between calls, in memory only: client tokens by login, and how far each was written.</summary>
internal sealed class VaultTokens
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);
    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _indexes = new(StringComparer.Ordinal);

    /// <summary>The token of a login, unless its lease is over or nearly so.</summary>
    public string? Find(string login, DateTimeOffset now) =>
        _known.TryGetValue(login, out var known) && now < known.Until ? known.Token : null;

    /// <param name="lease">How long it lives; zero for one that never ends.</param>
    public void Keep(string login, string token, TimeSpan lease, DateTimeOffset now)
    {
        // A short lease still serves for most of its time.
        var margin = lease / 2 < Margin ? lease / 2 : Margin;
        _known[login] = new Known(token, lease == TimeSpan.Zero ? DateTimeOffset.MaxValue : now + lease - margin);
    }

    /// <summary>Forgets a token that Vault refused, unless a newer one has replaced it.</summary>
    public void Forget(string login, string token)
    {
        if (_known.TryGetValue(login, out var known) && known.Token == token)
        {
            _known.TryRemove(new KeyValuePair<string, Known>(login, known));
        }
    }

    /// <summary>The state of the storage (X-Vault-Index) that a server must have reached to answer us; null if no server told
    /// any.</summary>
    public string? IndexOf(string server) => _indexes.GetValueOrDefault(server);

    public void Reached(string server, string index) => _indexes[server] = index;

    private sealed record Known(string Token, DateTimeOffset Until)
    {
        public override string ToString() => "***";
    }
}
