using Rotunda.Yaml;

namespace Rotunda.Rotation.Catalog;

/// <summary>A YAML map read key by key. Remembers which keys were bad, so that rules about them are not applied to guesses.</summary>
internal sealed class CatalogMap
{
    /// <summary>Up to so many keys are looked through one by one: most maps are small, and there may be millions of them.</summary>
    private const int Few = 10;

    private readonly List<(YamlNode Key, YamlNode Value)> _entries;
    private readonly Dictionary<string, int>? _places;
    private readonly CatalogProblems _problems;
    private HashSet<string>? _bad;

    private CatalogMap(YamlNode at, string path, CatalogProblems problems, int size)
    {
        At = at;
        _entries = new(size);
        _places = size > Few ? new(size, StringComparer.Ordinal) : null;
        Path = path;
        _problems = problems;
    }

    /// <summary>Where to report what is missing in the map: its own key.</summary>
    public YamlNode At { get; }

    /// <summary>Where it is, for people: "orders-db.provider". Empty for the whole catalog.</summary>
    public string Path { get; }

    /// <summary>The keys, in the order of the text.</summary>
    public IEnumerable<YamlNode> Keys => _entries.Select(e => e.Key);

    /// <param name="known">The keys there may be; null for names chosen by the author (see <see cref="CheckKeys"/>).</param>
    /// <returns>Null if it is not a map; then a problem says so.</returns>
    public static CatalogMap? Read(
        YamlNode at,
        YamlNode node,
        string path,
        CatalogProblems problems,
        IReadOnlyCollection<string>? known)
    {
        if (node.Kind != YamlNodeKind.Map)
        {
            problems.Add(
                node,
                $"{Prefix(path)}must be a map of \"key: value\" lines, but is "
                    + $"{node.Described}.{(node.IsNothing ? " Fill it in, or remove it." : "")}");
            return null;
        }
        var map = new CatalogMap(at, path, problems, node.Entries.Count);
        foreach (var (key, value) in node.Entries)
        {
            map.Add(key, value);
        }
        if (known is not null)
        {
            map.CheckKeys(known);
        }
        return map;
    }

    public bool Has(string key) => IndexOf(key) >= 0;

    /// <summary>True unless something was wrong with what stands under the key.</summary>
    public bool IsGood(string key) => _bad?.Contains(key) != true;

    public YamlNode? Value(string key) => IndexOf(key) is >= 0 and var at ? _entries[at].Value : null;

    /// <summary>Where to report a problem with the key: at the key, or at the map if it is left out.</summary>
    public YamlNode Where(string key) => IndexOf(key) is >= 0 and var at ? _entries[at].Key : At;

