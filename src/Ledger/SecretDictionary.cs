using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Rotunda.Ledger;

/// <summary>All secrets of the ledger as they stood at one moment, by name. A new one is made of it and of what has changed since, so that
/// very many secrets are neither read nor put in order each time that somebody asks for them. Safe to read from many threads.</summary>
public sealed class SecretDictionary : IReadOnlyDictionary<string, SecretRecord>
{
    /// <summary>Where each stands. Those that differ in no name have the same one.</summary>
    private readonly Dictionary<string, int> _places;
    private readonly SecretRecord[] _secrets;

    private SecretDictionary(Dictionary<string, int> places, SecretRecord[] secrets) => (_places, _secrets) = (places, secrets);

    public static SecretDictionary Empty { get; } = new([], []);

    /// <summary>By name, in ordinal order.</summary>
    public IReadOnlyList<SecretRecord> InOrder => field ??= Array.AsReadOnly(_secrets);

    public int Count => _secrets.Length;

    public IEnumerable<string> Keys => _secrets.Select(secret => secret.Name);

    public IEnumerable<SecretRecord> Values => _secrets;

    public SecretRecord this[string key] => _secrets[_places[key]];

    public bool ContainsKey(string key) => _places.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out SecretRecord value)
    {
        var isKnown = _places.TryGetValue(key, out var place);
        value = isKnown ? _secrets[place] : null;
        return isKnown;
    }

    public IEnumerator<KeyValuePair<string, SecretRecord>> GetEnumerator() =>
        _secrets.Select(secret => KeyValuePair.Create(secret.Name, secret)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <param name="changed">New ones, and those that take the place of one of the same name.</param>
    public SecretDictionary With(IReadOnlyCollection<SecretRecord> changed)
    {
        if (changed.Count == 0)
        {
            return this;
        }

        var secrets = (SecretRecord[])_secrets.Clone();
        var fresh = new List<SecretRecord>();
        foreach (var secret in changed)
        {
            if (_places.TryGetValue(secret.Name, out var place))
            {
                secrets[place] = secret;
            }
            else
            {
                fresh.Add(secret);
            }
        }

        return fresh.Count == 0 ? new SecretDictionary(_places, secrets) : Of([.. secrets, .. fresh]);
    }

    /// <summary>What must be looked at again by whoever has looked at all of an earlier one.</summary>
    /// <returns>The names whose records are others now; null where names came or went, so that all have to be looked at.</returns>
    public IReadOnlyList<string>? ChangedSince(SecretDictionary earlier)
    {
        if (!ReferenceEquals(_places, earlier._places))
        {
            return null;
        }

        var changed = new List<string>();
        for (var place = 0; place < _secrets.Length; place++)
        {
            if (!ReferenceEquals(_secrets[place], earlier._secrets[place]))
            {
                changed.Add(_secrets[place].Name);
            }
        }

        return changed;
    }

    private static SecretDictionary Of(SecretRecord[] secrets)
    {
        Array.Sort(secrets, (one, other) => string.CompareOrdinal(one.Name, other.Name));
        var places = new Dictionary<string, int>(secrets.Length, StringComparer.Ordinal);
        for (var place = 0; place < secrets.Length; place++)
        {
            places.Add(secrets[place].Name, place);
        }

        return new SecretDictionary(places, secrets);
    }
}
