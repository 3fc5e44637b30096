using System.Text.Json.Nodes;

namespace Rotunda.Api.Desk;

/// <summary>Whether two targets of one type are the same place.</summary>
internal static class Places
{
    private const string Keys = "keys";

    /// <summary>All settings alike, and of the keys, where there are any, at least one.</summary>
    public static bool Overlap(JsonObject one, JsonObject other)
    {
        var (left, right) = (one[Keys] as JsonObject, other[Keys] as JsonObject);
        return (left is null || right is null || left.Any(pair => right.ContainsKey(pair.Key)))
            && JsonNode.DeepEquals(Without(one), Without(other));
    }

    private static JsonObject Without(JsonObject settings)
    {
        var rest = (JsonObject)settings.DeepClone();
        foreach (var name in new[] { Keys, "template", "mode" })
        {
            rest.Remove(name);
        }

        return rest;
    }
}
