using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Rotunda.Activities;
using Rotunda.Activities.Clocks;
using Rotunda.Api.Desk;
using Rotunda.Api.Head;
using Rotunda.Api.Http;
using Rotunda.Files;
using Rotunda.Interpreter;
using Rotunda.Ledger;
using Rotunda.Orchestration;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Catalog;

namespace Rotunda.World.Tests;

/// <summary>
/// One process of a head: the real desk, sweep, ledger, store, steps and orchestrations over the world's vendors, clock and engine. When it
/// dies, another one is made over the same files.
/// </summary>
internal sealed class WorldHead : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly SqliteLedger _ledger;

    public WorldHead(WorldRun world, string folder)
    {
        var crashes = new CrashPoints { Handler = point => Hit(world, point) };
        _ledger = new SqliteLedger(Path.Combine(folder, "ledger.db"), world.Clock, crashes);
        Ledger = LedgerProxy.Before(_ledger, world);
        var services = new ServiceCollection()
            .AddLogging(logging => logging.ClearProviders().AddProvider(new WorldLog(world)).SetMinimumLevel(LogLevel.Information))
            .AddSingleton<TimeProvider>(world.Clock)
            .AddSingleton(crashes)
            .AddSingleton(Ledger)
            .AddSingleton(new HubCleaningOptions(TimeSpan.FromDays(10)))
            .AddSingleton<HubCleaning>()
            .AddSingleton<IOrchestrationClient>(world.Engine)
            .AddSingleton<ICatalogSource>(new WorldCatalog(world))
            .AddSingleton<ISystemSynchronisation, SilentSystem>()
            .AddSingleton<IProvider>(new ListedKeyProvider(world))
            .AddSingleton<IProvider>(KeyProvider.Blind(world))
            .AddSingleton<IProvider>(new AccountProvider(world))
            .AddSingleton<IProvider>(new SigningProvider(world))
            .AddSingleton<IProvider>(new SuppliedProvider(world))
            .AddSingleton<IProvider>(new VaultProvider(world))
            .AddSingleton<IProvider>(new PlaceProvider(world))
            .AddSingleton<IProvider>(new ConsumerProvider(world))
            .AddRotundaActivities(new ActivitiesOptions
            {
                DataDirectory = folder, CatalogFolder = folder, Environment = world.Environment,
            })
            .AddRotundaApi()
            .RemoveAll<IOutsideClock>();
        if (world.Luck.Is("outside clock", 0.5))
        {
            services.AddSingleton<IOutsideClock>(new TrueClock(world));
        }

        _services = services.BuildServiceProvider();
        Tasks = ActivitiesRegistration.AddTo(RotationOrchestrations.AddTo(new TaskRegistry()), _services);
    }

    public ILedger Ledger { get; }

    public TaskRegistry Tasks { get; }

    public bool IsDead { get; set; }

    /// <summary>Everything that goes into a history, as the heads have it.</summary>
    public static PayloadSerializer Payloads => DeskParts.Payloads;

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public Task ExportAsync(FileStream to) => _ledger.ExportAsync(to, "another head", "alice", CancellationToken.None);

    public void Dispose()
    {
        _services.Dispose();
        _ledger.Dispose();
    }

    /// <summary>Of a process that has died nothing comes to any disk.</summary>
    private void Hit(WorldRun world, string point)
    {
        if (IsDead || world.CrashPoint(point))
        {
            IsDead = true;
            throw new SimulatedCrashException(point);
        }
    }

    private sealed class WorldCatalog(WorldRun world) : ICatalogSource
    {
        public RotationCatalog? Current => world.Catalog;
    }

    private sealed class SilentSystem : ISystemSynchronisation
    {
        public bool? IsSynchronised() => null;
    }

    private sealed class TrueClock(WorldRun world) : IOutsideClock
    {
        public bool IsAtHand => true;

        public Task<IReadOnlyList<OutsideTime>> AskAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<OutsideTime>>([new OutsideTime("the true clock", world.ClockOffset)]);
    }
}
