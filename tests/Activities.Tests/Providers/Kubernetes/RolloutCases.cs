using System.Text.Json.Nodes;
using Rotunda.Providers.Consumers.KubernetesWorkloads;

namespace Rotunda.Activities.Tests.Providers.Kubernetes;

/// <summary>Workloads in the middle of rollouts.</summary>
internal static class RolloutCases
{
    /// <summary>Name, plural, generation, spec, status, and what is right.</summary>
    public static IReadOnlyList<(string Name, string Plural, JsonObject Workload, RolloutState Expected)> Known { get; } =
    [
        Case("deployment-done", "deployments", 2, "\"replicas\": 3", Deployment(2, 3, 3, 3), RolloutState.Done),
        Case("deployment-seen-later", "deployments", 3, "\"replicas\": 3", Deployment(2, 3, 3, 3), RolloutState.Waiting),
        Case("deployment-seen-ahead", "deployments", 2, "\"replicas\": 3", Deployment(3, 3, 3, 3), RolloutState.Done),
        Case("deployment-no-status", "deployments", 1, "\"replicas\": 3", "{}", RolloutState.Waiting),
        Case("deployment-some-new", "deployments", 2, "\"replicas\": 3", Deployment(2, 4, 2, 3), RolloutState.Waiting),
        Case("deployment-old-end", "deployments", 2, "\"replicas\": 3", Deployment(2, 5, 3, 3), RolloutState.Waiting),
        Case("deployment-not-available", "deployments", 2, "\"replicas\": 3", Deployment(2, 3, 3, 2), RolloutState.Waiting),
        Case("deployment-surge", "deployments", 2, "\"replicas\": 3", Deployment(2, 4, 4, 4), RolloutState.Done),
        Case("deployment-no-replicas", "deployments", 2, "\"replicas\": 0", """{ "observedGeneration": 2 }""", RolloutState.Done),
        Case("deployment-default-replicas", "deployments", 2, "\"minReadySeconds\": 5", Deployment(2, 1, 1, 1), RolloutState.Done),
        Case(
            "deployment-deadline",
            "deployments",
            2,
            "\"replicas\": 3",
            Deployment(2, 4, 1, 3, "ProgressDeadlineExceeded"),
            RolloutState.Failed),
        Case(
            "deployment-deadline-of-before",
            "deployments",
            3,
            "\"replicas\": 3",
            Deployment(2, 4, 1, 3, "ProgressDeadlineExceeded"),
            RolloutState.Waiting),
        Case(
            "deployment-deadline-though-done",
            "deployments",
            2,
            "\"replicas\": 3",
            Deployment(2, 3, 3, 3, "ProgressDeadlineExceeded"),
            RolloutState.Failed),
        Case(
            "deployment-progressing",
            "deployments",
            2,
            "\"replicas\": 3",
            Deployment(2, 4, 2, 3, "ReplicaSetUpdated"),
            RolloutState.Waiting),
        Case(
            "deployment-paused",
            "deployments",
            2,
            "\"replicas\": 3, \"paused\": true",
            Deployment(2, 3, 0, 3, "DeploymentPaused"),
            RolloutState.Waiting),
        Case("daemon-done", "daemonsets", 2, Rolling, Daemon(2, 5, 5, 5), RolloutState.Done),
        Case("daemon-seen-later", "daemonsets", 3, Rolling, Daemon(2, 5, 5, 5), RolloutState.Waiting),
        Case("daemon-some-new", "daemonsets", 2, Rolling, Daemon(2, 5, 4, 5), RolloutState.Waiting),
        Case("daemon-not-available", "daemonsets", 2, Rolling, Daemon(2, 5, 5, 4), RolloutState.Waiting),
        Case("daemon-no-nodes", "daemonsets", 2, Rolling, Daemon(2, 0, 0, 0), RolloutState.Done),
        Case("daemon-on-delete", "daemonsets", 2, OnDelete, Daemon(2, 5, 5, 5), RolloutState.Failed),
        Case("set-done", "statefulsets", 2, "\"replicas\": 3, " + Partition(0), Set(2, 3, 3, 3, "a", "a"), RolloutState.Done),
        Case("set-seen-later", "statefulsets", 3, "\"replicas\": 3, " + Partition(0), Set(2, 3, 3, 3, "a", "a"), RolloutState.Waiting),
        Case("set-never-seen", "statefulsets", 0, "\"replicas\": 3, " + Partition(0), "{}", RolloutState.Waiting),
        Case("set-not-ready", "statefulsets", 2, "\"replicas\": 3, " + Partition(0), Set(2, 2, 3, 1, "a", "b"), RolloutState.Waiting),
        Case("set-some-new", "statefulsets", 2, "\"replicas\": 3, " + Partition(0), Set(2, 3, 2, 1, "a", "b"), RolloutState.Waiting),
        Case("set-partition-done", "statefulsets", 2, "\"replicas\": 3, " + Partition(2), Set(2, 3, 1, 2, "a", "b"), RolloutState.Done),
        Case("set-partition-waits", "statefulsets", 2, "\"replicas\": 3, " + Partition(1), Set(2, 3, 1, 2, "a", "b"), RolloutState.Waiting),
        Case("set-partition-beyond", "statefulsets", 2, "\"replicas\": 3, " + Partition(9), Set(2, 3, 0, 3, "a", "b"), RolloutState.Done),
        Case(
            "set-partition-not-ready",
            "statefulsets",
            2,
            "\"replicas\": 3, " + Partition(2),
            Set(2, 2, 1, 2, "a", "b"),
            RolloutState.Waiting),
        Case(
            "set-rolling-empty",
            "statefulsets",
            2,
            """ "replicas": 3, "updateStrategy": { "type": "RollingUpdate", "rollingUpdate": {} } """,
            Set(2, 3, 1, 2, "a", "b"),
            RolloutState.Done),
        Case("set-plain-done", "statefulsets", 2, "\"replicas\": 3, " + Rolling, Set(2, 3, 3, 3, "b", "b"), RolloutState.Done),
        Case("set-plain-waits", "statefulsets", 2, "\"replicas\": 3, " + Rolling, Set(2, 3, 2, 1, "a", "b"), RolloutState.Waiting),
        Case("set-no-replicas", "statefulsets", 2, "\"replicas\": 0, " + Partition(0), Set(2, 0, 0, 0, "a", "a"), RolloutState.Done),
        Case("set-on-delete", "statefulsets", 2, "\"replicas\": 3, " + OnDelete, Set(2, 3, 3, 3, "a", "a"), RolloutState.Failed),
    ];

