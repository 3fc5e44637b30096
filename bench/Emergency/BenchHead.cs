using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rotunda.Activities;
using Rotunda.Activities.Clocks;
using Rotunda.Api.Desk;
using Rotunda.Api.Head;
using Rotunda.Api.Http;
using Rotunda.Engine;
using Rotunda.Engine.Options;
using Rotunda.Ledger;
using Rotunda.Ledger.Postgres;
using Rotunda.Orchestration;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Bench.Heads;

/// <summary>The desk over the real engine, ledger and store, as in the server.</summary>
internal sealed class BenchHead : IAsyncDisposable
{
    private const int SideBySide = 8;
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ServiceProvider _services;
    private readonly DurableEngine _engine;

    private BenchHead(ServiceProvider services, DurableEngine engine) => (_services, _engine) = (services, engine);

    /// <param name="ledger">Null for a file in the folder.</param>
    /// <param name="clock">Notes the phases of emergencies; null where none are timed.</param>
    public static async Task<BenchHead> StartAsync(
        string folder, IEnumerable<Policy> policies, PostgresLedgerOptions? ledger = null, PhaseClock? clock = null)
    {
        DurableEngine? engine = null;
        var catalog = new RotationCatalog(
            policies.ToDictionary(policy => policy.Name, StringComparer.Ordinal), new string('c', 64), folder);
        var services = new ServiceCollection().AddLogging(logging => logging.ClearProviders())
            .AddSingleton(TimeProvider.System)
            .AddSingleton<ISystemSynchronisation, SilentSystem>()
            .AddRotundaProviders()
            .AddRotundaActivities(new ActivitiesOptions
            {
                DataDirectory = folder, CatalogFolder = folder, Ledger = ledger, Environment = name => name == "TOKEN" ? "token" : null,
            })
            .AddSingleton<ICatalogSource>(new OneCatalog(catalog))
            .AddSingleton<IOrchestrationClient>(_ => clock?.Around(engine!.Client) ?? engine!.Client)
            .AddRotundaApi()
            .BuildServiceProvider();
        engine = new DurableEngine(
            new EngineOptions { HubPath = Path.Combine(folder, "hub.db"), GoesFirst = DeskParts.GoesFirst },
            clock?.Around(DeskParts.Tasks(services)) ?? DeskParts.Tasks(services),
            DeskParts.Payloads);
        await engine.StartAsync(None);
        return new BenchHead(services, engine);
    }

    /// <summary>Starts these as the schedule would.</summary>
    public Task QueueAsync(IEnumerable<string> names) => Parallel.ForEachAsync(
        names, new ParallelOptions { MaxDegreeOfParallelism = SideBySide }, async (name, stop) =>
            await StartAsync(new StartRequest(name, RotationTrigger.Schedule, "it is due", ScheduleSweep.RequestedBy), stop));

    /// <summary>Has these adopted, as a server has all of its catalog long before an emergency.</summary>
    public Task AdoptAsync(IEnumerable<string> names) => Parallel.ForEachAsync(
        names, new ParallelOptions { MaxDegreeOfParallelism = SideBySide }, async (name, stop) =>
            await _services.GetRequiredService<RotationDesk>().PlanAsync(
                new StartRequest(name, RotationTrigger.Schedule, "it is adopted", ScheduleSweep.RequestedBy), stop));

    /// <summary>How many have not ended.</summary>
    public async Task<int> OpenAsync() => (await _services.GetRequiredService<ILedger>()
        .ListRotationsAsync(new RotationFilter(OpenOnly: true, Limit: 1_000_000), None)).Count;

    /// <summary>False once all have ended.</summary>
    public async Task<bool> IsAnyOpenAsync() => (await _services.GetRequiredService<ILedger>()
        .ListRotationsAsync(new RotationFilter(OpenOnly: true, Limit: 1), None)).Count > 0;

    /// <summary>The rotations, newest first.</summary>
    public Task<IReadOnlyList<RotationRecord>> ListAsync(int limit) =>
        _services.GetRequiredService<ILedger>().ListRotationsAsync(new RotationFilter(Limit: limit), None);

    /// <summary>Starts an emergency and waits for the vendor's first call.</summary>
    /// <returns>Its rotation, and the moments of a person's word and of the call.</returns>
    public async Task<(string Rotation, long Asked, long Called)> CallAsync(string name, SlowVendor vendor)
    {
        var asked = TimeProvider.System.GetTimestamp();
        var rotation = await StartAsync(new StartRequest(name, RotationTrigger.Emergency, "a leak", "ada", "INC-1"), None);
        return (rotation, asked, await vendor.FirstCallAsync(name));
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _services.DisposeAsync();
    }

    private async Task<string> StartAsync(StartRequest request, CancellationToken stop)
    {
        var outcome = await _services.GetRequiredService<RotationDesk>().StartAsync(request, stop);
        if (outcome.Kind != StartOutcomeKind.Started)
        {
            throw new InvalidOperationException($"{request.Secret} was not started: {outcome.Message}");
        }

        return outcome.RotationId!;
    }

    private sealed class OneCatalog(RotationCatalog current) : ICatalogSource
    {
        public RotationCatalog? Current { get; } = current;
    }

    private sealed class SilentSystem : ISystemSynchronisation
    {
        public bool? IsSynchronised() => null;
    }
}
