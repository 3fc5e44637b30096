using System.Text;
using System.Text.RegularExpressions;
using Rotunda.Providers.Delivery;

namespace Rotunda.Providers.Targets.DotEnv;

/// <summary>
/// The text of an env file, of which single keys can be changed while every other byte stays as it is. Values are written so
/// that docker compose, a POSIX shell and Node's dotenv read the same.
/// </summary>
internal sealed partial class EnvFileText
{
    // Bytes are held as the characters of the same numbers, so that text in any encoding goes through unchanged.
    private static readonly Encoding Bytewise = Encoding.Latin1;
    private static readonly string ByteOrderMark = Bytewise.GetString(Encoding.UTF8.Preamble);

    private readonly List<Entry> _entries;
    private readonly string _mark;

    private EnvFileText(string mark, List<Entry> entries)
    {
        _mark = mark;
        _entries = entries;
    }

    public static EnvFileText Parse(ReadOnlySpan<byte> bytes)
    {
        var text = Bytewise.GetString(bytes);
        if (text.Contains('\0'))
        {
            throw new DeliveryException("The file is no env file (it has NUL bytes: UTF-16, perhaps). Save it as UTF-8.");
        }

        var mark = text.StartsWith(ByteOrderMark, StringComparison.Ordinal) ? ByteOrderMark : "";
        var entries = new List<Entry>();
        for (var at = mark.Length; at < text.Length;)
        {
            var entry = EntryAt(text, at);
            entries.Add(entry);
            at += entry.Raw.Length + entry.End.Length;
        }

        return new(mark, entries);
    }

    /// <summary>A name that every reader takes.</summary>
    public static bool IsKey(string key) => KeyPattern().IsMatch(key);

    public byte[] ToBytes()
    {
        var text = new StringBuilder(_mark);
        foreach (var entry in _entries)
        {
            text.Append(entry.Raw).Append(entry.End);
        }

        return Bytewise.GetBytes(text.ToString());
    }

    /// <summary>The raw assignments of a key, top to bottom (the last one is what readers see).</summary>
    public IReadOnlyList<string> Lines(string key) => [.. _entries.Where(entry => entry.Key == key).Select(entry => entry.Raw)];

