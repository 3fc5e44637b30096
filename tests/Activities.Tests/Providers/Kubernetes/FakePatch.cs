using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.Kubernetes;

/// <summary>The patches that an API server takes. <see cref="FakePatchTests"/> compares them with kubectl's.</summary>
/// <remarks>https://datatracker.ietf.org/doc/html/rfc7386, https://datatracker.ietf.org/doc/html/rfc6902,
/// https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/</remarks>
internal static class FakePatch
{
    public static JsonObject Apply(JsonObject item, FakeRequest request, bool isCustom) =>
        Apply(item, request.ContentType ?? "", JsonNode.Parse(request.Body)!, isCustom);

    public static JsonObject Apply(JsonObject item, string contentType, JsonNode patch, bool isCustom = false) => contentType switch
    {
        "application/merge-patch+json" => Merge(item.DeepClone(), patch)!.AsObject(),
        "application/strategic-merge-patch+json" when isCustom =>
            throw new FakePatchException(415, "UnsupportedMediaType", "the body of the request was in an unknown format"),
        "application/strategic-merge-patch+json" => Merge(item.DeepClone(), WithoutLists(patch))!.AsObject(),
        "application/json-patch+json" => Operations(item.DeepClone().AsObject(), patch.AsArray()),
        _ => throw new FakePatchException(415, "UnsupportedMediaType", "the body of the request was in an unknown format"),
    };

    private static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject members)
        {
            return patch?.DeepClone();
        }

        var merged = target as JsonObject ?? [];
        foreach (var (name, value) in members)
        {
            if (value is null)
            {
                merged.Remove(name);
            }
            else
            {
                var before = merged[name];
                merged.Remove(name);
                merged[name] = Merge(before, value);
            }
        }

        return merged;
    }

    /// <summary>Lists are merged by keys that differ from list to list: this fake knows only patches without any.</summary>
    private static JsonNode WithoutLists(JsonNode patch) => patch switch
    {
        JsonArray => throw new FakeVendorException("A strategic merge patch with a list: this fake does not know how that merges."),
        JsonObject map when map.All(pair => pair.Value is null || WithoutLists(pair.Value) is not null) => patch,
        _ => patch,
    };

    private static JsonObject Operations(JsonObject item, JsonArray operations)
    {
        foreach (var operation in operations)
        {
            var (op, path, value) = (
                (string)operation!["op"]!,
                ((string)operation["path"]!).Split('/')[1..].Select(part => part.Replace("~1", "/").Replace("~0", "~")).ToArray(),
                operation["value"]);
            var parent = path[..^1].Aggregate((JsonNode?)item, Member);
            var there = Member(parent, path[^1]);
            // A replace of an absent member adds it: the API server is laxer there than the RFC.
            if (parent is null
                || (there is null && (op is "test" or "remove" || parent is JsonArray))
                || (op == "test" && !JsonNode.DeepEquals(there, value)))
            {
                throw new FakePatchException(422, "Invalid", "the server rejected our request due to an error in our request");
            }

            Change(op, parent, path[^1], value);
        }

        return item;
    }

    private static JsonNode? Member(JsonNode? node, string name) => node switch
    {
        JsonObject map => map[name],
        JsonArray items when int.TryParse(name, out var index) && index < items.Count => items[index],
        _ => null,
    };

    private static void Change(string op, JsonNode parent, string name, JsonNode? value)
    {
        switch (op, parent)
        {
            case ("test", _):
                break;
            case ("replace" or "add", JsonObject map):
                map[name] = value?.DeepClone();
                break;
            case ("replace", JsonArray items):
                items[int.Parse(name)] = value?.DeepClone();
                break;
            case ("remove", JsonObject map):
                map.Remove(name);
                break;
            default:
                throw new FakeVendorException($"The JSON patch operation '{op}' is not known to this fake.");
        }
    }
}

internal sealed class FakePatchException(int status, string reason, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Reason { get; } = reason;
}
