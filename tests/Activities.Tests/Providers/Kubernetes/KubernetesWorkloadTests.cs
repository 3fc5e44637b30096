using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Kubernetes;
using Rotunda.Providers.Consumers.KubernetesWorkloads;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Providers.Kubernetes;

public sealed class KubernetesWorkloadTests : IAsyncLifetime
{
    private FakeCluster _cluster = null!;
    private FakeControllers _controllers = null!;
    private KubernetesBench _bench = null!;

    private static JsonObject Both => new() { ["workloads"] = new JsonArray("deployment/api", "statefulset/worker") };

    public async ValueTask InitializeAsync()
    {
        _cluster = await FakeCluster.StartAsync();
        _bench = new KubernetesBench(_cluster);
        _controllers = new FakeControllers(_cluster);
        _controllers.Deployment("api");
        _controllers.StatefulSet("worker");
        _controllers.DaemonSet("agent");
    }

    public async ValueTask DisposeAsync()
    {
        _cluster.Vendor.AssertClean();
        await _bench.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_step_restarts_once_however_often_it_is_tried()
    {
        Assert.Equal(StepOutcomeKind.Done, (await _bench.RestartAsync(Both)).Kind);
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await _bench.RestartAsync(Both, attempt: 2)).Kind);
        Assert.Equal(2, _cluster["deployments", "api"].Number("metadata", "generation"));

