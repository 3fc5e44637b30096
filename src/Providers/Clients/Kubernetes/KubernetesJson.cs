using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rotunda.Providers.Clients.Kubernetes;

/// <summary>Reads objects of the API without assuming that anything is there: what is absent or of another type is null or 0.</summary>
internal static class KubernetesJson
{
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var member in path)
        {
            node = node is JsonObject map ? map[member] : null;
        }

        return node;
    }

    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    public static bool Flag(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    public static long? Number(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value
            && value.GetValueKind() == JsonValueKind.Number
            && long.TryParse(value.ToJsonString(), out var number) ? number : null;

    public static IEnumerable<JsonObject> Items(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonArray array ? array.OfType<JsonObject>() : [];

    public static string Name(this JsonNode? node) => node.Text("metadata", "name") ?? "";

    public static string? Annotation(this JsonNode? node, string name) => node.Text("metadata", "annotations", name);
}
