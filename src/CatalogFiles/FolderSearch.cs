using System.Globalization;
using System.IO.Enumeration;
using Rotunda.Files;
using Rotunda.Rotation.Catalog;

namespace Rotunda.CatalogFiles;

/// <summary>
/// Finds the files of a folder that a pattern matches: "*" and "?" within a name, "**" for any folders. What begins with a dot is matched
/// only by what begins with one. Symbolic links are followed where they stay in the folder, but "**" goes through none.
/// </summary>
/// <param name="own">The catalog's own file, which no pattern matches; absolute.</param>
internal sealed class FolderSearch(string folder, string own)
{
    private const int MostDepth = 32;

    private readonly string _real = RealPath.Of(folder);
    private readonly string _own = RealPath.Of(own);

    /// <summary>Tells what is in the way to <paramref name="all"/>.</summary>
    public void Find(IncludePattern pattern, IncludedFiles all)
    {
        var found = new Dictionary<string, IncludedFile>(StringComparer.Ordinal);
        try
        {
            foreach (var name in Names("", pattern.Text.Split('/'), depth: 0))
            {
                if (Look(pattern, name, all) is { } file)
                {
                    found[name] = file;
                }

                if (found.Count > IncludedFiles.MostFiles)
                {
                    break;
                }
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            all.Tell(pattern, $"cannot be looked for: {problem.Message}");
        }

        all.Add(pattern, found.Values);
    }

    /// <summary>True if the name fits the pattern's part; hidden ones fit only where it says so.</summary>
    public static bool Fits(string pattern, string name) =>
        (name[0] != '.' || pattern[0] == '.') && FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    public static bool IsWild(string segment) => segment.AsSpan().IndexOfAny('*', '?') >= 0;

    private IEnumerable<string> Names(string at, ReadOnlyMemory<string> segments, int depth)
    {
        var (segment, rest) = (segments.Span[0], segments[1..]);
        var here = Path.Combine(folder, at);
        if (segment == "**")
        {
            IEnumerable<string> below = Below(here, "*", linked: false);
            if (depth > MostDepth)
            {
                return below.Any() ? throw new IOException($"'{at}' has folders below it, and {MostDepth} levels are searched.")
                    : Names(at, rest, depth);
            }

            return Names(at, rest, depth).Concat(below.SelectMany(name => Names(Join(at, name), segments, depth + 1)));
        }

        if (rest.Length > 0)
        {
            var folders = IsWild(segment) ? Below(here, segment, linked: true) : [segment];
            return folders.SelectMany(name => Names(Join(at, name), rest, depth + 1));
        }

        return IsWild(segment)
            ? Entries(here).Where(entry => Fits(segment, entry.Name) && !Directory.Exists(entry.FullName))
                .Select(entry => Join(at, entry.Name))
            : [Join(at, segment)];
    }

    private static IEnumerable<string> Below(string folder, string pattern, bool linked) =>
        Entries(folder)
            .Where(entry => Fits(pattern, entry.Name) && (linked || entry.LinkTarget is null) && Directory.Exists(entry.FullName))
            .Select(entry => entry.Name);

    /// <exception cref="IOException">It may be there, but cannot be looked at.</exception>
    private static IEnumerable<FileSystemInfo> Entries(string folder) =>
        FileFacts.Of(folder).Kind == FileKind.Folder ? new DirectoryInfo(folder).EnumerateFileSystemInfos() : [];

    private static string Join(string at, string name) => at.Length == 0 ? name : $"{at}/{name}";

    private IncludedFile? Look(IncludePattern pattern, string name, IncludedFiles all)
    {
        var path = Path.Combine(folder, name);
        var real = RealPath.Of(path);
        var facts = FileFacts.Of(real);
        if (facts.Kind == FileKind.Missing || real == _own)
        {
            // A dangling link says where somebody believes that there is a file.
            if (new FileInfo(path).LinkTarget is { } target && facts.Kind == FileKind.Missing)
            {
                all.Tell(pattern, $"{name} is a link to {target}, where nothing is. Remove it, or mend it.");
            }
            else if (facts.Kind == FileKind.Missing && IsWild(pattern.Text.Split('/')[^1]))
            {
                // The folder named it: it went meanwhile, and the next look tells, or its name is not UTF-8.
                all.Tell(pattern, $"{name} is in the folder, but cannot be opened by that name. Rename it, or remove it.");
            }

            return null;
        }

        if (!real.StartsWith(Path.TrimEndingDirectorySeparator(_real) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            all.Tell(pattern, $"{name} is a link that leads out of the catalog's folder. Put the file itself there.");
            return null;
        }

        if (facts.Kind != FileKind.File)
        {
            all.Tell(pattern, $"{name} is no file that can be read ({facts.Kind}). Make the pattern narrower.");
            return null;
        }

        var written = File.GetLastWriteTimeUtc(real);
        var stamp = string.Create(CultureInfo.InvariantCulture, $"{written:O} {facts.Length} {real}");
        return new IncludedFile(name, stamp, new DateTimeOffset(written, TimeSpan.Zero), facts.Length);
    }
}
