using System.Text;
using Rotunda.Providers.Delivery;

namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>
/// What stands for one database in [databases]: <c>host=… user=… password='it''s'</c>, as PgBouncer reads it. Values with blanks or
/// quotes stand in single quotes, with quotes doubled inside. What is not asked for stays as it is. One character is one byte.
/// </summary>
internal sealed class ConnectText
{
    private readonly string _text;
    private readonly List<(string Key, int Start, int End, string Value)> _pairs = [];

    private ConnectText(string text) => _text = text;

    /// <param name="name">Of the database, for messages.</param>
    /// <exception cref="DeliveryException">PgBouncer would not take it. The message quotes nothing of it.</exception>
    public static ConnectText Parse(string text, string name)
    {
        var connect = new ConnectText(text);
        for (var at = connect.SkipBlanks(0); at < text.Length; at = connect.SkipBlanks(at))
        {
            at = connect.ReadPair(at)
                ?? throw new DeliveryException(
                    $"What stands for '{name}' in [databases] is no list of key=value, with values in single quotes where they have "
                        + "blanks: PgBouncer takes none of it. Correct it.");
        }

        return connect;
    }

    /// <summary>The last one counts for PgBouncer. Null if there is none.</summary>
    public string? Value(string key) => _pairs.FindLast(pair => pair.Key == key) is { Key: not null } found ? Decode(found.Value) : null;

    /// <summary>Each as it stands there, with its quotes; none if the key is not there.</summary>
    public IReadOnlyList<string> Raw(string key) => [.. _pairs.Where(pair => pair.Key == key).Select(pair => _text[pair.Start..pair.End])];

    /// <summary>The whole text with these in the places of the key, in their order; the last one of them for any more.</summary>
    public string WithRaw(string key, IReadOnlyList<string> raw)
    {
        var text = new StringBuilder(_text);
        var places = _pairs.Where(pair => pair.Key == key).ToList();
        for (var i = places.Count - 1; i >= 0 && raw.Count > 0; i--)
        {
            text.Remove(places[i].Start, places[i].End - places[i].Start).Insert(places[i].Start, raw[Math.Min(i, raw.Count - 1)]);
        }

        return text.ToString();
    }

    /// <summary>The whole text with another value in each place of the key. In quotes where quotes were, or where it needs them.</summary>
    public string With(string key, string value)
    {
        var isBare = Raw(key).All(raw => raw[0] != '\'') && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');
        var encoded = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(value));
        return WithRaw(key, [isBare ? encoded : $"'{encoded.Replace("'", "''", StringComparison.Ordinal)}'"]);
    }

    /// <summary>Where the pair ends; null if there is none.</summary>
    private int? ReadPair(int at)
    {
        var end = at;
        while (end < _text.Length && _text[end] is not ('=' or ' '))
        {
            end++;
        }

        var equals = SkipBlanks(end);
        if (end == at || equals >= _text.Length || _text[equals] != '=')
        {
            return null;
        }

        var start = SkipBlanks(equals + 1);
        var (value, after) = start < _text.Length && _text[start] == '\'' ? Quoted(start) : Bare(start);
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        _pairs.Add((_text[at..end], start, after, value));
        return after;
    }

    private (string? Value, int After) Bare(int start)
    {
        var end = _text.IndexOf(' ', start) is >= 0 and var blank ? blank : _text.Length;
        return (_text[start..end], end);
    }

    private (string? Value, int After) Quoted(int start)
    {
        var value = new StringBuilder();
        for (var i = start + 1; i < _text.Length; i++)
        {
            if (_text[i] != '\'')
            {
                value.Append(_text[i]);
            }
            else if (i + 1 < _text.Length && _text[i + 1] == '\'')
            {
                value.Append(_text[i++]);
            }
            else
            {
                return (value.ToString(), i + 1);
            }
        }

        return (null, start);
    }

    private int SkipBlanks(int at)
    {
        while (at < _text.Length && _text[at] == ' ')
        {
            at++;
        }

        return at;
    }

    private static string Decode(string value) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(value));
}
