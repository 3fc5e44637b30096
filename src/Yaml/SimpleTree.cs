using System.Buffers;
using System.Runtime.InteropServices;

namespace Rotunda.Yaml;

/// <summary>
/// Reads the YAML that nearly all of a catalog is: maps and lists by indentation, with each value on one line. That takes a small part of
/// the time of the whole language. It never says that anything is wrong: whatever it does not know for sure, it leaves to
/// the reader of the whole language, and what it reads is the same tree, with the same places.
/// </summary>
public sealed partial class SimpleTree
{
    /// <summary>How many levels there may be, for either reader.</summary>
    public const int MaxDepth = 32;

    /// <summary>How many nodes there may be, for either reader.</summary>
    public const int MaxNodes = 200_000;

    private const int LongestKey = 200;
    private static readonly SearchValues<char> s_usual =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code), '\n']);

    /// <summary>What a plain value may start with; it may have any of <see cref="s_usual"/> further on.</summary>
    private static readonly SearchValues<char> s_starts =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._+$~(");

    private static readonly SearchValues<char> s_inKeys =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./@+");

    /// <summary>Of a plain value between brackets.</summary>
    private static readonly SearchValues<char> s_inFlow =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./@+$~=() ");

    private readonly string _text;
    private readonly SharedTexts _texts = new();

    /// <summary>Of the maps that are being read, one in the other,</summary>
    private readonly List<KeyValuePair<YamlNode, YamlNode>> _entries = [];

    /// <summary>and of the lists.</summary>
    private readonly List<YamlNode> _items = [];

    private SimpleTree(string text) => _text = text;

    /// <returns>Null for what has to be read as the whole language.</returns>
    public static YamlNode? TryRead(string text)
    {
        for (var rest = text.AsSpan(); rest.IndexOfAnyExcept(s_usual) is >= 0 and var other; rest = rest[(other + 1)..])
        {
            // Letters of Latin languages. Some other characters end a line, or are not allowed.
            if (!char.IsBetween(rest[other], '\u00C0', '\u024F'))
            {
                return null;
            }
        }
        var tree = new SimpleTree(text);
        tree.NextLine();
        var root = tree._indent == 0 && !tree.IsDash ? tree.ReadMap(0, 0) : null;
        return root?.Size <= MaxNodes && tree._indent < 0 ? root : null;
    }

    private YamlNode? ReadMap(int indent, int depth)
    {
        var (line, column, size) = (_line, Column, 1);
        var from = _entries.Count;
        do
        {
            if (depth >= MaxDepth || ReadKey() is not { } key || ReadValue(indent, depth + 1) is not { } value)
            {
                return null;
            }
            _entries.Add(new(key, value));
            size += 1 + value.Size;
        }
        while (_indent == indent);
        return _indent > indent
            ? null
            : new YamlNode(YamlNodeKind.Map, line, column) { Entries = Taken(_entries, from), Size = size };
    }

    /// <param name="isOwn">False where its lines begin right below the key that it belongs to, so that another key may follow.</param>
    private YamlNode? ReadList(int indent, int depth, bool isOwn)
    {
        var (line, column, size) = (_line, Column, 1);
        var from = _items.Count;
        do
        {
            _at += 2;
            if (depth >= MaxDepth || IsOver() || IsDash)
            {
                return null;
            }
            var isMap = IsKey(out _);
            if ((isMap ? ReadMap(_at - _start, depth + 1) : ReadValue(indent, depth + 1)) is not { } item)
            {
                return null;
            }
            _items.Add(item);
            size += item.Size;
        }
        while (_indent == indent && IsDash);
        return _indent > indent || (_indent == indent && isOwn)
            ? null
            : new YamlNode(YamlNodeKind.List, line, column) { Items = Taken(_items, from), Size = size };
    }

    /// <summary>What belongs to a key, or to a dash: on the rest of the line, or below.</summary>
    private YamlNode? ReadValue(int indent, int depth)
    {
        if (!IsOver())
        {
            var value = ReadInLine(depth, isInFlow: false);
            if (value is null || !IsOver())
            {
                return null;
            }
            NextLine();
            // Deeper, it would go on there.
            return _indent > indent ? null : value;
        }
        NextLine();
        return _indent > indent && depth < MaxDepth
            ? IsDash ? ReadList(_indent, depth, isOwn: true) : ReadMap(_indent, depth)
            : _indent == indent && IsDash ? ReadList(indent, depth, isOwn: false) : null;
    }

    private YamlNode? ReadInLine(int depth, bool isInFlow)
    {
        return _at == _end || depth > MaxDepth ? null : _text[_at] switch
        {
            '"' => ReadQuoted('"', '\\'),
            '\'' => ReadQuoted('\'', '\''),
            '{' => ReadFlowMap(depth),
            '[' => ReadFlowList(depth),
            _ => ReadPlain(isInFlow),
        };
    }

    /// <param name="escape">What makes it more than the text between its quotes.</param>
    private YamlNode? ReadQuoted(char quote, char escape)
    {
        var rest = _text.AsSpan(_at + 1, _end - _at - 1);
        var length = rest.IndexOf(quote);
        if (length < 0 || rest[..length].Contains(escape) || (escape == quote && length + 1 < rest.Length && rest[length + 1] == quote))
        {
            return null;
        }
        var node = Scalar(rest[..length], isPlain: false);
        _at += length + 2;
        return node;
    }

    private YamlNode? ReadPlain(bool isInFlow)
    {
        var rest = _text.AsSpan(_at, _end - _at);
        if (!s_starts.Contains(rest[0]))
        {
            return null;
        }
        int length;
        if (isInFlow)
        {
            length = rest.IndexOfAnyExcept(s_inFlow);
            if (length < 0 || rest[length] is not (',' or ']' or '}'))
            {
                return null;
            }
        }
        else
        {
            length = rest.IndexOf(" #");
            length = length < 0 ? rest.Length : length;
            if (rest[..length].TrimEnd(' ').EndsWith(':') || rest[..length].Contains(": ", StringComparison.Ordinal))
            {
                return null;
            }
        }
        var node = Scalar(rest[..length].TrimEnd(' '), isPlain: true);
        _at += length;
        return node;
    }

    private YamlNode? ReadFlowMap(int depth)
    {
        var (column, size) = (Column, 1);
        var from = _entries.Count;
        if (!IsEmpty('}'))
        {
            do
            {
                Skip();
                if (ReadKey() is not { } key || SkipSpaces() || ReadInLine(depth + 1, isInFlow: true) is not { } value)
                {
                    return null;
                }
                _entries.Add(new(key, value));
                size += 1 + value.Size;
                SkipSpaces();
            }
            while (Is(','));
        }
        if (!Is('}'))
        {
            return null;
        }
        _at++;
        return new YamlNode(YamlNodeKind.Map, _line, column) { Entries = Taken(_entries, from), Size = size };
    }

    private YamlNode? ReadFlowList(int depth)
    {
        var (column, size) = (Column, 1);
        var from = _items.Count;
        if (!IsEmpty(']'))
        {
            do
            {
                Skip();
                if (ReadInLine(depth + 1, isInFlow: true) is not { } item)
                {
                    return null;
                }
                _items.Add(item);
                size += item.Size;
                SkipSpaces();
            }
            while (Is(','));
        }
        if (!Is(']'))
        {
            return null;
        }
        _at++;
        return new YamlNode(YamlNodeKind.List, _line, column) { Items = Taken(_items, from), Size = size };
    }

    private YamlNode? ReadKey()
    {
        if (!IsKey(out var length))
        {
            return null;
        }
        var node = Scalar(_text.AsSpan(_at, length), isPlain: true);
        _at += length + 1;
        return node;
    }

    private bool IsKey(out int length)
    {
        var rest = _text.AsSpan(_at, _end - _at);
        length = rest.IndexOfAnyExcept(s_inKeys);
        return length is > 0 and < LongestKey && rest[length] == ':' && (length + 1 == rest.Length || rest[length + 1] == ' ')
            && (char.IsAsciiLetterOrDigit(rest[0]) || rest[0] == '_');
    }

    private YamlNode Scalar(ReadOnlySpan<char> text, bool isPlain) =>
        new(YamlNodeKind.Scalar, _line, Column) { Text = _texts.Of(text), Plain = isPlain };

    private static T[] Taken<T>(List<T> all, int from)
    {
        var own = CollectionsMarshal.AsSpan(all)[from..].ToArray();
        all.RemoveRange(from, own.Length);
        return own;
    }
}
