using Microsoft.Extensions.DependencyInjection;
using Rotunda.Activities.Ledger;
using Rotunda.Activities.Providers;
using Rotunda.Activities.Steps;
using Rotunda.Activities.Stores;
using Rotunda.Rotation.Credentials;
using Rotunda.Rotation.Planning;
using Rotunda.Testing.Time;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>The real ledger, store and steps in a folder, beside a fake world. Can be restarted as after a crash.</summary>
internal sealed class StepHarness : IDisposable
{
    private readonly TempFolder _folder = new();
    private ServiceProvider _services;

    public StepHarness() => _services = Start();

    public FakeWorld World { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    public CrashPoints Crashes { get; } = new();

    public ILedger Ledger => _services.GetRequiredService<ILedger>();

    public EmbeddedStore Store => _services.GetRequiredService<EmbeddedStore>();

    public StepRunner Runner => _services.GetRequiredService<StepRunner>();

    public IServiceProvider Services => _services;

    public RotationPlan Plan { get; private set; } = null!;

    public string StoreFile => _folder.File("secrets.db");

    public void Restart()
    {
        _services.Dispose();
        _services = Start();
    }

    /// <summary>Adopts "app" with a live old credential, its value current in the store and at the target.</summary>
    public async Task AdoptAsync(string oldValue, string? id, string? account, bool stored = true)
    {
        using var value = SecretValue.FromText(oldValue);
        SecretRef? reference = null;
        if (stored)
        {
            reference = await Store.PutPendingAsync("app", "adopted", value, default);
            await Store.PromoteAsync(reference, default);
        }

        World.Target = oldValue;
        await Ledger.AdoptAsync(new AdoptSecret("app", "tester", new AdoptedCredential(id, account, Fingerprint.Of(value, "salt"), reference, "salt")), default);
    }

    public async Task StartAsync(Strategy strategy, bool supersede = false, params IReadOnlyList<PlannedStep> steps)
    {
        var snapshot = (await Ledger.GetSnapshotAsync("app", default))!;
        await StartAsync(Plans.Plan("app", snapshot.NextNumber, strategy, steps), supersede);
    }

    public async Task StartAsync(RotationPlan plan, bool supersede = false)
    {
        Plan = plan;
        Assert.Equal(StartKind.Started, (await Ledger.TryStartAsync(Plan, null, supersede, default)).Kind);
    }

    public Task<StepOutcome> RunAsync(PlannedStep step, PlannedUndo? undo = null, int attempt = 1) =>
        Runner.RunAsync(undo?.Kind ?? step.Kind, Plans.Input(Plan, step, attempt, undo), default);

    /// <summary>As the engine and the interpreter do: the same attempt again after a crash, another one after an outcome that is no success.</summary>
    public async Task<StepOutcome> RunThroughAsync(PlannedStep step, PlannedUndo? undo = null)
    {
        for (var attempt = 1; ;)
        {
            try
            {
                var outcome = await RunAsync(step, undo, attempt);
                if (outcome.Succeeded || attempt++ == 5)
                {
                    return outcome;
                }
            }
            catch (SimulatedCrashException)
            {
                Restart();
            }
        }
    }

    public async Task<string> CurrentValueAsync()
    {
        using var value = await Store.GetAsync((await Store.CurrentAsync("app", default))!, default);
        return value.RevealText();
    }

    public async Task<IReadOnlyList<CredentialState>> StatesAsync() => [.. (await Ledger.ListCredentialsAsync("app", default)).Select(c => c.State)];

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    private ServiceProvider Start()
    {
        var services = new ServiceCollection()
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton(Crashes)
            .AddSingleton<IProvider>(new FakeIssuer(World))
            .AddSingleton<IProvider>(new FakeListingIssuer(World))
            .AddSingleton<IProvider>(new FakeAccounts(World))
            .AddSingleton<IProvider>(new FakeGenerated(World))
            .AddSingleton<IProvider>(new FakeTarget(World))
            .AddSingleton<IProvider>(new FakeCloud(World));
        return services
            .AddRotundaActivities(new ActivitiesOptions { DataDirectory = _folder.Path, CatalogFolder = _folder.Path, Environment = _ => null })
            .BuildServiceProvider();
    }
}
