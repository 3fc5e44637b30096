using System.Text;
using Rotunda.Providers.Ssh;

namespace Rotunda.Providers.Targets.AuthorizedKeys;

/// <summary>An authorized_keys file, line by line. Lines that are not ours stay as they are, byte for byte.</summary>
internal sealed class AuthorizedKeysText
{
    /// <summary>Each with its line end. One character is one byte, so that no encoding is changed.</summary>
    private readonly List<string> _lines;
    private readonly string _mark;

    private AuthorizedKeysText(List<string> lines, string mark) => (_lines, _mark) = (lines, mark);

    public static AuthorizedKeysText Parse(byte[] bytes, string mark)
    {
        var (lines, text) = (new List<string>(), Encoding.Latin1.GetString(bytes));
        for (var from = 0; from < text.Length;)
        {
            var end = text.IndexOf('\n', from);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[from..end]);
            from = end;
        }

        return new(lines, mark);
    }

    /// <summary>The keys of our lines, in order.</summary>
    public IReadOnlyList<string> OurBlobs => [.. Ours().Select(place => AuthorizedLine.Parse(_lines[place])!.Blob)];

    /// <summary>The raw lines of all keys: what may have to be put back, as a key that is taken over has no mark yet.</summary>
    public IReadOnlyList<string> KeyLines =>
        [.. _lines.Where(line => AuthorizedLine.Parse(line) is not null).Select(line => line.TrimEnd('\r', '\n'))];

    /// <summary>Makes our lines these keys, in this order. A key that stands there already keeps its options and comment.</summary>
    /// <param name="options">For keys that do not stand there; null for those of the key in use.</param>
    public void Set(IReadOnlyList<SshPublicKey> keys, string? options)
    {
        var given = options ?? OptionsInUse(keys) ?? "";
        var wanted = new List<string>();
        foreach (var key in keys)
        {
            var standing = _lines.Select(AuthorizedLine.Parse).FirstOrDefault(line => line?.Blob == key.Blob);
            wanted.Add((standing
                ?? new AuthorizedLine(given, key.Type, key.Blob, "")) is var line
                && line.Has(_mark)
                ? line.ToString() : (line with { Comment = $"{line.Comment} {_mark}".Trim() }).ToString());
        }

        Replace(line => line.Has(_mark) || keys.Any(key => key.Blob == line.Blob), wanted);
    }

    /// <summary>The options of the line of the key in use: of one of these keys, marked or not (at adoption it has no mark), else of our
    /// first line. Null if there is no such line.</summary>
    public string? OptionsInUse(IReadOnlyList<SshPublicKey> keys) =>
        (_lines.Select(AuthorizedLine.Parse).FirstOrDefault(line => keys.Any(key => key.Blob == line?.Blob))
            ?? Ours().Select(place => AuthorizedLine.Parse(_lines[place])).FirstOrDefault())?.Options;

    /// <summary>Puts our lines back as they were among these lines.</summary>
    public void Restore(IReadOnlyList<string> before)
    {
        var now = OurBlobs.ToHashSet(StringComparer.Ordinal);
        var wanted = before.Where(raw => AuthorizedLine.Parse(raw) is { } line && (line.Has(_mark) || now.Contains(line.Blob))).ToList();
        var blobs = wanted.Select(raw => AuthorizedLine.Parse(raw)!.Blob).ToHashSet(StringComparer.Ordinal);
        Replace(line => line.Has(_mark) || blobs.Contains(line.Blob), wanted);
    }

    public byte[] ToBytes() => Encoding.Latin1.GetBytes(string.Concat(_lines));

    private IEnumerable<int> Ours() =>
        Enumerable.Range(0, _lines.Count).Where(place => AuthorizedLine.Parse(_lines[place])?.Has(_mark) == true);

    /// <summary>Puts the lines where those that match were, one for one; more of them behind the last one.</summary>
    private void Replace(Func<AuthorizedLine, bool> matches, List<string> wanted)
    {
        var places =
            Enumerable.Range(0, _lines.Count).Where(place => AuthorizedLine.Parse(_lines[place]) is { } line && matches(line)).ToList();
        for (var i = 0; i < Math.Min(places.Count, wanted.Count); i++)
        {
            _lines[places[i]] = wanted[i] + EndOf(_lines[places[i]]);
        }

        for (var i = places.Count - 1; i >= wanted.Count; i--)
        {
            Remove(places[i]);
        }

        foreach (var (line, index) in wanted.Skip(places.Count).Select((line, index) => (line, index)))
        {
            Insert(places.Count > 0 ? places[^1] + 1 + index : _lines.Count, line);
        }
    }

    /// <summary>A file whose last line has no end stays one.</summary>
    private void Insert(int place, string line)
    {
        var open = place == _lines.Count && _lines is [.., var last] && EndOf(last).Length == 0;
        if (open)
        {
            _lines[^1] += "\n";
        }

        _lines.Insert(place, open ? line : line + "\n");
    }

    private void Remove(int place)
    {
        var open = place == _lines.Count - 1 && EndOf(_lines[place]).Length == 0;
        _lines.RemoveAt(place);
        if (open && _lines.Count > 0)
        {
            _lines[^1] = _lines[^1][..^EndOf(_lines[^1]).Length];
        }
    }

    private static string EndOf(string line) => line.EndsWith("\r\n", StringComparison.Ordinal) ? "\r\n" : line.EndsWith('\n') ? "\n" : "";
}
