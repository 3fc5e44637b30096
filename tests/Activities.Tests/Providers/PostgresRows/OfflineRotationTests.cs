using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Rotunda.Activities.InForce;
using Rotunda.Activities.Steps;
using Rotunda.Activities.Tests.Providers.Kubernetes;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Providers.Clients.Kubernetes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Registry;
using Rotunda.Providers.Stores.Embedded;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Testing.StoredRows;

namespace Rotunda.Activities.Tests.Providers.PostgresRows;

/// <summary>
/// The whole offline way with everything real but the cluster: planner, steps, ledger, store, PostgreSQL. The workload stands
/// still from before the first row is moved until the new key is delivered, and again on the way back.
/// </summary>
[Collection(RowsTestGroup.Name)]
public sealed class OfflineRotationTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const int Rows = 300;
    private static readonly string[] Waiting = [StepKinds.Approval, StepKinds.Grace, StepKinds.Evidence];
    private readonly TempFolder _folder = new();
    private readonly string _old = Fernet.NewKey();
    private ServiceProvider _services = null!;
    private FakeCluster _cluster = null!;
    private SealedTable _table = null!;
    private RotationPlan _plan = null!;

    private string KeyFile => _folder.File("data.key");

    public async ValueTask InitializeAsync()
    {
        _cluster = await FakeCluster.StartAsync();
        new FakeControllers(_cluster).Deployment("api", replicas: 3);
        await File.WriteAllTextAsync(_folder.File("kubeconfig"), _cluster.Kubeconfig());
        await File.WriteAllTextAsync(KeyFile, _old);
        _table = new SealedTable(postgres.Cluster, postgres.NewName("customers"));
        await _table.CreateAsync(Rows, _old);
        _services = new ServiceCollection().AddLogging().AddSingleton(
            TimeProvider.System).AddSingleton(new CrashPoints()).AddSingleton<ICatalogInForce>(new InForceCatalog())
            .AddRotundaProviders()
            .AddRotundaActivities(new ActivitiesOptions
            {
                DataDirectory = _folder.Path, CatalogFolder = _folder.Path, Environment = name => name == "DB"
                    ? postgres.Cluster.AdminConnectionString
                    : null,
            }).BuildServiceProvider();
        await PlanAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _cluster.Vendor.AssertClean();
        await _services.DisposeAsync();
        await _cluster.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_workload_stands_still_while_rows_are_moved_and_starts_with_the_new_key()
    {
        foreach (var step in _plan.Steps.Where(step => !Waiting.Contains(step.Kind)))
        {
            if (step.Kind is StepKinds.Migrate or StepKinds.Deliver)
            {
                Assert.Equal(0, Replicas);
            }

            await ThroughAsync(step);
        }

        var fresh = await File.ReadAllTextAsync(KeyFile);
        Assert.NotEqual(_old, fresh);
        Assert.Equal(3, Replicas);
        Assert.Equal(Rows, await _table.CheckAsync(fresh));
    }

    [Fact]
    public async Task The_way_back_stops_it_again_and_puts_every_row_back()
    {
        var done = _plan.Steps.TakeWhile(step => step.Kind != StepKinds.Promote).Where(step => !Waiting.Contains(step.Kind)).ToList();
        foreach (var step in done)
        {
            await ThroughAsync(step);
        }

        Assert.NotEqual(_old, await File.ReadAllTextAsync(KeyFile));
        foreach (var (step, undo) in Enumerable.Reverse(done).SelectMany(step => step.Undo.Select(undo => (step, undo))))
        {
            if (undo.Kind is StepKinds.RestoreRows or StepKinds.Redeliver)
            {
                Assert.Equal(0, Replicas);
            }

            await ThroughAsync(step, undo);
        }

        Assert.Equal(_old, await File.ReadAllTextAsync(KeyFile));
        Assert.Equal(3, Replicas);
        Assert.Equal(Rows, await _table.CheckAsync(_old));
    }

    [Theory]
    [InlineData(false, StepOutcomeKind.Rejected)]
    [InlineData(true, StepOutcomeKind.Unknown)]
    public async Task What_stands_in_the_way_of_a_move_is_no_nothing_done_if_one_was_cut_off_before(
        bool wasCutOff,
        StepOutcomeKind expected)
    {
        foreach (var step in _plan.Steps.TakeWhile(step => step.Kind != StepKinds.Migrate).Where(step => !Waiting.Contains(step.Kind)))
        {
            await ThroughAsync(step);
        }

        var migrate = Plans.Input(_plan, _plan.Steps.Single(step => step.Kind == StepKinds.Migrate), 1);
        if (wasCutOff)
        {
            // Its intent is on record, and its end is not.
            await _services.GetRequiredService<ILedger>().BeginStepAsync(migrate, default);
        }

        await postgres.Cluster.ExecuteAsync($"DROP TABLE {_table.Name}");
        var outcome = await _services.GetRequiredService<StepActivity>().RunAsync(StepKinds.Migrate, migrate, default);
        Assert.True(
            outcome.Kind == expected && outcome.Reason!.Contains("There is no table", StringComparison.Ordinal),
            $"{outcome.Kind}: {outcome.Reason}");
    }

    private long? Replicas => _cluster["deployments", "api"].Number("spec", "replicas");

    private async Task PlanAsync()
    {
        var policy = new Policy
        {
            Name = "data-key",
            Strategy = Strategy.ReEncrypt,
            Migration = MigrationMode.Offline,
            Value = _services.GetRequiredService<ProviderRegistry>().Descriptors["postgres-rows"].DefaultValue!,
            Provider = new ProviderBinding("postgres-rows", new JsonObject
            {
                ["connection"] = "env:DB", ["format"] = "fernet", ["batch"] = 50,
                ["tables"] = new JsonArray(new JsonObject
                {
                    ["table"] = _table.Name,
                    ["key"] = "id",
                    ["columns"] = new JsonArray("email"),
                }),
            }),
            Targets = [new TargetBinding(
                "key-file",
                new ProviderBinding("file", new JsonObject { ["path"] = KeyFile }),
                0,
                TimeSpan.FromMinutes(1))],
            Consumers =
            [
                new ConsumerBinding("api", new ProviderBinding("kubernetes-workload", new JsonObject
                {
                    ["kubeconfigFile"] = _folder.File("kubeconfig"), ["workloads"] = new JsonArray("deployment/api"), ["restart"] = "none",
                })),
            ],
        };
        var (ledger, store) = (_services.GetRequiredService<ILedger>(), _services.GetRequiredService<EmbeddedStore>());
        using var value = SecretValue.FromText(_old);
        var stored = await store.PutPendingAsync("data-key", "adopted", value, default);
        await store.PromoteAsync(stored, default);
        await ledger.AdoptAsync(
            new AdoptSecret("data-key", "tester", new AdoptedCredential(null, null, Fingerprint.Of(value, "salt"), stored, "salt")),
            default);
        var request = new PlanRequest(RotationTrigger.Manual, "a test", "tester", TimeProvider.System.GetUtcNow());
        _plan = RotationPlanner.Plan(
            policy,
            (await ledger.GetSnapshotAsync("data-key", default))!,
            request,
            _services.GetRequiredService<ProviderRegistry>().Descriptors,
            "hash");
        Assert.Equal(StartKind.Started, (await ledger.TryStartAsync(_plan, null, false, default)).Kind);
    }

    /// <summary>As the interpreter does: again while it says Continue, from where it says.</summary>
    private async Task ThroughAsync(PlannedStep step, PlannedUndo? undo = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await _services.GetRequiredService<StepActivity>()
                .RunAsync(undo?.Kind ?? step.Kind, Plans.Input(_plan, step, attempt, undo), default);
            if (outcome.Kind != StepOutcomeKind.Continue)
            {
                Assert.True(outcome.Succeeded, $"{undo?.Id ?? step.Id}: {outcome.Kind}: {outcome.Reason}");
                return;
            }
        }
    }
}
