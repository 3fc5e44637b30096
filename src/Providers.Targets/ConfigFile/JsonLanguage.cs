using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Rotunda.Providers.Targets.ConfigFile;

/// <summary>JSON, with comments and commas at the end where they are.</summary>
internal sealed class JsonLanguage : ConfigLanguage
{
    private static readonly JsonReaderOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public override string Name => "json";

    public override string Write(string text, ConfigNode node, string path, string value) => Quoted(value);

    public override bool IsEmpty(string text) => string.IsNullOrWhiteSpace(text)
        || (text.Trim() is ['{', .. var within, '}'] && string.IsNullOrWhiteSpace(within));

    protected override ConfigNode Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return new ConfigNode(ConfigKind.Map, 0, 0);
        }

        try
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            var reader = new Utf8JsonReader(bytes, Options);
            var places = new Places(bytes);
            reader.Read();
            var root = Read(ref reader, places);
            while (reader.Read())
            {
                // What stands behind the end is refused by the reader.
            }

            return root;
        }
        catch (JsonException problem)
        {
            // What the exception says may hold a piece of a value.
            throw Broken((int?)problem.LineNumber + 1);
        }
    }

    protected override string Insert(
        string text, IReadOnlyList<ConfigNode> parents, IReadOnlyList<string> rest, string path, string value)
    {
        var map = parents[^1];
        var member = Quoted(value);
        for (var i = rest.Count - 1; i >= 0; i--)
        {
            member = i == 0 ? $"{Quoted(rest[i])}: {member}" : $"{{ {Quoted(rest[i])}: {member} }}";
        }

        if (map.End == 0)
        {
            return $"{{ {member} }}\n";
        }

        if (map.Entries.Count == 0)
        {
            return text.Insert(map.Start + 1, member);
        }

        // Before the first one, in whose place and with whose distance it stands.
        var first = map.Entries[0].Start;
        var blanks = first - text.AsSpan(0, first).TrimEnd().Length;
        var between = blanks > 0 && text.AsSpan(first - blanks, blanks).LastIndexOf('\n') is var line and >= 0
            ? NewLineOf(text) + text[(first - blanks + line + 1)..first]
            : " ";
        return text.Insert(first, $"{member},{between}");
    }

    protected override string Cut(string text, ConfigNode map, int index)
    {
        var entry = map.Entries[index];
        if (index + 1 < map.Entries.Count)
        {
            var next = map.Entries[index + 1].Start;
            var between = text[entry.Node.End..next];
            var end = between.Trim() == "," ? next : text.IndexOf(',', entry.Node.End) + 1;
            return text.Remove(entry.Start, end - entry.Start);
        }

        if (index > 0 && text[map.Entries[index - 1].Node.End..entry.Start].Trim() == ",")
        {
            var before = map.Entries[index - 1].Node.End;
            return text.Remove(before, entry.Node.End - before);
        }

        return text.Remove(entry.Start, entry.Node.End - entry.Start);
    }

    private static string Quoted(string value) => $"\"{JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static ConfigNode Read(ref Utf8JsonReader reader, Places places)
    {
        var start = places.Of(reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var entries = new List<ConfigEntry>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var (name, at) = (reader.GetString()!, places.Of(reader.TokenStartIndex));
                    reader.Read();
                    entries.Add(new ConfigEntry(name, at, Read(ref reader, places)));
                }

                var map = new ConfigNode(ConfigKind.Map, start, places.Of(reader.BytesConsumed)) { IsInline = true };
                map.Entries.AddRange(entries);
                return map;
            case JsonTokenType.StartArray:
                var items = new List<ConfigNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Read(ref reader, places));
                }

                var list = new ConfigNode(ConfigKind.List, start, places.Of(reader.BytesConsumed));
                list.Items.AddRange(items);
                return list;
            case JsonTokenType.String:
                return new ConfigNode(ConfigKind.Scalar, start, places.Of(reader.BytesConsumed)) { Text = Text(ref reader), Style = '"' };
            case JsonTokenType.Null:
                return new ConfigNode(ConfigKind.Scalar, start, places.Of(reader.BytesConsumed));
            default:
                return new ConfigNode(ConfigKind.Scalar, start, places.Of(reader.BytesConsumed))
                {
                    Fixed = "is a number or a truth value, and what is delivered is a text. Put quotes around it, or correct the path",
                };
        }
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new JsonException();
        }
    }

    /// <summary>Places among characters, of places among bytes that never go back by more than a token.</summary>
    private sealed class Places(byte[] bytes)
    {
        private int _bytes;
        private int _characters;

        public int Of(long place)
        {
            var at = (int)place;
            _characters += at >= _bytes
                ? Encoding.UTF8.GetCharCount(bytes, _bytes, at - _bytes)
                : -Encoding.UTF8.GetCharCount(bytes, at, _bytes - at);
            _bytes = at;
            return _characters;
        }
    }
}
