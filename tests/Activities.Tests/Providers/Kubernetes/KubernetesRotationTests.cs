using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Rotunda.Activities.InForce;
using Rotunda.Activities.Steps;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Providers.Clients.Kubernetes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Registry;
using Rotunda.Providers.Stores.Embedded;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Providers.Kubernetes;

/// <summary>Whole rotations: the real planner, steps, ledger and store, and a cluster that rolls out what it is told, or does
/// not.</summary>
public sealed class KubernetesRotationTests : IAsyncLifetime
{
    private static readonly string[] Waiting = [StepKinds.Approval, StepKinds.Grace, StepKinds.Evidence];
    private readonly TempFolder _folder = new();
    private ServiceProvider _services = null!;
    private FakeCluster _cluster = null!;
    private FakeControllers _controllers = null!;
    private RotationPlan _plan = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await FakeCluster.StartAsync();
        _controllers = new FakeControllers(_cluster);
        await File.WriteAllTextAsync(_folder.File("kubeconfig"), _cluster.Kubeconfig());
        _services = new ServiceCollection().AddLogging().AddSingleton(
            TimeProvider.System).AddSingleton(new CrashPoints()).AddSingleton<ICatalogInForce>(new InForceCatalog())
            .AddRotundaProviders()
            .AddRotundaActivities(new ActivitiesOptions
            {
                DataDirectory = _folder.Path,
                CatalogFolder = _folder.Path,
                Environment = _ => null,
            }).BuildServiceProvider();
        _cluster.Put("secrets", Secret("jwt-secret", "the-value-in-use"));
        _controllers.Deployment("api");
    }

    public async ValueTask DisposeAsync()
    {
        _cluster.Vendor.AssertClean();
        await _services.DisposeAsync();
        await _cluster.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("in-place", "rollout")]
    [InlineData("new-name", "none")]
    public async Task Two_keys_go_through_their_phases_and_each_is_rolled_out_once(string mode, string restart)
    {
        await PlanAsync(mode, restart, Strategy.DualKey);

        foreach (var step in _plan.Steps.Where(step => !Waiting.Contains(step.Kind)))
        {
            await SucceedsAsync(step);
            if (step.Kind is StepKinds.Deliver or StepKinds.RestartConsumers)
            {
                // The same attempt again, as after a crash.
                await SucceedsAsync(step);
            }
        }

        Assert.Equal(3, _plan.Steps.Count(step => step.Kind == StepKinds.Deliver));
        Assert.Equal(4, _cluster["deployments", "api"].Number("metadata", "generation"));
        Assert.NotEqual("the-value-in-use", Current("KEY_ONE"));
        Assert.Equal("", Current("KEY_TWO"));
    }

    [Theory]
    [InlineData("in-place", "rollout")]
    [InlineData("new-name", "none")]
    public async Task A_rollout_that_fails_goes_back(string mode, string restart)
    {
        await PlanAsync(mode, restart, Strategy.Overlap);
        var steps = _plan.Steps.TakeWhile(step => step.Kind != StepKinds.VerifyConsumers).ToList();
        foreach (var step in steps.Where(step => !Waiting.Contains(step.Kind)))
        {
            await SucceedsAsync(step);
        }

        var check = _plan.Steps.First(step => step.Kind == StepKinds.VerifyConsumers);
        _cluster.Touch("deployments", "api", item => item["status"]!["conditions"]![0]!["reason"] = "ProgressDeadlineExceeded");
        var failed = await RunAsync(check);
        Assert.Equal(StepOutcomeKind.Rejected, failed.Kind);
        Assert.NotEqual("the-value-in-use", Current("KEY_ONE"));

        foreach (var step in Enumerable.Reverse(steps))
        {
            foreach (var undo in step.Undo)
            {
                var outcome = await RunAsync(step, undo);
                Assert.True(outcome.Succeeded, $"{undo.Id}: {outcome.Kind}: {outcome.Reason}");
            }
        }

        Assert.Equal("the-value-in-use", Current("KEY_ONE"));
        Assert.Equal(3, _cluster["deployments", "api"].Number("metadata", "generation"));
    }

    private static string Secret(string name, string value) => new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name },
        ["type"] = "Opaque",
        ["data"] = new JsonObject { ["KEY_ONE"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(value)) },
    }.ToJsonString();

    /// <summary>What the pods of the deployment are given.</summary>
    private string Current(string key) => _cluster.Value(
        SecretReferences.Of(_cluster["deployments", "api"]["spec"])
            .Select(reference => reference.Secret)
            .First(name => name.StartsWith("jwt-", StringComparison.Ordinal)), key);

    private async Task PlanAsync(string mode, string restart, Strategy strategy)
    {
        var descriptors = _services.GetRequiredService<ProviderRegistry>().Descriptors;
        var target = new JsonObject
        {
            ["kubeconfigFile"] = _folder.File("kubeconfig"),
            ["secret"] = "jwt-secret",
            ["mode"] = mode,
            ["keys"] = new JsonObject { ["KEY_ONE"] = "{value}", ["KEY_TWO"] = "{secondary}" },
        };
        if (mode == "new-name")
        {
            target["workloads"] = new JsonArray("deployment/api");
        }

        var consumer = new JsonObject
        {
            ["kubeconfigFile"] = _folder.File("kubeconfig"),
            ["workloads"] = new JsonArray("deployment/api"),
            ["restart"] = restart,
        };
        var policy = new Policy
        {
            Name = "jwt",
            Strategy = strategy,
            Provider = new ProviderBinding("generated", []),
            Targets = [new TargetBinding("shop", new ProviderBinding("kubernetes-secret", target), 0, TimeSpan.FromMinutes(1))],
            Consumers = [new ConsumerBinding("api", new ProviderBinding("kubernetes-workload", consumer))],
        };
        var (ledger, store) = (_services.GetRequiredService<ILedger>(), _services.GetRequiredService<EmbeddedStore>());
        using var value = SecretValue.FromText("the-value-in-use");
        var stored = await store.PutPendingAsync("jwt", "adopted", value, default);
        await store.PromoteAsync(stored, default);
        await ledger.AdoptAsync(
            new AdoptSecret("jwt", "tester", new AdoptedCredential(null, null, Fingerprint.Of(value, "salt"), stored, "salt")),
            default);
        var request = new PlanRequest(RotationTrigger.Manual, "a test", "tester", TimeProvider.System.GetUtcNow());
        _plan = RotationPlanner.Plan(policy, (await ledger.GetSnapshotAsync("jwt", default))!, request, descriptors, "hash");
        Assert.Equal(StartKind.Started, (await ledger.TryStartAsync(_plan, null, false, default)).Kind);
    }

    private Task<StepOutcome> RunAsync(PlannedStep step, PlannedUndo? undo = null) =>
        _services.GetRequiredService<StepActivity>().RunAsync(undo?.Kind ?? step.Kind, Plans.Input(_plan, step, 1, undo), default);

    private async Task SucceedsAsync(PlannedStep step)
    {
        var outcome = await RunAsync(step);
        Assert.True(outcome.Succeeded, $"{step.Id}: {outcome.Kind}: {outcome.Reason}");
    }
}
