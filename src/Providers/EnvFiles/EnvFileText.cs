using System.Text;
using System.Text.RegularExpressions;
using Rotunda.EnvFiles;
using Rotunda.Providers.Delivery;

namespace Rotunda.Providers.EnvFiles;

/// <summary>
/// The text of an env file, of which single keys can be read, and changed while every other byte stays as it is. The one
/// reader and writer of this format: what its readers do not read alike is refused.
/// </summary>
internal sealed partial class EnvFileText
{
    // Bytes are held as the characters of the same numbers, so that text in any encoding goes through unchanged.
    private static readonly Encoding Bytewise = Encoding.Latin1;
    private static readonly Encoding Utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);
    private static readonly string ByteOrderMark = Bytewise.GetString(Encoding.UTF8.Preamble);

    private readonly List<Entry> _entries;
    private readonly string _mark;
    private readonly EnvDialects _dialects;

    private EnvFileText(string mark, List<Entry> entries, EnvDialects dialects)
    {
        _mark = mark;
        _entries = entries;
        _dialects = dialects;
    }

    /// <param name="dialects">Who reads the file; null for <see cref="EnvDialects.Default"/>.</param>
    public static EnvFileText Parse(ReadOnlySpan<byte> bytes, EnvDialects? dialects = null)
    {
        dialects ??= EnvDialects.Default;
        var text = Bytewise.GetString(bytes);
        if (text.Contains('\0'))
        {
            throw new DeliveryException("The file behind 'path' is no env file (it has NUL bytes: UTF-16, perhaps). Save it as UTF-8.");
        }

        var mark = text.StartsWith(ByteOrderMark, StringComparison.Ordinal) ? ByteOrderMark : "";
        var entries = new List<Entry>();
        for (var at = mark.Length; at < text.Length;)
        {
            var entry = EntryAt(text, at, dialects.IsVerbatim);
            entries.Add(entry);
            at += entry.Raw.Length + entry.End.Length;
        }

        return new(mark, entries, dialects);
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

    /// <summary>What every reader reads at the key: of the last one, as they do. Null if it is not assigned.</summary>
    /// <exception cref="DeliveryException">Readers do not agree; the message says on which line.</exception>
    public byte[]? Read(string key)
    {
        RequireClosedQuotes(key);
        var last = _entries.FindLastIndex(entry => entry.Key == key);
        if (last < 0)
        {
            return null;
        }

        RequireHead(last);
        var encoding = EncodingOf(_entries[last].Raw);
        var (value, problem) = EnvAssignment.Read(As(_entries[last].Raw, encoding), _dialects);
        return value is null ? throw Disagreement(last, problem!) : encoding.GetBytes(value);
    }

    /// <summary>Throws if an assignment of one of the keys is written so that some readers do not find it.</summary>
    /// <exception cref="DeliveryException">The message says on which line.</exception>
    public void RequireHeads(IEnumerable<string> keys)
    {
        var wanted = keys.ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].Key is { } key && wanted.Contains(key))
            {
                RequireHead(i);
            }
        }
    }

    private void RequireHead(int index)
    {
        var problem = index == 0 && _mark.Length > 0
            ? "the file begins with a byte order mark, which most readers take for a part of the name. Save it without"
            : EnvAssignment.HeadProblem(_entries[index].Raw, _dialects, _entries[index].End == "\r\n");
        if (problem is not null)
        {
            throw Disagreement(index, problem);
        }
    }

    /// <summary>Never holds anything of the value.</summary>
    private DeliveryException Disagreement(int index, string problem)
    {
        var line = 1 + _entries.Take(index).Sum(entry => entry.Raw.Count(symbol => symbol == '\n') + (entry.End.Length > 0 ? 1 : 0));
        return new(_dialects.Described.Contains(" and ", StringComparison.Ordinal)
            ? $"{Capital(_dialects.Described)} do not read {_entries[index].Key} on line {line} of the file alike: {problem}."
            : $"{Capital(_dialects.Described)} does not read {_entries[index].Key} on line {line} of the file as it looks: {problem}.");
    }

    /// <summary>Sets every assignment of the key, so that no old value stays behind; appends one if there is none.</summary>
    /// <exception cref="DeliveryException">No way of quoting is read alike by all, or the file has an open quote.</exception>
    public void Set(string key, string value)
    {
        RequireClosedQuotes(key);
        var found = false;
        for (var i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].Key == key)
            {
                found = true;
                RequireHead(i);
                _entries[i] = _entries[i] with { Raw = With(_entries[i].Raw, key, value), IsOpen = false };
            }
        }

        if (!found)
        {
            Append(key, Written(key, EnvAssignment.New(key, Plain(key, value), _dialects), Utf8));
        }
    }

    private string With(string raw, string key, string value)
    {
        var encoding = EncodingOf(raw);
        var text = As(Bytewise.GetString(Utf8.GetBytes(Plain(key, value))), encoding);
        return Written(key, EnvAssignment.With(As(raw, encoding), text, _dialects), encoding);
    }

    private string Written(string key, (string? Line, string? Problem) form, Encoding encoding) => form.Line is { } line
        ? Bytewise.GetString(encoding.GetBytes(line))
        : throw new DeliveryException(
            $"The value for {key} cannot be written so that {_dialects.Described} read the same: {form.Problem}. Write {{value:url}} or "
                + "{value:base64} in the template, take such characters out of the policy's alphabet, or name in 'dialect' only those who "
                + "read the file.");

    private static string Plain(string key, string value) => value.AsSpan().ContainsAny('\n', '\r', '\0')
        ? throw new DeliveryException(
            $"The value for {key} has a line break, which readers of env files treat differently. Write {{value:base64}} in the "
                + "template, or deliver it with the target type 'file'.")
        : value;

    /// <summary>UTF-8, as readers take it, unless it is none.</summary>
    private static Encoding EncodingOf(string raw) =>
        System.Text.Unicode.Utf8.IsValid(Bytewise.GetBytes(raw)) ? Utf8 : Bytewise;

    private static string As(string raw, Encoding encoding) => encoding.GetString(Bytewise.GetBytes(raw));

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>A quote that is never closed would take in whatever is written behind it.</summary>
    /// <exception cref="DeliveryException">There is one at another key.</exception>
    public void RequireClosedQuotes(string? except = null)
    {
        if (_entries.Find(entry => entry.IsOpen && entry.Key != except) is { } open)
        {
            throw new DeliveryException(
                $"The file opens a quote at {open.Key} that is never closed, so readers do not agree on what follows. Close it.");
        }

        if (_dialects.ReadLinesAlone && _entries.Find(entry => entry.Raw.Contains('\n')) is { } several)
        {
            throw new DeliveryException(
                $"The value of {several.Key} goes over several lines, each of which docker run and kubectl read alone. Write it on one "
                    + "line, or leave docker-env out of 'dialect'.");
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

    private static Entry EntryAt(string text, int start, bool isVerbatim)
    {
        var end = EnvQuotes.EndOfLine(text, start);
        var head = HeadPattern().Match(text[start..end]);
        string? key = null;
        var isOpen = false;
        if (head.Success)
        {
            key = head.Groups["key"].Value;
            var valueAt = start + head.Length;
            if (!isVerbatim && valueAt < end && text[valueAt] is ('\'' or '"' or '`'))
            {
                var closing = EnvQuotes.Closing(text, valueAt);
                isOpen = closing < 0;
                end = closing > end ? EnvQuotes.EndOfLine(text, closing) : end;
            }
        }

        var terminator = end >= text.Length ? "" : text[end] == '\r' ? "\r\n" : "\n";
        return new(key, text[start..end], terminator, isOpen);
    }

    [GeneratedRegex(
        @"^[ \t]*(?:export[ \t]+)?(?<key>[A-Za-z0-9_.\-]+)(?:[ \t]*=[ \t]*|:[ \t]+)",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex HeadPattern();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex KeyPattern();

    /// <param name="Key">Null for a comment, a blank line, or anything else that assigns nothing.</param>
    /// <param name="End">Its line's end: \n, \r\n, or nothing at the end of the file.</param>
    /// <param name="IsOpen">Its value opens a quote that is never closed.</param>
    private sealed record Entry(string? Key, string Raw, string End, bool IsOpen = false);
}
