namespace Rotunda.Rotation.Catalog;

/// <summary>A YAML map read key by key. Remembers which keys were bad, so that rules about them are not applied to guesses.</summary>
internal sealed class CatalogMap
{
    private readonly Dictionary<string, (CatalogNode Key, CatalogNode Value)> _entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _bad = new(StringComparer.Ordinal);
    private readonly CatalogProblems _problems;

    private CatalogMap(CatalogNode at, string path, CatalogProblems problems)
    {
        At = at;
        Path = path;
        _problems = problems;
    }

    /// <summary>Where to report what is missing in the map: its own key.</summary>
    public CatalogNode At { get; }

    /// <summary>Where it is, for people: "orders-db.provider". Empty for the whole catalog.</summary>
    public string Path { get; }

    /// <summary>The keys, in the order of the text.</summary>
    public IEnumerable<CatalogNode> Keys => _entries.Values.Select(e => e.Key);

    /// <param name="known">The keys there may be; null for names chosen by the author (see <see cref="CheckKeys"/>).</param>
    /// <returns>Null if it is not a map; then a problem says so.</returns>
    public static CatalogMap? Read(
        CatalogNode at,
        CatalogNode node,
        string path,
        CatalogProblems problems,
        IReadOnlyCollection<string>? known)
    {
        if (node.Kind != CatalogNodeKind.Map)
        {
            problems.Add(
                node,
                $"{Prefix(path)}must be a map of \"key: value\" lines, but is "
                    + $"{node.Described}.{(node.IsNothing ? " Fill it in, or remove it." : "")}");
            return null;
        }
        var map = new CatalogMap(at, path, problems);
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

    public bool Has(string key) => _entries.ContainsKey(key);

    /// <summary>True unless something was wrong with what stands under the key.</summary>
    public bool IsGood(string key) => !_bad.Contains(key);

    public CatalogNode? Value(string key) => _entries.TryGetValue(key, out var entry) ? entry.Value : null;

    /// <summary>Where to report a problem with the key: at the key, or at the map if it is left out.</summary>
    public CatalogNode Where(string key) => _entries.TryGetValue(key, out var entry) ? entry.Key : At;

    public string PathOf(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    public void Problem(string key, string message)
    {
        _bad.Add(key);
        _problems.Add(Where(key), $"{PathOf(key)}: {message}");
    }

    /// <summary>What a person should know of the key, and that does not make the catalog invalid.</summary>
    public void Warn(string key, string message) => _problems.Warn(Where(key), $"{PathOf(key)}: {message}");

    public void CheckKeys(IReadOnlyCollection<string> known)
    {
        foreach (var (name, entry) in _entries)
        {
            if (name == "<<")
            {
                _problems.Add(entry.Key, $"{Prefix(Path)}merge keys (\"<<\") are not supported. Use defaults, or write the keys out.");
            }
            else if (!known.Contains(name, StringComparer.Ordinal))
            {
                _problems.Add(
                    entry.Key,
                    $"{Prefix(Path)}unknown key {CatalogScalars.Echo(entry.Key)}. "
                        + $"{Suggestion.For(name, known.Where(k => !_entries.ContainsKey(k)))}");
            }
        }
    }

    /// <summary>Reads one key; null if it is left out or bad.</summary>
    public T? Get<T>(string key, Func<CatalogNode, string, T?> read, bool required = false)
    {
        var value = default(T);
        Track(key, () =>
        {
            if (Value(key) is { } node)
            {
                value = read(node, PathOf(key));
            }
            else if (required)
            {
                _problems.Add(At, $"{Prefix(Path)}the key \"{key}\" is missing. Add it.");
            }
        });
        return value;
    }

    /// <summary>Runs what reads or checks the key, and marks the key as bad if that finds a problem.</summary>
    public void Track(string key, Action read)
    {
        var before = _problems.Count;
        read();
        if (_problems.Count > before)
        {
            _bad.Add(key);
        }
    }

    public string? Text(string key, bool required = false) =>
        Get(key, (node, path) => CatalogScalars.Text(node, path, _problems), required);

    public int? Integer(string key, int min, int max, bool required = false) =>
        Get(key, (node, path) => (int?)CatalogScalars.Integer(node, path, _problems, min, max), required);

    public bool? Flag(string key) => Get(key, (node, path) => CatalogScalars.Boolean(node, path, _problems));

    public TimeSpan? Duration(string key, bool allowZero = false, bool required = false) =>
        Get(key, (node, path) => CatalogScalars.Duration(node, path, _problems, allowZero), required);

    public T? Choice<T>(string key, IReadOnlyDictionary<string, T> choices, bool required = false)
        where T : struct =>
        Get(key, (node, path) => CatalogScalars.Choice(node, path, _problems, choices), required);

    /// <summary>A reference that stands in it, with an absolute path.</summary>
    public string? Reference(CatalogNode node, string path, string folder) => CatalogScalars.Reference(node, path, folder, _problems);

    public IReadOnlyList<string>? Texts(string key) =>
        Get(key, (node, path) => CatalogScalars.Texts(node, path, _problems));

    public CatalogMap? Map(string key, IReadOnlyCollection<string>? known, bool required = false) =>
        Get(key, (node, path) => Read(Where(key), node, path, _problems, known), required);

    private void Add(CatalogNode key, CatalogNode value)
    {
        if (key.Kind != CatalogNodeKind.Scalar || key.IsNothing)
        {
            _problems.Add(key, $"{Prefix(Path)}a key must be a plain name, but is {key.Described}.");
        }
        else if (!_entries.TryAdd(key.Text, (key, value)))
        {
            var first = _entries[key.Text].Key;
            _problems.Add(
                key,
                $"{Prefix(Path)}the key {CatalogScalars.Echo(key)} is here twice; the first is on line {first.Line}. Remove "
                    + "or rename one.");
        }
    }

    private static string Prefix(string path) => path.Length == 0 ? "" : path + ": ";
}