    public string PathOf(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    public void Problem(string key, string message)
    {
        MarkBad(key);
        _problems.Add(Where(key), $"{PathOf(key)}: {message}");
    }

    /// <summary>What a person should know of the key, and that does not make the catalog invalid.</summary>
    public void Warn(string key, string message) => _problems.Warn(Where(key), $"{PathOf(key)}: {message}");

    public void CheckKeys(IReadOnlyCollection<string> known)
    {
        foreach (var (key, _) in _entries)
        {
            var name = key.Text;
            if (name == "<<")
            {
                _problems.Add(key, $"{Prefix(Path)}merge keys (\"<<\") are not supported. Use defaults, or write the keys out.");
            }
            else if (known is string[] all ? Array.IndexOf(all, name) < 0 : !known.Contains(name, StringComparer.Ordinal))
            {
                _problems.Add(
                    key,
                    $"{Prefix(Path)}unknown key {CatalogScalars.Echo(key)}. "
                        + $"{Suggestion.For(name, known.Where(k => !Has(k)))}");
            }
        }
    }

    /// <summary>Reads one key; null if it is left out or bad.</summary>
    public T? Get<T>(string key, Func<YamlNode, string, T?> read, bool required = false)
    {
        var before = _problems.Count;
        var value = Find(key, required) is { } node ? read(node, PathOf(key)) : default;
        MarkIfMore(key, before);
        return value;
    }

    /// <summary>Runs what reads or checks the key, and marks the key as bad if that finds a problem.</summary>
    public void Track(string key, Action read)
    {
        var before = _problems.Count;
        read();
        MarkIfMore(key, before);
    }

    public string? Text(string key, bool required = false)
    {
        var before = _problems.Count;
        var value = Find(key, required) is { } node ? CatalogScalars.Text(node, PathOf(key), _problems) : null;
        MarkIfMore(key, before);
        return value;
    }

    public int? Integer(string key, int min, int max, bool required = false)
    {
        var before = _problems.Count;
        var value = Find(key, required) is { } node ? CatalogScalars.Integer(node, PathOf(key), _problems, min, max) : null;
        MarkIfMore(key, before);
        return (int?)value;
    }

    public bool? Flag(string key)
    {
        var before = _problems.Count;
        var value = Value(key) is { } node ? CatalogScalars.Boolean(node, PathOf(key), _problems) : null;
        MarkIfMore(key, before);
        return value;
    }

    public TimeSpan? Duration(string key, bool allowZero = false, bool required = false)
    {
        var before = _problems.Count;
        var value = Find(key, required) is { } node ? CatalogScalars.Duration(node, PathOf(key), _problems, allowZero) : null;
        MarkIfMore(key, before);
        return value;
    }

    public T? Choice<T>(string key, IReadOnlyDictionary<string, T> choices, bool required = false)
        where T : struct
    {
        var before = _problems.Count;
        var value = Find(key, required) is { } node ? CatalogScalars.Choice(node, PathOf(key), _problems, choices) : null;
        MarkIfMore(key, before);
        return value;
    }

    /// <summary>A reference that stands in it, with an absolute path.</summary>
    public string? Reference(YamlNode node, string path, string folder) => CatalogScalars.Reference(node, path, folder, _problems);

    public IReadOnlyList<string>? Texts(string key)
    {
        var before = _problems.Count;
        var value = Value(key) is { } node ? CatalogScalars.Texts(node, PathOf(key), _problems) : null;
        MarkIfMore(key, before);
        return value;
    }

    public CatalogMap? Map(string key, IReadOnlyCollection<string>? known, bool required = false)
    {
        var before = _problems.Count;
        var value = Find(key, required) is { } node ? Read(Where(key), node, PathOf(key), _problems, known) : null;
        MarkIfMore(key, before);
        return value;
    }

    private YamlNode? Find(string key, bool required)
    {
        var node = Value(key);
        if (node is null && required)
        {
            _problems.Add(At, $"{Prefix(Path)}the key \"{key}\" is missing. Add it.");
        }
        return node;
    }

    private int IndexOf(string key)
    {
        if (_places is not null)
        {
            return _places.TryGetValue(key, out var place) ? place : -1;
        }
        for (var at = 0; at < _entries.Count; at++)
        {
            if (_entries[at].Key.Text == key)
            {
                return at;
            }
        }
        return -1;
    }

    private void MarkIfMore(string key, int before)
    {
        if (_problems.Count > before)
        {
            MarkBad(key);
        }
    }

    private void MarkBad(string key) => (_bad ??= new(StringComparer.Ordinal)).Add(key);

    private void Add(YamlNode key, YamlNode value)
    {
        if (key.Kind != YamlNodeKind.Scalar || key.IsNothing)
        {
            _problems.Add(key, $"{Prefix(Path)}a key must be a plain name, but is {key.Described}.");
        }
        else if (IndexOf(key.Text) is < 0)
        {
            _places?.Add(key.Text, _entries.Count);
            _entries.Add((key, value));
        }
        else
        {
            var first = Where(key.Text);
            _problems.Add(
                key,
                $"{Prefix(Path)}the key {CatalogScalars.Echo(key)} is here twice; the first is on line {first.Line}. Remove "
                    + "or rename one.");
        }
    }

    private static string Prefix(string path) => path.Length == 0 ? "" : path + ": ";
}
