using System.Text.Json;
using System.Text.Json.Serialization;
using Rotunda.Orchestration;

namespace Rotunda.Engine.History;

/// <summary>The persisted forms: a turn (a history row), a message waiting in the inbox, unread events, a failure.</summary>
/// <remarks>A payload may be as deep as its own serializer allows (64), and lies a few levels down in a turn.</remarks>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    MaxDepth = 128,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Turn))]
[JsonSerializable(typeof(Received))]
[JsonSerializable(typeof(Operation))]
[JsonSerializable(typeof(List<EventRaised>))]
[JsonSerializable(typeof(FailureDetails))]
[JsonSerializable(typeof(HistoryFile))]
internal sealed partial class HistoryJson : JsonSerializerContext
{
    public static byte[] Write(Turn turn) => TurnWriter.Write(turn);

    public static Turn ReadTurn(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, Default.Turn)!;

    public static string Write(Received received) => JsonSerializer.Serialize(received, Default.Received);

    public static Received ReadReceived(string json) => JsonSerializer.Deserialize(json, Default.Received)!;

    public static string? Write(List<EventRaised> events) =>
        events.Count == 0 ? null : JsonSerializer.Serialize(events, Default.ListEventRaised);

    public static List<EventRaised> ReadEvents(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize(json, Default.ListEventRaised)!;

    public static string? Write(FailureDetails? failure) =>
        failure is null ? null : JsonSerializer.Serialize(failure, Default.FailureDetails);

    public static FailureDetails? ReadFailure(string? json) =>
        json is null ? null : JsonSerializer.Deserialize(json, Default.FailureDetails);
}
