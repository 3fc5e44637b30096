using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rotunda.Providers.Vendors;

/// <summary>Values in several parts: a text that is a JSON object.</summary>
internal static class JsonParts
{
    /// <summary>A member that is a text; null where there is none, or the value is no JSON object.</summary>
    public static string? Member(string? value, string member)
    {
        try
        {
            return value is not null && JsonNode.Parse(value) is JsonObject parts ? (string?)parts[member] : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