    private const string Rolling = """ "updateStrategy": { "type": "RollingUpdate" } """;
    private const string OnDelete = """ "updateStrategy": { "type": "OnDelete" } """;

    /// <summary>Any state at all, the same ones for the same seed.</summary>
    public static IEnumerable<(string Name, string Plural, JsonObject Workload)> Random(int seed, int count)
    {
        var random = new Random(seed);
        for (var index = 0; index < count; index++)
        {
            int Some(int below) => random.Next(below);
            var name = $"random-{index}";
            yield return Some(3) switch
            {
                0 => (name, "deployments", Case(name, "deployments", Some(3), $"\"replicas\": {Some(4)}",
                    Deployment(Some(3), Some(4), Some(4), Some(4), Some(4) == 0 ? "ProgressDeadlineExceeded" : "ReplicaSetUpdated"),
                    default).Item3),
                1 =>
                    (
                        name,
                        "daemonsets",
                        Case(
                            name,
                            "daemonsets",
                            Some(3),
                            Some(6) == 0 ? OnDelete : Rolling,
                            Daemon(Some(3), Some(4), Some(4), Some(4)),
                            default).Item3),
                _ => (name, "statefulsets", Case(
                    name,
                    "statefulsets",
                    Some(3),
                    $"\"replicas\": {Some(4)}, {(Some(6) switch { 0 => OnDelete, 1 => Rolling, _ => Partition(Some(4)) })}",
                    Set(Some(3), Some(4), Some(4), Some(4), "a", Some(2) == 0 ? "a" : "b"), default).Item3),
            };
        }
    }

    private static (string, string, JsonObject, RolloutState) Case(
        string name,
        string plural,
        int generation,
        string spec,
        string status,
        RolloutState expected)
    {
        var kind = plural switch { "daemonsets" => "DaemonSet", "statefulsets" => "StatefulSet", _ => "Deployment" };
        return (name, plural, JsonNode.Parse($$"""
            { "kind": "{{kind}}", "apiVersion": "apps/v1",
              "metadata": {
                "name": "{{name}}", "namespace": "{{FakeCluster.Namespace}}", "generation": {{generation}},
                "resourceVersion": "7", "uid": "{{name}}" },
              "spec": { {{spec}}, "selector": { "matchLabels": { "a": "b" } },
                "template": { "metadata": { "labels": { "a": "b" } }, "spec": { "containers": [{ "name": "c", "image": "i" }] } } },
              "status": {{status}} }
            """)!.AsObject(), expected);
    }

    private static string Partition(int partition) => $$"""
        "updateStrategy": { "type": "RollingUpdate", "rollingUpdate": { "partition": {{partition}} } }
        """;

    private static string Deployment(int observed, int all, int updated, int available, string reason = "NewReplicaSetAvailable") => $$"""
        { "observedGeneration": {{observed}}, "replicas": {{all}}, "updatedReplicas": {{updated}}, "availableReplicas": {{available}},
          "conditions": [
            { "type": "Available", "status": "True", "reason": "MinimumReplicasAvailable" },
            { "type": "Progressing", "status": "False", "reason": "{{reason}}" }] }
        """;

    private static string Daemon(int observed, int wanted, int updated, int available) => $$"""
        { "observedGeneration": {{observed}}, "desiredNumberScheduled": {{wanted}}, "updatedNumberScheduled": {{updated}},
          "numberAvailable": {{available}}, "currentNumberScheduled": {{wanted}}, "numberMisscheduled": 0, "numberReady": {{available}} }
        """;

    private static string Set(int observed, int ready, int updated, int current, string currentRevision, string updateRevision) => $$"""
        { "observedGeneration": {{observed}}, "replicas": 3, "readyReplicas": {{ready}},
          "updatedReplicas": {{updated}}, "currentReplicas": {{current}},
          "currentRevision": "{{currentRevision}}", "updateRevision": "{{updateRevision}}" }
        """;
}
