using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rotunda.Engine.History;

/// <summary>
/// The present generation of one instance as a JSON document: a golden history. Kept in tests, it proves that today's code
/// still replays what a released version recorded.
/// </summary>
public sealed record HistoryFile
{
    private static readonly JsonWriterOptions Readable = new()
    {
        Indented = true,
        NewLine = "\n",
        // For files and eyes, never for a web page: no \u002B for a plus.
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public required string InstanceId { get; init; }

    public required string Name { get; init; }

    public required int Generation { get; init; }

    [JsonConverter(typeof(RawJsonConverter))]
    public string? Input { get; init; }

    [JsonInclude]
    internal IReadOnlyList<Turn> Turns { get; init; } = [];

    public static HistoryFile Parse(string json) => JsonSerializer.Deserialize(json, HistoryJson.Default.HistoryFile)!;

    /// <summary>Indented, one property per line, so that two recordings can be compared by eye.</summary>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            // Through an element, because raw payloads would keep their own layout.
            JsonSerializer.SerializeToElement(this, HistoryJson.Default.HistoryFile).WriteTo(writer);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }
}