        // Another step of the rotation, as with dual keys or on the way back, is another restart; so is another rotation.
        Assert.Equal(StepOutcomeKind.Done, (await _bench.RestartAsync(Both, step: "restart-2")).Kind);
        Assert.Equal(StepOutcomeKind.Done, (await _bench.RestartAsync(Both, rotation: "jwt-2", step: "restart-2")).Kind);
        Assert.Equal(4, _cluster["statefulsets", "worker"].Number("metadata", "generation"));
    }

    [Theory]
    [InlineData("deployments", "api", """{ "paused": true }""", "kubectl rollout resume deployment/api")]
    [InlineData("statefulsets", "worker", """{ "updateStrategy": { "type": "OnDelete" } }""", "OnDelete")]
    [InlineData(
        "statefulsets",
        "worker",
        """{ "updateStrategy": { "type": "RollingUpdate", "rollingUpdate": { "partition": 1 } } }""",
        "allowPartition")]
    [InlineData("daemonsets", "agent", """{ "updateStrategy": { "type": "OnDelete" } }""", "OnDelete")]
    public async Task What_would_keep_the_old_value_is_refused_before_anything_is_restarted(
        string plural,
        string name,
        string spec,
        string reason)
    {
        _cluster.Touch(plural, name, item =>
        {
            foreach (var (member, value) in JsonNode.Parse(spec)!.AsObject())
            {
                item["spec"]![member] = value!.DeepClone();
            }
        });
        var all = new JsonObject { ["workloads"] = new JsonArray("daemonset/agent", "deployment/api", "statefulset/worker") };

        Assert.Contains(reason, (await _bench.Workloads.ValidateAsync(_bench.Call(all), default)).Reason);
        var refused = await _bench.RestartAsync(all);

        Assert.Equal(StepOutcomeKind.Rejected, refused.Kind);
        Assert.All(
            new[] { _cluster["deployments", "api"], _cluster["statefulsets", "worker"], _cluster["daemonsets", "agent"] },
            item => Assert.Equal(1, item.Number("metadata", "generation")));
        all["allowPartition"] = true;
        Assert.Equal(reason == "allowPartition", (await _bench.RestartAsync(all)).Succeeded);
    }

    [Fact]
    public async Task A_rollout_is_followed_to_its_end()
    {
        _controllers.IsInstant = false;
        await _bench.RestartAsync(Both);

        Assert.Contains("not seen the change", (await _bench.CheckAsync(Both)).Reason);
        Status("deployments", "api", """{ "observedGeneration": 2, "replicas": 4, "updatedReplicas": 1, "availableReplicas": 3 }""");
        Assert.Contains("1 of 3 new pods exist", (await _bench.CheckAsync(Both)).Reason);
        Status("deployments", "api", """{ "observedGeneration": 2, "replicas": 3, "updatedReplicas": 3, "availableReplicas": 3 }""");
        var set = await _bench.CheckAsync(Both);
        Assert.Equal(StepOutcomeKind.RetryLater, set.Kind);
        Assert.Contains("statefulset/worker", set.Reason);
        _controllers.Finish("statefulsets", _cluster["statefulsets", "worker"]);
        Assert.Equal(StepOutcomeKind.Done, (await _bench.CheckAsync(Both)).Kind);
    }

    [Fact]
    public async Task A_deadline_that_is_exceeded_rolls_back_and_says_why_pods_do_not_start()
    {
        _controllers.IsInstant = false;
        await _bench.RestartAsync(Both);
        _cluster.Touch(
            "deployments",
            "api",
            item => item["metadata"]!["annotations"] = new JsonObject { ["deployment.kubernetes.io/revision"] = "2" });
        var uid = _cluster["deployments", "api"].Text("metadata", "uid");
        foreach (var (revision, hash) in new[] { (1, "aaa"), (2, "bbb") })
        {
            _cluster.Put("replicasets", $$"""
                { "metadata": {
                    "name": "api-{{hash}}", "labels": { "app": "api", "pod-template-hash": "{{hash}}" },
                    "annotations": { "deployment.kubernetes.io/revision": "{{revision}}" },
                    "ownerReferences": [{ "kind": "Deployment", "name": "api", "uid": "{{uid}}", "controller": true }] }, "spec": {} }
                """);
        }

        Pod("api-old", "aaa", """{ "name": "api", "state": { "waiting": { "reason": "CrashLoopBackOff" } } }""");
        Pod(
            "api-1",
            "bbb",
            """
            { "name": "api",
              "state": { "waiting": {
                "reason": "CreateContainerConfigError", "message": "couldn't find key KEY_TWO in Secret shop/jwt-secret" } } }
            """);
        Pod(
            "api-2",
            "bbb",
            """
            { "name": "api",
              "state": { "waiting": { "reason": "CrashLoopBackOff", "message": "said s3cret" } },
              "lastState": { "terminated": { "exitCode": 1, "reason": "Error", "message": "could not log in with s3cret" } } }
            """);
        Status("deployments", "api", """{ "observedGeneration": 2, "replicas": 4, "updatedReplicas": 1, "availableReplicas": 3 }""");

        var waiting = await _bench.CheckAsync(Both);
        Assert.Equal(StepOutcomeKind.RetryLater, waiting.Kind);
        Assert.EndsWith(
            "New pods: container api: CreateContainerConfigError (couldn't find key KEY_TWO in Secret shop/jwt-secret); container api: "
                + "CrashLoopBackOff, ended before with exit code 1 (Error).",
            waiting.Reason);
        Assert.DoesNotContain("s3cret", waiting.Reason);

        Status(
            "deployments",
            "api",
            """
            { "observedGeneration": 2, "replicas": 4, "updatedReplicas": 1, "availableReplicas": 3,
              "conditions": [{ "type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded" }] }
            """);
        var failed = await _bench.CheckAsync(Both);
        Assert.Equal(StepOutcomeKind.Rejected, failed.Kind);
        Assert.Contains("progress deadline", failed.Reason);

        // Without the right to look at pods the verdict is the same.
        _cluster.Denied.Add("list pods");
        Assert.Equal(
            "The rollout of deployment/api is not done: it exceeded its progress deadline.",
            (await _bench.CheckAsync(Both)).Reason);
    }

    [Fact]
    public async Task Nothing_is_restarted_where_new_names_do_that()
    {
        var settings = Both;
        settings["restart"] = "none";
        _cluster.Denied.Add("patch deployments");

        Assert.True((await _bench.Workloads.ValidateAsync(_bench.Call(settings), default)).Succeeded);
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await _bench.RestartAsync(settings)).Kind);
        Assert.Equal(1, _cluster["deployments", "api"].Number("metadata", "generation"));
        Assert.Contains("may not patch deployments.apps 'api'", (await _bench.Workloads.ValidateAsync(_bench.Call(Both), default)).Reason);
    }

    [Fact]
    public void Label_selectors_are_written_as_queries_take_them() => Assert.Equal(
        "app=api,tier in (web,edge),zone notin (a),canary,!old",
        PodTroubles.Selector(JsonNode.Parse("""
            { "matchLabels": { "app": "api" }, "matchExpressions": [
                { "key": "tier", "operator": "In", "values": ["web", "edge"] }, { "key": "zone", "operator": "NotIn", "values": ["a"] },
                { "key": "canary", "operator": "Exists" }, { "key": "old", "operator": "DoesNotExist" }] }
            """)));

    private void Status(string plural, string name, string status) =>
        _cluster.Touch(plural, name, item => item["status"] = JsonNode.Parse(status));

    private void Pod(string name, string hash, string container) => _cluster.Put("pods", $$"""
        { "metadata": { "name": "{{name}}", "labels": { "app": "api", "pod-template-hash": "{{hash}}" } }, "spec": {},
          "status": { "phase": "Running", "containerStatuses": [{{container}}] } }
        """);
}
