using Rotunda.Yaml;

namespace Rotunda.Rotation.Catalog;

/// <summary>
/// The secrets of one file, with where they stand and what they touch. It is kept until the file changes, so it is small: of the text a
/// few bytes for each place are held, and of what a secret touches its hash codes.
/// </summary>
/// <param name="file">As problems name it.</param>
internal sealed class FileSecrets(string file)
{
    private static readonly string[] s_parts = ["provider", "after", "group", "targets", "consumers"];

    private readonly List<Policy> _policies = [];

    /// <summary>Line and column of each secret, of its parts and of its targets: numbers of as many bytes as they need, seven bits
    /// in each.</summary>
    private readonly List<byte> _spots = [];

    /// <summary>Where those of each secret begin.</summary>
    private readonly List<int> _starts = [];

    public IReadOnlyList<Policy> Policies => _policies;

    public SecretTouches Touches { get; } = new();

    public IEnumerable<ReadSecret> All => Enumerable.Range(0, _policies.Count).Select(turn => new ReadSecret(this, turn));

    public void Add(Policy policy, CatalogMap map)
    {
        _policies.Add(policy);
        _starts.Add(_spots.Count);
        Add(map.At);
        foreach (var part in s_parts)
        {
            // That of the secret where the part is left out.
            Add(map.Where(part));
        }
        var targets = map.Value("targets")?.Entries ?? [];
        foreach (var target in policy.Targets)
        {
            Add(targets.First(entry => entry.Key.Text == target.Name).Key);
        }
    }

    /// <summary>Once all are there: nothing is held for more.</summary>
    public void Close()
    {
        _policies.TrimExcess();
        _spots.TrimExcess();
        _starts.TrimExcess();
        Touches.Close();
    }

    public CatalogSpot SpotOf(int turn) => Spot(turn, 0);

    public CatalogSpot SpotOfPart(int turn, string part) => Spot(turn, 1 + Array.IndexOf(s_parts, part));

    public CatalogSpot SpotOfTarget(int turn, string name) =>
        Spot(turn, 1 + s_parts.Length + _policies[turn].Targets.Index().First(target => target.Item.Name == name).Index);

    private CatalogSpot Spot(int turn, int place)
    {
        var at = _starts[turn];
        for (var passed = 0; passed < 2 * place; passed++)
        {
            Number(ref at);
        }
        return new CatalogSpot(file, Number(ref at), Number(ref at));
    }

    private void Add(YamlNode at)
    {
        Add(at.Line);
        Add(at.Column);
    }

    private void Add(int number)
    {
        for (; number > 0x7f; number >>= 7)
        {
            _spots.Add((byte)(number | 0x80));
        }
        _spots.Add((byte)number);
    }

    private int Number(ref int at)
    {
        var (number, shift) = (0, 0);
        for (; (_spots[at] & 0x80) != 0; shift += 7)
        {
            number |= (_spots[at++] & 0x7f) << shift;
        }
        return number | (_spots[at++] << shift);
    }
}
