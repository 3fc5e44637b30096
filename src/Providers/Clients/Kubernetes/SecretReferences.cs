using System.Text.Json.Nodes;

namespace Rotunda.Providers.Clients.Kubernetes;

/// <summary>One place in a pod's spec that names a Secret.</summary>
/// <param name="Pointer">The JSON pointer to the name (RFC 6901), from the spec on.</param>
internal sealed record SecretReference(string Pointer, string Secret);

/// <summary>
/// Finds every place of a pod's spec that names a Secret: env, envFrom, volumes (also projected ones and those of drivers) and
/// imagePullSecrets. By the members' names, so that a place that this code has not heard of is not missed.
/// </summary>
/// <remarks>https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/</remarks>
internal static class SecretReferences
{
    public static IEnumerable<SecretReference> Of(JsonNode? podSpec) => Walk(podSpec, "", null);

    private static IEnumerable<SecretReference> Walk(JsonNode? node, string pointer, string? member)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var found in map.SelectMany(pair => Member(pair.Key, pair.Value, pointer, member)))
                {
                    yield return found;
                }

                break;
            case JsonArray items:
                foreach (var found in items.SelectMany((item, index) => Walk(item, $"{pointer}/{index}", member)))
                {
                    yield return found;
                }

                break;
        }
    }

    private static IEnumerable<SecretReference> Member(string key, JsonNode? value, string pointer, string? member)
    {
        var here = $"{pointer}/{key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
        var isName = key == "secretName"
            || (key == "name" && member is "secretKeyRef" or "secretRef" or "secret" or "nodePublishSecretRef" or "imagePullSecrets");
        return isName && value is JsonValue text && text.TryGetValue<string>(out var name)
            ? [new SecretReference(here, name)]
            : Walk(value, here, key);
    }
}
