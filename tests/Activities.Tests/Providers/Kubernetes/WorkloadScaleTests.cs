using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Kubernetes;
using Rotunda.Providers.Consumers.KubernetesWorkloads;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Providers.Kubernetes;

public sealed class WorkloadScaleTests : IAsyncLifetime
{
    private FakeCluster _cluster = null!;
    private FakeControllers _controllers = null!;
    private KubernetesBench _bench = null!;
    private KubernetesAccess _access = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await FakeCluster.StartAsync();
        _controllers = new FakeControllers(_cluster);
        _bench = new KubernetesBench(_cluster);
        _access = new KubernetesAccess(KubernetesSurroundings.OfThisProcess);
        _controllers.Deployment("api", replicas: 4);
        _controllers.StatefulSet("worker");
        _controllers.DaemonSet("agent");
    }

    public async ValueTask DisposeAsync()
    {
        _cluster.Vendor.AssertClean();
        _access.Dispose();
        await _bench.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task As_many_start_again_as_were_stopped()
    {
        Assert.Equal(StepOutcomeKind.Done, (await (await ScaleAsync()).ToZeroAsync(default)).Kind);
        Assert.Equal(0, Replicas("deployments", "api"));
        Assert.Equal("4", _cluster["deployments", "api"].Annotation("rotunda.dev/replicas"));
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await (await ScaleAsync()).ToZeroAsync(default)).Kind);
        Assert.True((await (await ScaleAsync()).AreStoppedAsync(default)).Succeeded);

        Assert.Equal(StepOutcomeKind.Done, (await (await ScaleAsync()).BackAsync(default)).Kind);
        Assert.Equal((4, 3), (Replicas("deployments", "api"), Replicas("statefulsets", "worker")));
        Assert.Null(_cluster["deployments", "api"].Annotation("rotunda.dev/replicas"));
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await (await ScaleAsync()).BackAsync(default)).Kind);
    }

    [Fact]
    public async Task Stopping_is_done_once_no_pod_is_left()
    {
        var call = _bench.Call(new JsonObject { ["workloads"] = new JsonArray("deployment/api") });
        _controllers.IsInstant = false;
        Assert.Equal(StepOutcomeKind.RetryLater, (await _bench.Workloads.ScaleAsync(call, toZero: true, default)).Kind);

        _controllers.Finish("deployments", _cluster["deployments", "api"]);
        Assert.True((await _bench.Workloads.ScaleAsync(call, toZero: true, default)).Succeeded);
        Assert.Equal(StepOutcomeKind.Done, (await _bench.Workloads.ScaleAsync(call, toZero: false, default)).Kind);
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await _bench.Workloads.ScaleAsync(call, toZero: false, default)).Kind);
        Assert.Equal(4, Replicas("deployments", "api"));
        Assert.Equal(
            StepOutcomeKind.Rejected,
            (await _bench.Workloads.ScaleAsync(
                _bench.Call(new JsonObject { ["workloads"] = new JsonArray("ds/agent") }),
                toZero: true,
                default)).Kind);
    }

    [Fact]
    public async Task Pods_that_are_still_ending_count()
    {
        _controllers.IsInstant = false;
        await (await ScaleAsync()).ToZeroAsync(default);

        Assert.Contains("pods of the deployment/api are still ending", (await (await ScaleAsync()).AreStoppedAsync(default)).Reason);
        foreach (var pod in _cluster.All("pods")
            .Select(pod => pod.Name())
            .Where(name => name.StartsWith("api-", StringComparison.Ordinal))
            .ToList())
        {
            _cluster.Remove("pods", pod);
        }

        Assert.Contains("statefulset/worker", (await (await ScaleAsync()).AreStoppedAsync(default)).Reason);
    }

    [Fact]
    public async Task Somebody_who_scales_up_in_between_is_told_and_stopped_again_and_the_first_count_holds()
    {
        await (await ScaleAsync()).ToZeroAsync(default);
        _cluster.Touch("deployments", "api", item => item["spec"]!["replicas"] = 1);

        Assert.Contains("1 replicas again", (await (await ScaleAsync()).AreStoppedAsync(default)).Reason);
        await (await ScaleAsync()).ToZeroAsync(default);
        Assert.Equal("4", _cluster["deployments", "api"].Annotation("rotunda.dev/replicas"));
        await (await ScaleAsync()).BackAsync(default);
        Assert.Equal(4, Replicas("deployments", "api"));
    }

    [Fact]
    public async Task One_that_had_none_has_none_afterwards()
    {
        _cluster.Touch("deployments", "api", item => item["spec"]!["replicas"] = 0);

        await (await ScaleAsync()).ToZeroAsync(default);
        await (await ScaleAsync()).BackAsync(default);

        Assert.Equal(0, Replicas("deployments", "api"));
        Assert.Null(_cluster["deployments", "api"].Annotation("rotunda.dev/replicas"));
    }

    [Fact]
    public async Task A_daemon_set_cannot_be_scaled_and_nothing_else_is_then()
    {
        var refused = await Assert.ThrowsAsync<Rotunda.Providers.Web.WebFailureException>(async () => await (await ScaleAsync(
            "deployment/api",
            "daemonset/agent")).ToZeroAsync(default));

        Assert.Equal(StepOutcomeKind.Rejected, refused.Outcome.Kind);
        Assert.Equal(4, Replicas("deployments", "api"));
    }

    private async Task<WorkloadScale> ScaleAsync(params string[] workloads) => new(
        await _access.OpenAsync(_bench.Call([]), default),
        [.. (workloads.Length == 0 ? ["deployment/api", "statefulset/worker"] : workloads).Select(WorkloadName.Parse)],
        "jwt-1");

    private long? Replicas(string plural, string name) => _cluster[plural, name].Number("spec", "replicas");
}
