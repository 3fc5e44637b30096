using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Rotunda.Rotation.Scheduling;

namespace Rotunda.Calendar.Due;

/// <summary>What is known of very many secrets, made for each when it is asked for: most of them are passed by, and all together would
/// take much memory at each look. It is for one at a time.</summary>
/// <param name="known">By name.</param>
/// <param name="make">Says the same each time it is asked.</param>
public sealed class ScheduleDictionary<T>(IReadOnlyDictionary<string, T> known, Func<T, SecretSchedule> make)
    : IReadOnlyDictionary<string, SecretSchedule>
{
    private readonly Dictionary<string, SecretSchedule> _since = new(StringComparer.Ordinal);

    public int Count => known.Count;

    public IEnumerable<string> Keys => known.Keys;

    public IEnumerable<SecretSchedule> Values => Keys.Select(name => this[name]);

    public SecretSchedule this[string key] => _since.GetValueOrDefault(key) ?? make(known[key]);

    /// <summary>What is known of a secret by now.</summary>
    public void Set(string name, SecretSchedule since) => _since[name] = since;

    public bool ContainsKey(string key) => known.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out SecretSchedule value)
    {
        value = known.TryGetValue(key, out var one) ? (_since.Count > 0 ? _since.GetValueOrDefault(key) : null) ?? make(one) : null;
        return value is not null;
    }

    public IEnumerator<KeyValuePair<string, SecretSchedule>> GetEnumerator() => Keys.Select(name => KeyValuePair.Create(name, this[name]))
        .GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
