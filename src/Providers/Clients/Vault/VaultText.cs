using System.Text.Json.Nodes;

namespace Rotunda.Providers.Clients.Vault;

/// <summary>Reads parts of Vault's answers.</summary>
internal static class VaultText
{
    /// <summary>Null if it is no text.</summary>
    public static string? Of(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>A number of seconds; null if it is none.</summary>
    public static TimeSpan? Seconds(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<long>(out var seconds) && seconds is >= 0 and < int.MaxValue * 100L
            ? TimeSpan.FromSeconds(seconds)
            : null;

    /// <summary>False if it is no truth value.</summary>
    public static bool Flag(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;
}
