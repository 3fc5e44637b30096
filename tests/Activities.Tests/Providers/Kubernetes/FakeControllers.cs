using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Kubernetes;

namespace Rotunda.Activities.Tests.Providers.Kubernetes;

/// <summary>
/// The controllers of a cluster: a change of a workload is noticed, then its pods are replaced one by one, as far as a test lets them.
/// Statuses have the members that the real ones write.
/// </summary>
/// <remarks>https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status</remarks>
internal sealed class FakeControllers
{
    private static readonly string[] Workloads = ["deployments", "statefulsets", "daemonsets", "rollouts", "deploymentconfigs"];
    private readonly FakeCluster _cluster;

    public FakeControllers(FakeCluster cluster)
    {
        _cluster = cluster;
        cluster.Changed = (plural, item) =>
        {
            if (IsInstant && Workloads.Contains(plural))
            {
                Finish(plural, item);
            }
        };
    }

    /// <summary>A change is rolled out before its reply is written.</summary>
    public bool IsInstant { get; set; } = true;

    public static string Template(string secret) => $$"""
        { "metadata": { "labels": { "app": "api" } }, "spec": {
            "initContainers": [
                { "name": "migrate", "envFrom": [{ "secretRef": { "name": "{{secret}}" } }, { "secretRef": { "name": "other" } }] }],
            "containers": [
                { "name": "api", "env": [
                    { "name": "MODE", "value": "{{secret}}" },
                    { "name": "KEY", "valueFrom": { "secretKeyRef": { "name": "{{secret}}", "key": "KEY_ONE" } } },
                    { "name": "OTHER", "valueFrom": { "secretKeyRef": { "name": "other", "key": "KEY_ONE" } } }] }],
            "imagePullSecrets": [{ "name": "registry" }],
            "volumes": [
                { "name": "{{secret}}", "secret": { "secretName": "{{secret}}" } },
                { "name": "all", "projected": { "sources": [
                    { "configMap": { "name": "{{secret}}" } },
                    { "secret": { "name": "{{secret}}" } }] } }] } }
        """;

    public JsonObject Deployment(string name, string secret = "jwt-secret", int replicas = 3) => Started("deployments", name, $$"""
        "replicas": {{replicas}}, "selector": { "matchLabels": { "app": "{{name}}" } }, "template": {{Template(secret)}}
        """);

    public JsonObject StatefulSet(
        string name,
        string secret = "jwt-secret",
        string strategy = """{ "type": "RollingUpdate", "rollingUpdate": { "partition": 0 } }""") => Started("statefulsets", name, $$"""
        "replicas": 3, "selector": { "matchLabels": { "app": "{{name}}" } }, "updateStrategy": {{strategy}},
        "template": {{Template(secret)}}
        """);

    public JsonObject DaemonSet(
        string name,
        string secret = "jwt-secret",
        string strategy = """{ "type": "RollingUpdate" }""") => Started("daemonsets", name, $$"""
        "selector": { "matchLabels": { "app": "{{name}}" } }, "updateStrategy": {{strategy}}, "template": {{Template(secret)}}
        """);

    public JsonObject Rollout(string name, string strategy = """{ "canary": { "steps": [{ "setWeight": 20 }] } }""") =>
        Started("rollouts", name, $$"""
            "replicas": 3, "selector": { "matchLabels": { "app": "{{name}}" } }, "strategy": {{strategy}}, "template": {{Template("jwt")}}
            """);

    public JsonObject DeploymentConfig(string name, string triggers = """[{ "type": "ConfigChange" }]""") =>
        Started("deploymentconfigs", name, $$"""
            "replicas": 3, "selector": { "app": "{{name}}" }, "triggers": {{triggers}}, "template": {{Template("jwt")}}
            """);

    /// <summary>As an earlier rotation left it.</summary>
    public void MarkRestarted(string plural, string name, string by = "jwt-0/restart-1") => _cluster.Touch(plural, name, item =>
    {
        item["metadata"]!["annotations"] = new JsonObject { ["rotunda.dev/restarted-by"] = by };
        item["spec"]!["template"]!["metadata"]!["annotations"] = new JsonObject { ["rotunda.dev/restarted-by"] = by };
        Finish(plural, item);
    });

