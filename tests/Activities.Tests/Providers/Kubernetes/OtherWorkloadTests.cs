using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Kubernetes;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Providers.Kubernetes;

/// <summary>Argo Rollouts, OpenShift's DeploymentConfigs, and restarts that a GitOps tool undid.</summary>
public sealed class OtherWorkloadTests : IAsyncLifetime
{
    private FakeCluster _cluster = null!;
    private FakeControllers _controllers = null!;
    private KubernetesBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await FakeCluster.StartAsync();
        _bench = new KubernetesBench(_cluster);
        _controllers = new FakeControllers(_cluster);
        _controllers.Deployment("api");
        _controllers.Rollout("web");
        _controllers.DeploymentConfig("old");
    }

    public async ValueTask DisposeAsync()
    {
        _cluster.Vendor.AssertClean();
        await _bench.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_rollout_is_restarted_by_its_own_field_once_a_step_and_followed()
    {
        _controllers.IsInstant = false;
        var call = Of("rollout/web");
        Assert.True((await _bench.Workloads.ValidateAsync(_bench.Call(call), default)).Succeeded);
        Assert.Equal(StepOutcomeKind.Done, (await _bench.RestartAsync(call)).Kind);
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await _bench.RestartAsync(call, attempt: 2)).Kind);
        var web = _cluster["rollouts", "web"];
        Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$", web.Text("spec", "restartAt"));
        Assert.Null(web.At("spec", "template", "metadata", "annotations"));

        Assert.Contains("not seen the change", (await _bench.CheckAsync(call)).Reason);
        Touch("rollouts", "web", item => item["status"]!["observedGeneration"] = "2");
        Assert.Contains("being restarted", (await _bench.CheckAsync(call)).Reason);
        Touch("rollouts", "web", item =>
        {
            item["status"]!["restartedAt"] = item.Text("spec", "restartAt");
            item["status"]!["availableReplicas"] = 2;
        });
        Assert.Contains("2 of 3 pods", (await _bench.CheckAsync(call)).Reason);
        _controllers.Finish("rollouts", _cluster["rollouts", "web"]);
        Assert.Equal(StepOutcomeKind.Done, (await _bench.CheckAsync(call)).Kind);

        // In the same second: the field must differ, or nothing would be restarted.
        var first = web.Text("spec", "restartAt");
        Assert.Equal(StepOutcomeKind.Done, (await _bench.RestartAsync(call, step: "restart-2")).Kind);
        Assert.True(string.CompareOrdinal(_cluster["rollouts", "web"].Text("spec", "restartAt"), first) > 0);
    }

    [Theory]
    [InlineData("Degraded", StepOutcomeKind.Rejected)]
    [InlineData("Progressing", StepOutcomeKind.RetryLater)]
    [InlineData("Paused", StepOutcomeKind.Done)]
    public async Task What_its_controller_calls_a_rollout_counts(string phase, StepOutcomeKind expected)
    {
        var call = Of("rollout/web");
        await _bench.RestartAsync(call);
        Touch("rollouts", "web", item => item["status"]!["phase"] = phase);
        Assert.Equal(expected, (await _bench.CheckAsync(call)).Kind);
    }

    [Fact]
    public async Task A_deployment_config_is_done_when_the_version_with_the_restart_is()
    {
        _controllers.IsInstant = false;
        var call = Of("dc/old");
        Assert.True((await _bench.Workloads.ValidateAsync(_bench.Call(call), default)).Succeeded);
        Assert.Equal(StepOutcomeKind.Done, (await _bench.RestartAsync(call)).Kind);
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await _bench.RestartAsync(call, attempt: 2)).Kind);

        // The controller has seen it, the trigger has not made the next version yet: all numbers are those of the one before.
        Touch("deploymentconfigs", "old", item => item["status"]!["observedGeneration"] = 2);
        var early = await _bench.CheckAsync(call);
        Assert.Equal((StepOutcomeKind.RetryLater, true), (early.Kind, early.Reason!.Contains("new version is not there")));
        _controllers.Finish("deploymentconfigs", _cluster["deploymentconfigs", "old"]);
        Assert.Equal(2, _cluster["deploymentconfigs", "old"].Number("status", "latestVersion"));
        Assert.Equal(StepOutcomeKind.Done, (await _bench.CheckAsync(call)).Kind);

        Touch(
            "replicationcontrollers",
            "old-2",
            item => item["metadata"]!["annotations"]!["openshift.io/deployment.phase"] = "Failed");
        Assert.Equal(StepOutcomeKind.Rejected, (await _bench.CheckAsync(call)).Kind);
    }

    [Theory]
    [InlineData("rollouts", "web", "rollout/web", """{ "paused": true }""", "kubectl argo rollouts promote web")]
    [InlineData("deploymentconfigs", "old", "deploymentconfig/old", """{ "paused": true }""", "oc rollout resume deploymentconfig/old")]
    [InlineData("deploymentconfigs", "old", "deploymentconfig/old", """{ "triggers": [] }""", "oc set triggers deploymentconfig/old")]
    public async Task What_would_keep_the_old_value_is_refused(string plural, string name, string workload, string spec, string reason)
    {
        Touch(plural, name, item =>
        {
            foreach (var (member, value) in JsonNode.Parse(spec)!.AsObject())
            {
                item["spec"]![member] = value!.DeepClone();
            }
        });
        Assert.Contains(reason, (await _bench.Workloads.ValidateAsync(_bench.Call(Of(workload)), default)).Reason);
        Assert.Equal(StepOutcomeKind.Rejected, (await _bench.RestartAsync(Of(workload))).Kind);
        Assert.Equal(1, _cluster[plural, name].Number("metadata", "generation"));
    }

    [Theory]
    [InlineData("deployments", "api", "deployment/api", false, "annotation")]
    [InlineData("deployments", "api", "deployment/api", true, "nothing of it is left")]
    [InlineData("deploymentconfigs", "old", "dc/old", false, "annotation")]
    [InlineData("rollouts", "web", "rollout/web", false, "restartAt is gone")]
    [InlineData("rollouts", "web", "rollout/web", true, "nothing of it is left")]
    public async Task A_restart_that_was_undone_is_told(string plural, string name, string workload, bool wholly, string what)
    {
        await _bench.RestartAsync(Of(workload));
        Assert.Equal(StepOutcomeKind.Done, (await _bench.CheckAsync(Of(workload))).Kind);
        Touch(plural, name, item =>
        {
            item["spec"]!.AsObject().Remove("restartAt");
            (item["spec"]!["template"]!["metadata"] as JsonObject)?.Remove("annotations");
            if (wholly)
            {
                item["metadata"]!.AsObject().Remove("annotations");
            }

            _controllers.Finish(plural, item);
        });

        var outcome = await _bench.CheckAsync(Of(workload));

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains(what, outcome.Reason);
        Assert.Contains("GitOps", outcome.Reason);
    }

    [Fact]
    public async Task An_earlier_restart_that_was_put_back_is_told_and_a_later_one_is_none_of_ours()
    {
        await _bench.RestartAsync(Of("rollout/web"));
        Touch("rollouts", "web", item => item["spec"]!["restartAt"] = "2020-01-01T00:00:00Z");
        Assert.Contains("earlier", (await _bench.CheckAsync(Of("rollout/web"))).Reason);

        // Another secret of the same workload.
        foreach (var workload in new[] { "rollout/web", "deployment/api" })
        {
            await _bench.RestartAsync(Of(workload));
            await _bench.RestartAsync(Of(workload), rotation: "other-4");
            Assert.Equal(StepOutcomeKind.Done, (await _bench.CheckAsync(Of(workload))).Kind);
        }
    }

    [Fact]
    public async Task What_was_stopped_as_a_whole_needs_no_restart()
    {
        foreach (var workload in new[] { "deployment/api", "rollout/web", "dc/old" })
        {
            Assert.True((await _bench.Workloads.ScaleAsync(_bench.Call(Of(workload)), toZero: true, default)).Succeeded);
            Assert.True((await _bench.Workloads.ScaleAsync(_bench.Call(Of(workload)), toZero: false, default)).Succeeded);
            Assert.Equal(StepOutcomeKind.Done, (await _bench.CheckAsync(Of(workload))).Kind);
        }
    }

    private void Touch(string plural, string name, Action<JsonObject> change) => _cluster.Touch(plural, name, change);

    private static JsonObject Of(string workload) => new() { ["workloads"] = new JsonArray(workload) };
}
