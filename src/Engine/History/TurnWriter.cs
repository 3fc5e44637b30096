using System.Buffers;
using System.Text.Json;

namespace Rotunda.Engine.History;

/// <summary>
/// Writes a turn as the serializer does, byte for byte. Each step writes one, and the serializer looks up the kind of each part anew. What
/// is rare is left to it.
/// </summary>
internal static class TurnWriter
{
    /// <summary>A thread that once wrote a long turn lets its buffer go.</summary>
    private const int Kept = 64 * 1024;

    private static readonly JsonEncodedText s_at = JsonEncodedText.Encode("at");
    private static readonly JsonEncodedText s_received = JsonEncodedText.Encode("received");
    private static readonly JsonEncodedText s_called = JsonEncodedText.Encode("called");
    private static readonly JsonEncodedText s_kind = JsonEncodedText.Encode("kind");
    private static readonly JsonEncodedText s_id = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText s_op = JsonEncodedText.Encode("op");
    private static readonly JsonEncodedText s_name = JsonEncodedText.Encode("name");
    private static readonly JsonEncodedText s_input = JsonEncodedText.Encode("input");
    private static readonly JsonEncodedText s_output = JsonEncodedText.Encode("output");
    private static readonly JsonEncodedText s_result = JsonEncodedText.Encode("result");
    private static readonly JsonEncodedText s_completed = JsonEncodedText.Encode("completed");
    private static readonly JsonEncodedText s_activity = JsonEncodedText.Encode("activity");
    private static readonly JsonEncodedText s_returned = JsonEncodedText.Encode("returned");

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? s_own;

    public static byte[] Write(Turn turn)
    {
        var (buffer, writer) = s_own ??= Make();
        try
        {
            writer.WriteStartObject();
            writer.WriteString(s_at, turn.At);
            writer.WriteStartArray(s_received);
            foreach (var received in turn.Received)
            {
                Write(writer, received);
            }

            writer.WriteEndArray();
            writer.WriteStartArray(s_called);
            foreach (var called in turn.Called)
            {
                Write(writer, called);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.Flush();
            return buffer.WrittenSpan.ToArray();
        }
        finally
        {
            buffer.ResetWrittenCount();
            writer.Reset();
            s_own = buffer.Capacity > Kept ? null : s_own;
        }
    }

    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer) Make()
    {
        var buffer = new ArrayBufferWriter<byte>();
        // The serializer's own writer has its options.
        var options = HistoryJson.Default.Options;
        return (buffer, new Utf8JsonWriter(
            buffer, new JsonWriterOptions { Encoder = options.Encoder, MaxDepth = options.MaxDepth, SkipValidation = true }));
    }

    private static void Write(Utf8JsonWriter writer, Received received)
    {
        if (received is not OperationCompleted completed)
        {
            JsonSerializer.Serialize(writer, received, HistoryJson.Default.Received);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString(s_kind, s_completed);
        writer.WriteNumber(s_op, completed.Op);
        WritePayload(writer, s_result, completed.Result);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Operation called)
    {
        switch (called)
        {
            case ActivityCalled activity:
                writer.WriteStartObject();
                writer.WriteString(s_kind, s_activity);
                writer.WriteString(s_name, activity.Name);
                WritePayload(writer, s_input, activity.Input);
                break;
            case Returned returned:
                writer.WriteStartObject();
                writer.WriteString(s_kind, s_returned);
                WritePayload(writer, s_output, returned.Output);
                break;
            default:
                JsonSerializer.Serialize(writer, called, HistoryJson.Default.Operation);
                return;
        }

        writer.WriteNumber(s_id, called.Id);
        writer.WriteEndObject();
    }

    private static void WritePayload(Utf8JsonWriter writer, JsonEncodedText name, string? json)
    {
        if (json is not null)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(json, skipInputValidation: true);
        }
    }
}