    /// <summary>Rolls the workload's last change out to all of its pods.</summary>
    public void Finish(string plural, JsonObject item)
    {
        var replicas = item.Number("spec", "replicas") ?? 3;
        var revision = Revision(item);
        item["status"] = plural switch
        {
            "daemonsets" =>
                Status(
                    item,
                    ("desiredNumberScheduled", 3),
                    ("currentNumberScheduled", 3),
                    ("updatedNumberScheduled", 3),
                    ("numberAvailable", 3),
                    ("numberReady", 3)),
            "statefulsets" =>
                Status(
                    item,
                    ("replicas", replicas),
                    ("readyReplicas", replicas),
                    ("availableReplicas", replicas),
                    ("currentReplicas", replicas),
                    ("updatedReplicas", replicas)),
            _ =>
                Status(
                    item,
                    ("replicas", replicas),
                    ("updatedReplicas", replicas),
                    ("readyReplicas", replicas),
                    ("availableReplicas", replicas)),
        };
        if (plural == "statefulsets")
        {
            (item["status"]!["currentRevision"], item["status"]!["updateRevision"]) = (revision, revision);
        }

        if (plural == "rollouts")
        {
            // A text, as the controller writes it. The restart is noted once no pod is older.
            item["status"]!["observedGeneration"] = $"{item.Number("metadata", "generation")}";
            (item["status"]!["phase"], item["status"]!["restartedAt"]) = ("Healthy", item.Text("spec", "restartAt"));
            (item["status"]!["currentPodHash"], item["status"]!["stableRS"]) = (revision, revision);
        }

        if (plural == "deploymentconfigs")
        {
            NextVersion(item, revision);
        }

        if (plural == "deployments")
        {
            item["status"]!["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "Progressing",
                ["status"] = "True",
                ["reason"] = "NewReplicaSetAvailable",
            });
        }

        Pods(item, replicas);
    }

    /// <summary>A template that is another makes another version, with a ReplicationController that holds it.</summary>
    private void NextVersion(JsonObject config, string revision)
    {
        var latest =
            _cluster.All("replicationcontrollers").Where(one => one.Text("metadata", "labels", "config") == config.Name()).ToList();
        var isNew = latest.Count == 0 || latest[^1].Text("metadata", "labels", "revision") != revision;
        var version = latest.Count + (isNew ? 1 : 0);
        config["status"]!["latestVersion"] = version;
        config["status"]!["conditions"] = JsonNode.Parse(
            """[{ "type": "Progressing", "status": "True", "reason": "NewReplicationControllerAvailable" }]""");
        if (isNew)
        {
            _cluster.Put("replicationcontrollers", $$"""
                { "metadata": { "name": "{{config.Name()}}-{{version}}",
                    "labels": { "config": "{{config.Name()}}", "revision": "{{revision}}" },
                    "annotations": { "openshift.io/deployment.phase": "Complete" } },
                  "spec": { "template": {{config["spec"]!["template"]!.ToJsonString()}} } }
                """);
        }
    }

    /// <summary>The workload's pods, all of its newest template.</summary>
    private void Pods(JsonObject item, long replicas)
    {
        foreach (var pod in _cluster.All("pods").Where(pod => pod.Text("metadata", "labels", "app") == item.Name()).ToList())
        {
            _cluster.Remove("pods", pod.Name());
        }

        for (var index = 0; index < replicas; index++)
        {
            var pod = new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["name"] = $"{item.Name()}-{index}",
                    ["labels"] = new JsonObject { ["app"] = item.Name() },
                },
                ["spec"] = item.At("spec", "template", "spec")!.DeepClone(),
                ["status"] = new JsonObject { ["phase"] = "Running" },
            };
            _cluster.Put("pods", pod.ToJsonString());
        }
    }

    private JsonObject Started(string plural, string name, string spec)
    {
        var item = _cluster.Put(plural, $$"""{ "metadata": { "name": "{{name}}" }, "spec": { {{spec}} } }""");
        Finish(plural, item);
        return item;
    }

    private static JsonObject Status(JsonObject item, params (string Name, long Value)[] members)
    {
        var status = new JsonObject { ["observedGeneration"] = item.Number("metadata", "generation") };
        foreach (var (name, value) in members)
        {
            status[name] = value;
        }

        return status;
    }

    private static string Revision(JsonObject item)
    {
        var template = item["spec"]!["template"]!.ToJsonString();
        return $"{item.Name()}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(template)))[..10]}";
    }
}
