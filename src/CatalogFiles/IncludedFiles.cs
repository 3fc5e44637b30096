using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rotunda.Rotation.Catalog;

namespace Rotunda.CatalogFiles;

/// <summary>What the patterns of a catalog match now, and what is wrong with that.</summary>
/// <param name="catalog">The catalog's own file, as problems name it.</param>
internal sealed class IncludedFiles(string catalog)
{
    /// <summary>Together; what is more is hardly a catalog, and would fill the memory.</summary>
    public const int MostFiles = 10_000;
    public const long MostBytes = 512 * 1024 * 1024;
    public const int LargestFile = 16 * 1024 * 1024;

    private readonly SortedDictionary<string, IncludedFile> _all = new(StringComparer.Ordinal);
    private readonly List<CatalogProblem> _troubles = [];

    /// <summary>In the order of their names.</summary>
    public IReadOnlyCollection<IncludedFile> All => _all.Values;

    public IReadOnlyList<CatalogProblem> Troubles => _troubles;

    /// <summary>Changes if any of them does, or comes, or goes.</summary>
    public string Stamp
    {
        get
        {
            var lines = _all.Values.Select(file => $"{file.Name}\n{file.Stamp}\n").Concat(_troubles.Select(trouble => $"{trouble}\n"));
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
        }
    }

    /// <summary>The newest time of writing, as people read it.</summary>
    /// <param name="own">That of the catalog's own file.</param>
    public string VersionOf(DateTimeOffset own) => string.Create(
        CultureInfo.InvariantCulture,
        $"{_all.Values.Select(file => file.At).Append(own).Max().UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffffZ}");

    /// <param name="found">What the pattern matched, in any order.</param>
    public void Add(IncludePattern pattern, IReadOnlyCollection<IncludedFile> found)
    {
        if (found.Count == 0 && !pattern.Optional && !IsTold(pattern))
        {
            Tell(pattern, $"\"{pattern.Text}\" matches no file. Correct it, or write {{ files: \"{pattern.Text}\", optional: true }}.");
        }

        foreach (var file in found)
        {
            _all[file.Name] = file;
            if (file.Length > LargestFile)
            {
                Tell(pattern, $"{file.Name} is larger than {LargestFile / 1024 / 1024} MiB, so it is hardly a catalog. Split it.");
                _all.Remove(file.Name);
            }
        }
    }

    private bool IsTold(IncludePattern pattern) =>
        _troubles.Exists(trouble => (trouble.Line, trouble.Column) == (pattern.Line, pattern.Column));

    public void Tell(IncludePattern pattern, string what) =>
        _troubles.Add(new CatalogProblem(catalog, pattern.Line, pattern.Column, $"include: {what}"));

    /// <summary>True where each of them could be read. If not, that may change without a trace: they are read
    /// again at the next look.</summary>
    public bool AreRead { get; private set; } = true;

    /// <summary>Of a file that was matched, and cannot be read.</summary>
    public void TellFile(IncludedFile file, string what)
    {
        AreRead = false;
        _troubles.Add(new CatalogProblem(CatalogSource.NameOf(catalog, file.Name), 1, 1, what));
    }

    /// <summary>Once all patterns are through: too much is refused before it is read.</summary>
    public void Bound(IncludePattern last)
    {
        if (_all.Count > MostFiles || _all.Values.Sum(file => file.Length) > MostBytes)
        {
            Tell(
                last,
                $"all patterns together match {_all.Count} files. {MostFiles} are read at most, and {MostBytes / 1024 / 1024} MiB. Make "
                    + "the patterns narrower.");
            _all.Clear();
        }
    }
}
