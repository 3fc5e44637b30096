using System.Text;
using System.Text.RegularExpressions;
using Rotunda.Providers.Delivery;

namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>
/// A userlist.txt, line by line: <c>"user" "secret"</c>, with quotes doubled inside, comments behind a semicolon. Lines that are
/// not asked for stay as they are, byte for byte.
/// </summary>
internal sealed partial class UserListText
{
    /// <summary>Each with its line end. One character is one byte, so that no encoding is changed.</summary>
    private readonly List<string> _lines;

    private UserListText(List<string> lines) => _lines = lines;

    /// <exception cref="DeliveryException">PgBouncer would stop reading at one of its lines.</exception>
    public static UserListText Parse(byte[] bytes)
    {
        var lines = new List<string>();
        var text = Encoding.Latin1.GetString(bytes);
        for (var from = 0; from < text.Length;)
        {
            var end = text.IndexOf('\n', from);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[from..end]);
            from = end;
        }

        var broken = lines.FindIndex(line => !string.IsNullOrWhiteSpace(line) && line.TrimStart()[0] != ';' && !Entry().IsMatch(line));
        return broken < 0
            ? new(lines)
            : throw new DeliveryException(
                $"Line {broken + 1} of the file behind 'path' is not \"user\" \"secret\": PgBouncer reads nothing from there on. Correct "
                    + "it, or make it a comment with a semicolon.");
    }

    /// <summary>The raw lines of a user, none if there are none.</summary>
    public IReadOnlyList<string> Lines(string user) => [.. Places(user).Select(place => _lines[place])];

    /// <summary>What stands for the user; the last one counts for PgBouncer. Null if nothing does.</summary>
    public string? Secret(string user) =>
        Places(user) is [.., var last] ? Unquote(Entry().Match(_lines[last]).Groups["secret"].Value) : null;

    /// <summary>Makes every line of the user say this, or adds one.</summary>
    public void Set(string user, string secret)
    {
        var places = Places(user);
        foreach (var place in places)
        {
            var entry = Entry().Match(_lines[place]);
            _lines[place] = $"{entry.Groups["before"].Value}{Quote(user)} {Quote(secret)}{entry.Groups["rest"].Value}";
        }

        if (places.Count == 0)
        {
            Append($"{Quote(user)} {Quote(secret)}\n");
        }
    }

    /// <summary>Gives the user these raw lines again, where its lines are now; none takes them away.</summary>
    public void Restore(string user, IReadOnlyList<string> lines)
    {
        var places = Places(user);
        for (var i = places.Count - 1; i >= 0; i--)
        {
            if (i < lines.Count)
            {
                _lines[places[i]] = WithEnd(lines[i], _lines[places[i]].EndsWith('\n'));
            }
            else
            {
                Remove(places[i]);
            }
        }

        foreach (var line in lines.Skip(places.Count))
        {
            Append(line);
        }
    }

    public byte[] ToBytes() => Encoding.Latin1.GetBytes(string.Concat(_lines));

    private List<int> Places(string user)
    {
        var quoted = Quote(user);
        return [.. Enumerable.Range(0, _lines.Count)
            .Where(i => Entry().Match(_lines[i]) is { Success: true } entry && entry.Groups["user"].Value == quoted)];
    }

    /// <summary>A file whose last line has no end stays one.</summary>
    private void Append(string line)
    {
        if (_lines is [.., var last] && !last.EndsWith('\n'))
        {
            _lines[^1] = last + "\n";
            line = WithEnd(line, false);
        }
        else
        {
            line = WithEnd(line, true);
        }

        _lines.Add(line);
    }

    private void Remove(int place)
    {
        var wasOpen = place == _lines.Count - 1 && !_lines[place].EndsWith('\n');
        _lines.RemoveAt(place);
        if (wasOpen && _lines.Count > 0)
        {
            _lines[^1] = WithEnd(_lines[^1], false);
        }
    }

    private static string WithEnd(string line, bool end) => end == line.EndsWith('\n') ? line : end ? line + "\n" : line[..^1];

    private static string Quote(string text) => $"\"{Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text)).Replace("\"", "\"\"")}\"";

    private static string Unquote(string quoted) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(quoted[1..^1].Replace("\"\"", "\"")));

    [GeneratedRegex(
        """^(?<before>[ \t\r\f\v]*)(?<user>"(?:[^"\n]|"")*")[^"\n]*(?<secret>"(?:[^"\n]|"")*")(?<rest>[^\n]*\n?)\z""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Entry();
}
