using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Kubernetes;

namespace Rotunda.Activities.Tests.Providers.Kubernetes;

/// <summary>What the External Secrets Operator does with one ExternalSecret, when a test lets it.</summary>
/// <remarks>https://github.com/external-secrets/external-secrets/tree/main/pkg/controllers/externalsecret</remarks>
internal static class FakeOperator
{
    private static int s_seconds;

    public static JsonObject ExternalSecret(FakeCluster cluster, string name, string more = "") => cluster.Put("externalsecrets", $$"""
        { "metadata": { "name": "{{name}}", "annotations": { "team": "shop" } }, "spec": {
            "secretStoreRef": { "name": "vault", "kind": "SecretStore" }, "refreshInterval": "1h",
            "data": [{ "secretKey": "KEY", "remoteRef": { "key": "shop/sessions", "property": "value" } }]{{more}} } }
        """);

    /// <summary>The operator has read the store and written the Secret.</summary>
    public static void Sync(FakeCluster cluster, string name, Dictionary<string, string> values)
    {
        var external = cluster["externalsecrets", name];
        var target = external.Text("spec", "target", "name") ?? name;
        if (!cluster.Has("secrets", target))
        {
            cluster.Put("secrets", $$"""{ "metadata": { "name": "{{target}}" }, "type": "Opaque", "data": {} }""");
        }

        cluster.Touch("secrets", target, secret => secret["data"] = new JsonObject(values.Select(pair =>
            KeyValuePair.Create(pair.Key, (JsonNode?)Convert.ToBase64String(Encoding.UTF8.GetBytes(pair.Value))))));
        Tell(cluster, name, "True", "SecretSynced", "Secret was synced");
        var moment = DateTimeOffset.UnixEpoch.AddSeconds(Interlocked.Increment(ref s_seconds));
        external["status"]!["refreshTime"] = moment.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        external["status"]!["syncedResourceVersion"] = $"{external.Number("metadata", "generation")}-{Hash(external["metadata"]!)}";
    }

    /// <summary>The operator could not read the store.</summary>
    public static void Fail(FakeCluster cluster, string name, string message) => Tell(cluster, name, "False", "SecretSyncedError", message);

    private static void Tell(FakeCluster cluster, string name, string status, string reason, string message) =>
        cluster.Touch("externalsecrets", name, external =>
        {
            var all = external["status"] as JsonObject ?? [];
            all["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "Ready",
                ["status"] = status,
                ["reason"] = reason,
                ["message"] = message,
            });
            external["status"] = all;
        });

    /// <summary>Of labels and annotations, so that a change of these alone is one more sync.</summary>
    private static string Hash(JsonNode metadata) =>
        Convert.ToHexStringLower(
            SHA256.HashData(
                Encoding.UTF8.GetBytes($"{metadata["labels"]?.ToJsonString()}{metadata["annotations"]?.ToJsonString()}")))[..20];
}
