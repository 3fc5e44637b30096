using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rotunda.Engine.History;

/// <summary>
/// Keeps a payload, which is JSON text already, as JSON inside the history instead of as an escaped string: smaller,
/// cheaper to write, and readable in a golden history.
/// </summary>
internal sealed class RawJsonConverter : JsonConverter<string?>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.ValueKind == JsonValueKind.Null ? null : document.RootElement.GetRawText();
    }

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options)
    {
        if (value is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            // Payloads come from PayloadSerializer or from a history, so they are valid JSON.
            writer.WriteRawValue(value, skipInputValidation: true);
        }
    }
}
