using System.Text.RegularExpressions;
using Rotunda.Providers.Delivery;

namespace Rotunda.Providers.EnvFiles;

/// <summary>One assignment of an env file, read and written as a POSIX shell, Node and Python all read it.</summary>
internal static partial class EnvAssignment
{
    private const string AfterQuotes = "something stands behind the closing quote";

    /// <summary>Why some readers do not find the name; null if all do.</summary>
    public static string? HeadProblem(string raw) => AgreedHead().IsMatch(raw)
        ? null
        : "write it as NAME=value: no blank around the =, no colon, at most 'export' and one space in front, letters, digits and "
            + "underscores in the name";

    /// <summary>The value, or why readers do not agree on it (which repeats nothing of it).</summary>
    public static (string? Value, string? Problem) Read(string raw)
    {
        var head = AgreedHead().Match(raw);
        var rest = raw[head.Length..];
        return rest.Length == 0 ? ("", null) : rest[0] switch
        {
            '`' => (null, "a shell runs what stands in backticks. Use single quotes"),
            '\'' => ReadQuoted(rest, @"\\", "a backslash before another, or before the closing quote, is read in several ways"),
            '"' => ReadQuoted(rest, null, "a \\, $ or ` in double quotes is read in several ways. Use single quotes"),
            _ => ReadPlain(rest, head.Value.Contains("export ", StringComparison.Ordinal)),
        };
    }

    private static (string? Value, string? Problem) ReadQuoted(string rest, string? refused, string why)
    {
        var close = rest.IndexOf(rest[0], 1);
        if (close < 0)
        {
            return (null, "its quote is never closed");
        }

        var (value, tail) = (rest[1..close], rest[(close + 1)..]);
        var isOdd = refused is null
            ? value.AsSpan().IndexOfAny('\\', '$', '`') >= 0
            : value.EndsWith('\\') || value.Contains(refused, StringComparison.Ordinal);
        return isOdd ? (null, why)
            : value.Contains('\r') ? (null, "its line breaks are those of Windows. Save the file with line breaks of Unix")
            : QuotedTail().IsMatch(tail) ? (value, null)
            : (null, AfterQuotes);
    }

    private static (string? Value, string? Problem) ReadPlain(string rest, bool isExported)
    {
        var parts = PlainParts().Match(rest);
        if (!parts.Success || (parts.Groups["value"].Length == 0 && rest.Contains('#')))
        {
            return (null, "what stands behind the value (a blank, a tab, a comment) is read in several ways. Quote the value");
        }

        var value = parts.Groups["value"].Value;
        var isAgreed = PlainPattern().IsMatch(value) || (!isExported && AgreedPlain().IsMatch(value) && !Tilde().IsMatch(value));
        return isAgreed ? (value, null) : (null, "it has characters that a shell reads otherwise. Put it into single quotes");
    }

    /// <summary>The same line with another value: indent, export, spaces, comment and way of quoting are kept where they can be.</summary>
    public static string With(string raw, string key, string value)
    {
        var head = HeadPattern().Match(raw).Value;
        var rest = raw[head.Length..];
        var bare = head.TrimEnd(' ', '\t');
        if (rest.Length == 0 || (rest[0] == '#' && bare.Length < head.Length))
        {
            // Nothing was assigned: the spaces belong to the comment, not in front of the value.
            return bare + Quote(key, value, '\0') + head[bare.Length..] + rest;
        }

        var style = rest.Length > 0 && rest[0] is '\'' or '"' ? rest[0] : '\0';
        string comment;
        if (rest.Length > 0 && rest[0] is '\'' or '"' or '`' && EnvFileText.ClosingQuote(rest, 0) is var closing && closing > 0)
        {
            var tail = rest[(closing + 1)..];
            comment = CommentPattern().Match(tail) is { Success: true, Index: 0 } match ? match.Value : "";
        }
        else
        {
            comment = CommentPattern().Match(rest) is { Success: true } match ? match.Value : "";
        }

        // Node takes a tab behind a value without quotes for a part of it.
        return head + Quote(key, value, style == '\0' && comment.Contains('\t') ? '\'' : style) + comment;
    }

    public static string Quote(string key, string value, char style)
    {
        if (value.AsSpan().ContainsAny('\n', '\r', '\0'))
        {
            throw new DeliveryException(
                $"The value for {key} has a line break, which readers of env files treat differently. Write {{value:base64}} in the "
                    + "template, or deliver it with the target type 'file'.");
        }

        // Python takes two backslashes for one, also in single quotes.
        var single = !value.AsSpan().Contains('\'') && !value.EndsWith('\\') && !value.Contains(@"\\");
        var twofold = !value.AsSpan().ContainsAny("\"\\$`");
        return (style, single, twofold) switch
        {
            ('\'', true, _) => $"'{value}'",
            ('"', _, true) => $"\"{value}\"",
            _ when PlainPattern().IsMatch(value) => value,
            (_, true, _) => $"'{value}'",
            (_, _, true) => $"\"{value}\"",
            _ => throw new DeliveryException(
                $"The value for {key} cannot be quoted so that docker compose, a shell and dotenv read the same (a single quote, a "
                    + "backslash at its end or two in a row, together with one of \" \\ $ `). Write {value:url} or {value:base64} in the "
                    + "template, or take those characters out of the policy's alphabet."),
        };
    }

    [GeneratedRegex(
        @"^[ \t]*(?:export[ \t]+)?(?<key>[A-Za-z0-9_.\-]+)(?:[ \t]*=[ \t]*|:[ \t]+)",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex HeadPattern();

    [GeneratedRegex(@"[ \t]+(?:#.*)?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.Singleline, 1000)]
    private static partial Regex CommentPattern();

    [GeneratedRegex(@"^[A-Za-z0-9_./:@%+,=\-]*\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PlainPattern();

    [GeneratedRegex(
        @"^[ \t]*(?:export )?[ ]*[A-Za-z_][A-Za-z0-9_]*=",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex AgreedHead();

    [GeneratedRegex(@"^(?<value>[^ \t]*)(?: +#[^\n]*| *)\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PlainParts();

    [GeneratedRegex(@"^(?:[ \t]+#[^\n]*|[ \t]*)\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex QuotedTail();

    [GeneratedRegex(
        @"^[A-Za-z0-9_./:@%+,=\-!^{}*?\[\]~\u0080-\u00ff]*\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex AgreedPlain();

    [GeneratedRegex("(?:^|[:=])~", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Tilde();
}
