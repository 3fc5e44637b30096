using System.Text;
using Rotunda.Providers.Delivery;

namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>
/// A pgbouncer.ini as PgBouncer reads it: sections, keys with their values up to the end of the line, comments at the beginning of a
/// line, <c>%include</c>. Knows where each value stands, so that only what is asked for changes.
/// </summary>
internal sealed class IniText
{
    private const string IncludeWord = "%include";

    /// <summary>One character is one byte, so that no encoding is changed.</summary>
    private readonly string _text;
    private readonly List<IniItem> _items = [];
    private readonly List<string> _includes = [];

    private IniText(string text) => _text = text;

    public IReadOnlyList<IniItem> Items => _items;

    /// <summary>The files that its %include lines name, as they stand there.</summary>
    public IReadOnlyList<string> Includes => _includes;

    /// <param name="section">That in force at the first line: an included file goes on in that of its place.</param>
    /// <exception cref="DeliveryException">PgBouncer would stop reading at one of its lines.</exception>
    public static IniText Parse(byte[] bytes, string section = "")
    {
        var ini = new IniText(Encoding.Latin1.GetString(bytes));
        ini.Read(section);
        return ini;
    }

    /// <summary>The one item of this name; null if there is none.</summary>
    /// <exception cref="DeliveryException">There are several: the last counts for PgBouncer, and people see the first.</exception>
    public IniItem? Find(string section, string key)
    {
        var found = _items.FindAll(item => item.Section == section && item.Key == key);
        return found.Count < 2 ? found.FirstOrDefault()
            : throw new DeliveryException(
                $"'{key}' stands {found.Count} times in [{section}] (lines {string.Join(" and ", found.Select(item => item.Line))}), and "
                    + "for PgBouncer the last one counts. Take the others away.");
    }

    /// <summary>As it stands there, one character a byte.</summary>
    public string ValueOf(IniItem item) => _text.Substring(item.Start, item.Length);

    /// <summary>The whole text with other values in these places, one character a byte.</summary>
    public byte[] With(IEnumerable<(IniItem Item, string Value)> changes)
    {
        var text = new StringBuilder(_text);
        foreach (var (item, value) in changes.OrderByDescending(change => change.Item.Start))
        {
            text.Remove(item.Start, item.Length).Insert(item.Start, value);
        }

        return Encoding.Latin1.GetBytes(text.ToString());
    }

    private void Read(string section)
    {
        var at = 0;
        while ((at = Skip(at, IsSpace)) < _text.Length)
        {
            var end = _text.IndexOf('\n', at) is >= 0 and var feed ? feed : _text.Length;
            if (_text[at] is '#' or ';')
            {
                at = end;
            }
            else if (_text[at] == '[')
            {
                var close = _text.IndexOf(']', at, end - at);
                section = close < 0 ? throw Broken(at) : _text[(at + 1)..close];
                at = close + 1;
            }
            else if (IsInclude(at))
            {
                _includes.Add(Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(_text[(at + IncludeWord.Length)..end].Trim())));
                at = end;
            }
            else
            {
                ReadItem(section, at, end);
                at = end;
            }
        }
    }

    private void ReadItem(string section, int at, int end)
    {
        var (key, after) = _text[at] is '"' or '\'' ? Quoted(at, end) : Bare(at);
        after = Skip(after, IsBlank);
        if (key.Length == 0 || after >= end || _text[after] != '=')
        {
            throw Broken(at);
        }

        var start = Math.Min(Skip(after + 1, IsBlank), end);
        var length = end - start;
        while (length > 0 && IsSpace(_text[start + length - 1]))
        {
            length--;
        }

        _items.Add(new(section, Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(key)), start, length, LineOf(at)));
    }

    private (string Key, int After) Bare(int at)
    {
        var after = Skip(at, c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '*');
        return (_text[at..after], after);
    }

    /// <summary>Releases of PgBouncer differ in which quotes they take; a quote inside is doubled.</summary>
    private (string Key, int After) Quoted(int at, int end)
    {
        var (quote, key) = (_text[at], new StringBuilder());
        for (var i = at + 1; i < end; i++)
        {
            if (_text[i] != quote)
            {
                key.Append(_text[i]);
            }
            else if (i + 1 < end && _text[i + 1] == quote)
            {
                key.Append(_text[i++]);
            }
            else
            {
                return (key.ToString(), i + 1);
            }
        }

        throw Broken(at);
    }

    private bool IsInclude(int at) =>
        string.CompareOrdinal(_text, at, IncludeWord, 0, IncludeWord.Length) == 0
        && at + IncludeWord.Length < _text.Length
        && IsBlank(_text[at + IncludeWord.Length]);

    private int Skip(int at, Func<char, bool> what)
    {
        while (at < _text.Length && what(_text[at]))
        {
            at++;
        }

        return at;
    }

    private int LineOf(int at) => 1 + _text.AsSpan(0, at).Count('\n');

    private DeliveryException Broken(int at) => new(
        $"Line {LineOf(at)} of the file behind 'path' is neither a section, nor a key with '=', nor a comment: PgBouncer reads nothing "
            + "from there on. Correct it.");

    private static bool IsBlank(char c) => c is ' ' or '\t';

    private static bool IsSpace(char c) => c is ' ' or (>= '\t' and <= '\r');
}