    /// <summary>Sets every assignment of the key, so that no old value stays behind; appends one if there is none.</summary>
    /// <exception cref="DeliveryException">No way of quoting is read alike by all, or the file has an open quote.</exception>
    public void Set(string key, string value)
    {
        RequireClosedQuotes(key);
        var bytes = Bytewise.GetString(Encoding.UTF8.GetBytes(value));
        var found = false;
        for (var i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].Key == key)
            {
                found = true;
                _entries[i] = _entries[i] with { Raw = Assignment(_entries[i].Raw, key, bytes), IsOpen = false };
            }
        }

        if (!found)
        {
            Append(key, key + "=" + Quote(key, bytes, '\0'));
        }
    }

    /// <summary>A quote that is never closed would take in whatever is written behind it.</summary>
    /// <exception cref="DeliveryException">There is one at another key.</exception>
    public void RequireClosedQuotes(string? except = null)
    {
        if (_entries.Find(entry => entry.IsOpen && entry.Key != except) is { } open)
        {
            throw new DeliveryException(
                $"The file opens a quote at {open.Key} that is never closed, so readers do not agree on what follows. Close it.");
        }
    }

    /// <summary>Puts the raw assignments back in the places of the present ones; none removes the key.</summary>
    public void Restore(string key, IReadOnlyList<string> lines)
    {
        var next = 0;
        for (var i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].Key != key)
            {
                continue;
            }

            if (next < lines.Count)
            {
                _entries[i] = _entries[i] with { Raw = lines[next++] };
            }
            else
            {
                RemoveAt(i--);
            }
        }

        for (; next < lines.Count; next++)
        {
            Append(key, lines[next]);
        }
    }

    private void Append(string key, string raw)
    {
        var newline = _entries.FirstOrDefault(entry => entry.End.Length > 0)?.End ?? "\n";
        var end = newline;
        if (_entries.Count > 0 && _entries[^1].End.Length == 0)
        {
            _entries[^1] = _entries[^1] with { End = newline };
            end = "";
        }

        _entries.Add(new(key, raw, end));
    }

    private void RemoveAt(int index)
    {
        // A file without a newline at its end stays one.
        if (index == _entries.Count - 1 && index > 0 && _entries[index].End.Length == 0)
        {
            _entries[index - 1] = _entries[index - 1] with { End = "" };
        }

        _entries.RemoveAt(index);
    }

    private static Entry EntryAt(string text, int start)
    {
        var end = EndOfLine(text, start);
        var head = HeadPattern().Match(text[start..end]);
        string? key = null;
        var isOpen = false;
        if (head.Success)
        {
            key = head.Groups["key"].Value;
            var valueAt = start + head.Length;
            if (valueAt < end && text[valueAt] is '\'' or '"' or '`')
            {
                var closing = ClosingQuote(text, valueAt);
                isOpen = closing < 0;
                end = closing > end ? EndOfLine(text, closing) : end;
            }
        }

        var terminator = end >= text.Length ? "" : text[end] == '\r' ? "\r\n" : "\n";
        return new(key, text[start..end], terminator, isOpen);
    }

    /// <summary>Where the line's own characters end: before \n or \r\n.</summary>
    private static int EndOfLine(string text, int from)
    {
        var newline = text.IndexOf('\n', from);
        return newline < 0 ? text.Length : newline > from && text[newline - 1] == '\r' ? newline - 1 : newline;
    }

    /// <summary>-1 if the quote is never closed (it is an ordinary character then).</summary>
    private static int ClosingQuote(string text, int open)
    {
        var quote = text[open];
        var endOfLine = EndOfLine(text, open);
        for (var i = open + 1; i < text.Length; i++)
        {
            // Shells know no escapes within single quotes, others do: taken as one where a closing quote follows on the line.
            if (text[i] == '\\'
                && i + 1 < text.Length
                && (quote != '\'' || (text[i + 1] == quote && i + 2 < endOfLine && text.IndexOf(quote, i + 2, endOfLine - i - 2) >= 0)))
            {
                i++;
            }
            else if (text[i] == quote)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The same line with another value: indent, export, spaces, comment and way of quoting are kept where they can be.</summary>
    private static string Assignment(string raw, string key, string value)
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
        if (rest.Length > 0 && rest[0] is '\'' or '"' or '`' && ClosingQuote(rest, 0) is var closing && closing > 0)
        {
            var tail = rest[(closing + 1)..];
            comment = CommentPattern().Match(tail) is { Success: true, Index: 0 } match ? match.Value : "";
        }
        else
        {
            comment = CommentPattern().Match(rest) is { Success: true } match ? match.Value : "";
        }

        return head + Quote(key, value, style) + comment;
    }

    private static string Quote(string key, string value, char style)
    {
        if (value.AsSpan().ContainsAny('\n', '\r', '\0'))
        {
            throw new DeliveryException(
                $"The value for {key} has a line break, which readers of env files treat differently. Write {{value:base64}} in the "
                    + "template, or deliver it with the target type 'file'.");
        }

        var single = !value.Contains('\'') && !value.EndsWith('\\');
        var twofold = !value.AsSpan().ContainsAny("\"\\$`");
        return (style, single, twofold) switch
        {
            ('\'', true, _) => $"'{value}'",
            ('"', _, true) => $"\"{value}\"",
            _ when PlainPattern().IsMatch(value) => value,
            (_, true, _) => $"'{value}'",
            (_, _, true) => $"\"{value}\"",
            _ => throw new DeliveryException(
                $"The value for {key} cannot be quoted so that docker compose, a shell and dotenv read the same (a single quote, or a "
                    + "backslash at its end, together with one of \" \\ $ `). Write {value:url} or {value:base64} in the template, or "
                    + "take those characters out of the policy's alphabet."),
        };
    }

    [GeneratedRegex(
        @"^[ \t]*(?:export[ \t]+)?(?<key>[A-Za-z0-9_.\-]+)(?:[ \t]*=[ \t]*|:[ \t]+)",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex HeadPattern();

    [GeneratedRegex(@"[ \t]+(?:#.*)?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.Singleline, 1000)]
    private static partial Regex CommentPattern();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex KeyPattern();

    [GeneratedRegex(@"^[A-Za-z0-9_./:@%+,=\-]*\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PlainPattern();

    /// <param name="Key">Null for a comment, a blank line, or anything else that assigns nothing.</param>
    /// <param name="End">Its line's end: \n, \r\n, or nothing at the end of the file.</param>
    /// <param name="IsOpen">Its value opens a quote that is never closed.</param>
    private sealed record Entry(string? Key, string Raw, string End, bool IsOpen = false);
}
