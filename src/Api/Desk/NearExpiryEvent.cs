using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rotunda.Api.Desk;

/// <summary>
/// A secret in a key vault that is about to expire, as Event Grid tells it.
/// See https://learn.microsoft.com/azure/event-grid/event-schema-key-vault
/// </summary>
public sealed record NearExpiryEvent(string Vault, string Name, string? Version, DateTimeOffset? ExpiresAt)
{
    public const string Type = "Microsoft.KeyVault.SecretNearExpiry";

    /// <summary>Reads one event, in the Event Grid schema or as a CloudEvent. Null for one of another type.</summary>
    /// <exception cref="FormatException">It is of that type, and lacks the vault's or the secret's name; or it is no event at all.</exception>
    public static NearExpiryEvent? Read(string json)
    {
        try
        {
            var envelope = JsonSerializer.Deserialize(json, NearExpiryJson.Default.EventEnvelope) ?? throw new FormatException("The event is null.");
            if (!string.Equals(envelope.EventType ?? envelope.Type, Type, StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }

            return envelope.Data is { VaultName: { Length: > 0 } vault, ObjectName: { Length: > 0 } name } data
                ? new NearExpiryEvent(vault, name, data.Version, TimeOf(data.Exp))
                : throw new FormatException("The event does not name its vault and its secret.");
        }
        catch (JsonException problem)
        {
            throw new FormatException("The event is not the JSON that Event Grid sends.", problem);
        }
    }

    /// <summary>Seconds since 1970; sent as a number, and by some tools as text.</summary>
    private static DateTimeOffset? TimeOf(JsonElement? value)
    {
        var text = value switch
        {
            { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
            { ValueKind: JsonValueKind.String } word => word.GetString(),
            _ => null,
        };
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
    }
}

internal sealed record EventEnvelope(string? EventType, string? Type, EventData? Data);

internal sealed record EventData(string? VaultName, string? ObjectName, string? Version, JsonElement? Exp);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(EventEnvelope))]
internal sealed partial class NearExpiryJson : JsonSerializerContext;
