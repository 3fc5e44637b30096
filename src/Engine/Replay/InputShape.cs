using System.Text.Json;

namespace Rotunda.Engine.Replay;

/// <summary>
/// The structure of a payload without its values: kinds, and the names of properties. Null stands for any kind, because
/// an optional value may be absent in one call and present in the next.
/// </summary>
internal static class InputShape
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 128 };

    public static bool Same(string? before, string? now)
    {
        if (before == now || before is null || now is null)
        {
            return true;
        }

        using var a = JsonDocument.Parse(before, Deep);
        using var b = JsonDocument.Parse(now, Deep);
        return Same(a.RootElement, b.RootElement);
    }

    public static string Describe(string? json)
    {
        if (json is null)
        {
            return "null";
        }

        using var document = JsonDocument.Parse(json, Deep);
        return Describe(document.RootElement);
    }

    private static bool Same(JsonElement a, JsonElement b)
    {
        if (a.ValueKind == JsonValueKind.Null || b.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        return Kind(a) == Kind(b) && a.ValueKind switch
        {
            JsonValueKind.Object => SameProperties(a, b),
            JsonValueKind.Array => a.EnumerateArray().Zip(b.EnumerateArray()).All(pair => Same(pair.First, pair.Second)),
            _ => true,
        };
    }

    private static bool SameProperties(JsonElement a, JsonElement b) =>
        a.GetPropertyCount() == b.GetPropertyCount()
        && a.EnumerateObject().All(property => b.TryGetProperty(property.Name, out var other) && Same(property.Value, other));

    private static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(", ", element.EnumerateObject().Select(p => $"{p.Name}: {Describe(p.Value)}")) + "}",
        JsonValueKind.Array => "[" + (element.GetArrayLength() == 0 ? string.Empty : Describe(element[0])) + "]",
        _ => Kind(element),
    };

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        var kind => kind.ToString().ToLowerInvariant(),
    };
}
