using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rotunda.Activities.Notices;
using Rotunda.Activities.Clocks;
using Rotunda.Activities.InForce;
using Rotunda.Activities.Steps;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Ledger.Postgres;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Registry;
using Rotunda.Providers.Stores.Embedded;
using Rotunda.Providers.Targets.AuthorizedKeys;
using Rotunda.Providers.Targets.DotEnv;
using Rotunda.Providers.Targets.PlainFile;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Time;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>A store of the catalog that a harness keeps its values in, instead of the embedded one.</summary>
/// <param name="Provider">A new one for each start of the process.</param>
internal sealed record StepStore(string Name, ProviderBinding Binding, Func<IProvider> Provider, Func<string, string?> Environment)
{
    /// <summary>How many of a secret's values are kept there.</summary>
    public required Func<string, int> CountKept { get; init; }
}

/// <summary>The real ledger, store and steps in a folder, beside a fake world. Can be restarted as after a crash.</summary>
internal sealed class StepHarness : IDisposable
{
    private readonly StepStore? _elsewhere;
    private readonly TempFolder _folder = new();
    private ServiceProvider _services;

    private readonly PostgresLedgerOptions? _ledger;

    /// <param name="ledger">On PostgreSQL; null for SQLite.</param>
    public StepHarness(StepStore? elsewhere = null, PostgresLedgerOptions? ledger = null)
    {
        (_elsewhere, _ledger) = (elsewhere, ledger);
        _services = Start();
    }

    public FakeWorld World { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    public CrashPoints Crashes { get; } = new();

    public InForceCatalog InForce { get; } = new();

    public FakeSystemClock SystemClock { get; } = new();

    public ILedger Ledger => _services.GetRequiredService<ILedger>();

    public EmbeddedStore Store => _services.GetRequiredService<EmbeddedStore>();

    /// <summary>Where the values of "app" are.</summary>
    public ISecretStore ValueStore =>
        _elsewhere is null
            ? Store
            : _services.GetRequiredService<StoreRegistry>()
                .Open(_elsewhere.Name, Defined, _services.GetRequiredService<IReferenceResolver>());

    public StepActivity Runner => _services.GetRequiredService<StepActivity>();

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
            reference = await ValueStore.PutPendingAsync("app", "adopted", value, default);
            await ValueStore.PromoteAsync(reference, default);
        }

        World.Target = oldValue;
        await Ledger.AdoptAsync(
            new AdoptSecret("app", "tester", new AdoptedCredential(id, account, Fingerprint.Of(value, "salt"), reference, "salt")),
            default);
    }

    public async Task StartAsync(Strategy strategy, bool supersede = false, params IReadOnlyList<PlannedStep> steps)
    {
        var snapshot = (await Ledger.GetSnapshotAsync("app", default))!;
        await StartAsync(Plans.Plan("app", snapshot.NextNumber, strategy, steps), supersede);
    }

    public async Task StartAsync(RotationPlan plan, bool supersede = false)
    {
        Plan = _elsewhere is null ? plan : plan with { Store = _elsewhere.Name, Stores = Defined };
        Assert.Equal(StartKind.Started, (await Ledger.TryStartAsync(Plan, null, supersede, default)).Kind);
    }

    public Task<StepOutcome> RunAsync(PlannedStep step, PlannedUndo? undo = null, int attempt = 1) =>
        Runner.RunAsync(undo?.Kind ?? step.Kind, Plans.Input(Plan, step, attempt, undo), default);

    /// <summary>As the engine and the interpreter do: the same attempt again after a crash, another one after an outcome that is
    /// no success.</summary>
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

                if (_elsewhere is not null)
                {
                    // A store elsewhere that failed may have done so because this process was ending.
                    Restart();
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
        using var value = await ValueStore.GetAsync((await ValueStore.CurrentAsync("app", default))!, default);
        return value.RevealText();
    }

    /// <summary>The value of the credential that the rotation is putting in place.</summary>
    public async Task<string> NewValueAsync()
    {
        var fresh = await Ledger.GetNewCredentialAsync("app-1", default);
        using var value = await ValueStore.GetAsync(fresh!.Value!, default);
        return value.RevealText();
    }

    /// <summary>How many of the secret's values are still kept.</summary>
    public long CountKept()
    {
        if (_elsewhere is not null)
        {
            return _elsewhere.CountKept("app");
        }

        using var raw = SqliteFile.Open(StoreFile);
        return (long)raw.Scalar("SELECT COUNT(*) FROM versions WHERE state <> 'discarded' AND name = 'app'")!;
    }

    public async Task<IReadOnlyList<CredentialState>> StatesAsync() =>
        [.. (await Ledger.ListCredentialsAsync("app", default)).Select(c => c.State)];

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    private Dictionary<string, ProviderBinding>? Defined => _elsewhere is null ? null : new() { [_elsewhere.Name] = _elsewhere.Binding };

    private ServiceProvider Start()
    {
        var services = new ServiceCollection()
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton(Crashes)
            .AddSingleton<ICatalogInForce>(InForce)
            .AddSingleton<IAnswerLinks, NoAnswerLinks>()
            .AddSingleton<ISystemSynchronisation>(SystemClock)
            .AddSingleton<IProvider>(new FakeIssuer(World))
            .AddSingleton<IProvider>(new FakeListingIssuer(World))
            .AddSingleton<IProvider>(new FakeAccounts(World))
            .AddSingleton<IProvider>(new FakeGenerated(World))
            .AddSingleton<IProvider>(new FakeSupplied(World))
            .AddSingleton<IProvider>(new FakeSupplied(World, "untried", Abilities.None))
            .AddSingleton<IProvider>(new FakeShown(World))
            .AddSingleton<IProvider>(new FakeTarget(World))
            .AddSingleton<IProvider>(new FakeCloud(World))
            .AddSingleton<IProvider>(new DotEnvProvider())
            .AddSingleton<IProvider>(new FileProvider())
            .AddSingleton<IProvider>(new AuthorizedKeysProvider());
        if (_elsewhere is not null)
        {
            services.AddSingleton(_ => _elsewhere.Provider());
        }

        return services
            .AddRotundaActivities(new ActivitiesOptions
            {
                DataDirectory = _folder.Path, CatalogFolder = _folder.Path, Ledger = _ledger, Environment = _elsewhere?.Environment
                    ?? (_ => null),
            })
            // The harness has a time of its own, which no other clock shares.
            .RemoveAll<IOutsideClock>()
            .BuildServiceProvider();
    }
}
