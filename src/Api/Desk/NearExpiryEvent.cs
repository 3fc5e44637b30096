using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Messaging;
using Azure.Messaging.EventGrid;

namespace Rotunda.Api.Desk;

/// <summary>
/// A secret in a key vault that is about to expire, as Event Grid tells it.
/// See https://learn.microsoft.com/azure/event-grid/event-schema-key-vault
/// </summary>
public sealed record NearExpiryEvent(string Vault, string Name, string? Version, DateTimeOffset? ExpiresAt)
{
    public const string Type = "Microsoft.KeyVault.SecretNearExpiry";

    /// <summary>
    /// Reads a message of the queue that Event Grid delivers to: one event or an array of them, in the Event Grid schema or as
    /// CloudEvents, as JSON or as base64 of it. Events of other types are left out.
    /// </summary>
    /// <exception cref="FormatException">It is no event, or one of that type that lacks the vault's or the secret's name.</exception>
    public static IReadOnlyList<NearExpiryEvent> Read(string message)
    {
        try
        {
            var json = TextOf(message);
            return [.. DataOf(json).Where(e => string.Equals(e.Type, Type, StringComparison.OrdinalIgnoreCase)).Select(e => Of(e.Data))];
        }
        catch (Exception problem) when (problem is not FormatException)
        {
            // The library has an exception of its own for each way in which a text is no event.
            throw new FormatException("The message is not an event as Event Grid sends it.", problem);
        }
    }

    /// <summary>Microsoft's pages do not agree on whether Event Grid encodes what it puts into a queue; JSON is never base64.</summary>
    private static string TextOf(string message) =>
        message.TrimStart() is ['{' or '[', ..] ? message : Encoding.UTF8.GetString(Convert.FromBase64String(message));

    private static IEnumerable<(string Type, BinaryData? Data)> DataOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var first = root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().FirstOrDefault() : root;
        if (first.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("The message has no event in it.");
        }

        var binary = BinaryData.FromString(json);
        return first.TryGetProperty("specversion", out _)
            ? [.. CloudEvent.ParseMany(binary).Select(e => (e.Type, e.Data))]
            : [.. EventGridEvent.ParseMany(binary).Select(e => (e.EventType, (BinaryData?)e.Data))];
    }

    private static NearExpiryEvent Of(BinaryData? json) =>
        json is not null
        && JsonSerializer.Deserialize(json, NearExpiryJson.Default.EventData) is { } data
        && data is { VaultName: { Length: > 0 } vault, ObjectName: { Length: > 0 } name }
            ? new NearExpiryEvent(vault, name, data.Version, TimeOf(data.Exp))
            : throw new FormatException("The event does not name its vault and its secret.");

    /// <summary>Seconds since 1970; sent as a number, and by some tools as text.</summary>
    private static DateTimeOffset? TimeOf(JsonElement? value)
    {
        var text = value switch
        {
            { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
            { ValueKind: JsonValueKind.String } word => word.GetString(),
            _ => null,
        };
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
    }
}

/// <summary>The event's own data. The library's type for it keeps the time as a float, which is off by up to a minute.</summary>
internal sealed record EventData(string? VaultName, string? ObjectName, string? Version, JsonElement? Exp);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(EventData))]
internal sealed partial class NearExpiryJson : JsonSerializerContext;
