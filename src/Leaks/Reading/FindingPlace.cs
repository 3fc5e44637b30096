using System.Globalization;
using System.Text.Json;

namespace Rotunda.Leaks.Reading;

/// <summary>Where a finding was made, in a line: scanner, rule, repository, file, line, commit. Each part is short, plain text without
/// anything of the value.</summary>
internal static class FindingPlace
{
    private const int LongestPart = 160;
    private const int Longest = 400;
    private const int Telling = 6;
    private static readonly string[] s_rules = ["RuleID", "DetectorName", "where"];
    private static readonly string[] s_places = ["repository", "bucket", "image", "channel_name", "link", "file", "File", "key"];
    private static readonly string[] s_lines = ["line", "StartLine"];
    private static readonly string[] s_commits = ["commit", "Commit"];

    public static string Of(JsonElement finding, string kind, IReadOnlyList<string> values)
    {
        var parts = new List<string>();
        Add(parts, kind, values);
        foreach (var name in s_rules)
        {
            Add(parts, Text(finding, name), values);
        }

        var at = Data(finding);
        foreach (var name in s_places)
        {
            Add(parts, Text(at, name), values);
        }

        Add(parts, First(at, s_lines) is { } line ? $"line {line}" : null, values);
        Add(parts, First(at, s_commits) is { Length: > 0 } commit ? $"commit {commit[..Math.Min(12, commit.Length)]}" : null, values);
        var whole = string.Join(", ", parts);
        return whole.Length == 0 ? "by hand" : whole.Length <= Longest ? whole : whole[..Longest] + "…";
    }

    /// <summary>TruffleHog has it two levels down, below the kind of source.</summary>
    private static JsonElement Data(JsonElement finding) =>
        finding.TryGetProperty("SourceMetadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object
        && metadata.TryGetProperty("Data", out var data) && data.ValueKind == JsonValueKind.Object
        && data.EnumerateObject().Select(kind => kind.Value).FirstOrDefault(kind => kind.ValueKind == JsonValueKind.Object) is
        { ValueKind: JsonValueKind.Object } source ? source : finding;

    private static string? First(JsonElement of, string[] names) =>
        names.Select(name => Text(of, name)).FirstOrDefault(text => text is not null);

    private static string? Text(JsonElement of, string name) => !of.TryGetProperty(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number when value.TryGetInt64(out var number) => number.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    private static void Add(List<string> parts, string? part, IReadOnlyList<string> values)
    {
        if (part is not { Length: > 0 })
        {
            return;
        }

        // What is not told need not be looked through, but for a piece that begins before the cut.
        var isCut = part.Length > LongestPart;
        var looked = part[..Math.Min(part.Length, LongestPart + Telling)];
        if (values.Any(value => Tells(looked, value)))
        {
            return;
        }

        part = isCut ? part[..LongestPart] : part;
        var line = string.Concat(part.Select(symbol => char.IsControl(symbol) ? ' ' : symbol)).Trim();
        parts.Add(isCut ? line + "…" : line);
    }

    /// <summary>True if a piece of the value stands in it.</summary>
    private static bool Tells(string part, string value)
    {
        if (value.Length <= Telling)
        {
            return part.Contains(value, StringComparison.OrdinalIgnoreCase);
        }

        for (var at = 0; at + Telling <= value.Length; at++)
        {
            if (part.AsSpan().Contains(value.AsSpan(at, Telling), StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
