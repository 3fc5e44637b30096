using Rotunda.Rotation.Words;
using Rotunda.Yaml;

namespace Rotunda.Rotation.Catalog;

/// <summary>Reads which files a catalog includes.</summary>
internal static class IncludeReader
{
    public const int MostPatterns = 1000;

    /// <summary>Of the whole text; nothing where it cannot be read, as reading it says why.</summary>
    public static IReadOnlyList<IncludePattern> Find(string text, string fileName)
    {
        var problems = new CatalogProblems(fileName);
        return text.Contains("include", StringComparison.Ordinal)
            && CatalogTree.Load(text, problems) is { Kind: YamlNodeKind.Map } root
            && CatalogMap.Read(root, root, "", problems, known: null) is { } map
                ? Read(map, problems)
                : [];
    }

    public static IReadOnlyList<IncludePattern> Read(CatalogMap root, CatalogProblems problems)
    {
        var patterns = new List<IncludePattern>();
        root.Track("include", () =>
        {
            var node = root.Value("include");
            foreach (var item in node is null ? [] : node.Kind == YamlNodeKind.List ? node.Items : [node])
            {
                if (ReadOne(item, problems) is { } pattern && IsNew(pattern, item, patterns, problems))
                {
                    patterns.Add(pattern);
                }
            }
            if (node is { Kind: YamlNodeKind.List, Items.Count: 0 })
            {
                problems.Add(node, "include: is empty. Name files, or remove it.");
            }
            if (patterns.Count > MostPatterns)
            {
                problems.Add(node!, $"include: has more than {MostPatterns} patterns. Use \"*\" in place of single names.");
            }
        });
        return patterns;
    }

    private static IncludePattern? ReadOne(YamlNode node, CatalogProblems problems)
    {
        if (node.Kind != YamlNodeKind.Map)
        {
            return Pattern(node, CatalogScalars.Text(node, "include", problems), optional: false, problems);
        }
        return CatalogMap.Read(node, node, "include", problems, CatalogWords.Include) is { } map
            ? Pattern(map.Where("files"), map.Text("files", required: true), map.Flag("optional") ?? false, problems)
            : null;
    }

    private static IncludePattern? Pattern(YamlNode at, string? text, bool optional, CatalogProblems problems)
    {
        if (text is null)
        {
            return null;
        }
        var segments = text.Split('/').Where(segment => segment != ".").ToList();
        if (Fault(text, segments) is { } fault)
        {
            problems.Add(at, $"include: {CatalogScalars.Echo(at)} {fault}");
            return null;
        }
        return new IncludePattern(string.Join('/', segments), optional, at.Line, at.Column);
    }

    private static string? Fault(string text, List<string> segments) =>
        text.Contains('\\', StringComparison.Ordinal) ? "has a backslash. Write folders with \"/\"."
        : text.Any(char.IsControl) ? "has control characters in it. Remove them."
        : text.StartsWith('/') || text.Contains("://", StringComparison.Ordinal) || (text.Length > 1 && text[1] == ':')
            ? "is absolute. Name files relative to the catalog's folder, such as teams/*.yaml."
        : segments.Contains("..", StringComparer.Ordinal)
            ? "leads out of the catalog's folder by \"..\". Put the files into the folder or below it."
        : segments.Count == 0 || segments.Exists(segment => segment.Length == 0)
            ? "names no file. Write it as teams/*.yaml."
        : segments.Exists(segment => segment != "**" && segment.Contains("**", StringComparison.Ordinal))
            ? "has \"**\" beside other characters. It stands for any folders, alone between two \"/\": teams/**/*.yaml."
        : segments[^1] == "**" ? "ends with \"**\", which stands for folders. Say which files: teams/**/*.yaml."
        : null;

    private static bool IsNew(IncludePattern pattern, YamlNode at, List<IncludePattern> patterns, CatalogProblems problems)
    {
        if (patterns.Find(one => one.Text == pattern.Text) is not { } first)
        {
            return true;
        }
        problems.Add(at, $"include: \"{Text.Short(pattern.Text)}\" is here twice; the first is on line {first.Line}. Remove one.");
        return false;
    }
}
