using System.Text.RegularExpressions;

namespace Rotunda.EnvFiles;

/// <summary>One assignment of an env file, read and written as all its readers read it.</summary>
public static partial class EnvAssignment
{
    /// <summary>Why some readers do not find the name, or take more than the value for it; null if all do.</summary>
    /// <param name="isWindows">The line ends with a carriage return and a line feed.</param>
    public static string? HeadProblem(string raw, EnvDialects dialects, bool isWindows = false)
    {
        if (EnvLine.Of(raw) is not { } line)
        {
            return "write it as NAME=value: no blank around the =, no colon, at most 'export' and one space in front, letters, digits and "
                + "underscores in the name";
        }
        if (line.IsExported && dialects.Readers.FirstOrDefault(reader => !reader.KnowsExport) is { } plain)
        {
            return $"{plain.Name} takes no 'export' in front of a name. Remove it";
        }
        if (isWindows && dialects.IsChosen && dialects.Readers.FirstOrDefault(reader => reader.KeepsCarriageReturns) is { } keeps)
        {
            return $"{keeps.Name} takes a line break of Windows for a part of the value. Save the file with line breaks of Unix";
        }
        return HasComments(dialects)
            && dialects.Readers.FirstOrDefault(reader => !reader.KnowsComments) is { } blind
            && CommentOf(line.Rest).Contains('#', StringComparison.Ordinal)
            ? $"{blind.Name} takes the comment behind the value for a part of it. Put it on a line of its own"
            : null;
    }

    /// <summary>The value, or why readers do not agree on it (which repeats nothing of it).</summary>
    public static (string? Value, string? Problem) Read(string raw, EnvDialects dialects) => EnvLine.Of(raw) is { } line
        ? Read(line, dialects)
        : (null, HeadProblem(raw, dialects));

    /// <summary>The same line with another value: indent, export, spaces, comment and way of quoting are kept where they can be, and a line
    /// that says it already stays as it is. Null if no way of writing it is read alike, with the reason.</summary>
    public static (string? Line, string? Problem) With(string raw, string value, EnvDialects dialects)
    {
        if (Read(raw, dialects).Value == value)
        {
            return (raw, null);
        }
        var head = HeadPattern().Match(raw).Value;
        var rest = raw[head.Length..];
        var bare = head.TrimEnd(' ', '\t');
        if (HasComments(dialects) && (rest.Length == 0 || (rest[0] == '#' && bare.Length < head.Length)))
        {
            // Nothing was assigned: the spaces belong to the comment, not in front of the value.
            return Written(bare, value, head[bare.Length..] + rest, '\0', isKept: false, dialects);
        }
        if (dialects.ReadLinesAlone)
        {
            head = bare;
        }
        var style = rest.Length > 0 && rest[0] is ('\'' or '"' or '`') ? rest[0] : '\0';
        return Written(head, value, HasComments(dialects) ? CommentOf(rest) : "", style, isKept: true, dialects);
    }

    /// <summary>A line for a name that is not in the file yet.</summary>
    public static (string? Line, string? Problem) New(string key, string value, EnvDialects dialects) =>
        Written(key + "=", value, "", '\0', isKept: false, dialects);

    private static (string? Line, string? Problem) Written(
        string head, string value, string comment, char style, bool isKept, EnvDialects dialects)
    {
        string? problem = null;
        foreach (var form in EnvForms.Of(value, style, isKept))
        {
            if (EnvLine.Of(head + form + comment) is not { } line)
            {
                return (null, HeadProblem(head, dialects));
            }
            var read = Read(line, dialects);
            if (read.Value == value)
            {
                return (line.Raw, null);
            }
            problem ??= read.Problem;
        }
        return (null, problem ?? "no way of quoting gives it back");
    }

    private static (string? Value, string? Problem) Read(EnvLine line, EnvDialects dialects)
    {
        if (line.Rest.Length > 0 && line.Rest[0] is not ('\'' or '"') && line.Rest.Any(IsOddBlank))
        {
            return (null, "it has a blank that is no space, which readers treat differently. Put it into single quotes");
        }
        string? value = null;
        foreach (var reader in dialects.Readers)
        {
            var read = reader.Read(line);
            if (read.Problem is not null)
            {
                return (null, read.Problem);
            }
            if (value is not null && value != read.Value)
            {
                return (null, $"{reader.Name} reads another value there than {dialects.Readers[0].Name}. Put it into single quotes, and "
                    + "nothing behind them");
            }
            value = read.Value;
        }
        return (value, null);
    }

    private static bool HasComments(EnvDialects dialects) => dialects.Readers.Any(reader => reader.KnowsComments);

    private static bool IsOddBlank(char symbol) => symbol == '\ufeff' || (char.IsWhiteSpace(symbol) && symbol is not (' ' or '\t' or '\n'));

    /// <summary>The blanks and the comment behind the value.</summary>
    private static string CommentOf(string rest) => CommentPattern().Match(rest[ValueLength(rest)..]) is { Success: true } match
        ? match.Value
        : "";

    /// <summary>How long the quoted pieces at the start are; 0 for a value without quotes.</summary>
    private static int ValueLength(string rest)
    {
        var at = 0;
        while (at < rest.Length && rest[at] is ('\'' or '"' or '`') && EnvQuotes.Closing(rest, at) is var closing && closing > 0)
        {
            at = closing + 1;
            // What a shell takes as one word goes on behind the quote: 'it'\''s'.
            at += at < rest.Length && rest[at] == '\\' ? 2 : 0;
        }
        return Math.Min(at, rest.Length);
    }

    [GeneratedRegex(
        @"^[ \t]*(?:export[ \t]+)?(?<key>[A-Za-z0-9_.\-]+)(?:[ \t]*=[ \t]*|:[ \t]+)",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex HeadPattern();

    [GeneratedRegex(@"[ \t]+(?:#.*)?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.Singleline, 1000)]
    private static partial Regex CommentPattern();
}
