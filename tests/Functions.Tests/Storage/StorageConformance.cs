using Rotunda.Orchestration;
using Rotunda.Testing.EngineConformance;

namespace Rotunda.Functions.Tests.Storage;

// The embedded engine's own suite, on the real Azure Storage backend over Azurite.

public sealed class ActivityCasesOnAzureStorage() : ActivityCases(new StorageFixture());

public sealed class TimerCasesOnAzureStorage() : TimerCases(new StorageFixture());

public sealed class EventCasesOnAzureStorage() : EventCases(new StorageFixture());

public sealed class ChildCasesOnAzureStorage() : ChildCases(new StorageFixture());

public sealed class GenerationCasesOnAzureStorage() : GenerationCases(new StorageFixture());

public sealed class LifecycleCasesOnAzureStorage() : LifecycleCases(new StorageFixture());

public sealed class ReplayCasesOnAzureStorage() : ReplayCases(new StorageFixture());

/// <summary>Hosts over a hub of its own, one at a time.</summary>
internal sealed class StorageFixture : IEngineFixture
{
    private readonly StorageHub _hub = StorageHub.New();
    private StorageHost? _host;

    public IOrchestrationClient Client => _host!.Client;

    public EngineTraits Traits =>
        EngineTraits.Crashes | EngineTraits.TracksChildren | EngineTraits.ManyAtOnce | EngineTraits.OrdersQueries | EngineTraits.StartsLater
        | EngineTraits.CarriesUnreadEvents;

    public TimeSpan LongTime => TimeSpan.FromSeconds(2);

    /// <summary>All classes share one Azurite.</summary>
    public TimeSpan Patience => TimeSpan.FromMinutes(2);

    public TimeSpan BetweenLooks => TimeSpan.FromMilliseconds(50);

    public string WhyNot(EngineTraits trait) => trait switch
    {
        EngineTraits.MovableClock => "The backend runs on the machine's clock, and no test sets that back.",
        EngineTraits.SeesDrift => "Durable Task does not see what else code awaits: the analyzers of its SDK do, when it is built.",
        EngineTraits.KnowsNames => "The backend takes a start under any name; the host that runs it fails the instance.",
        EngineTraits.KeepsEarlyEvents =>
            "The backend drops an event whose instance has no history yet. No rotation of ours starts later than it is asked to.",
        EngineTraits.RefusesTakenChildren =>
            "The backend drops a start whose id is taken by a running instance, and the parent waits. No orchestration of ours has "
                + "children.",
        EngineTraits.OrdersTimers =>
            "Timers that are overdue together come in any order, and a busy machine makes them so. None of ours rests on it.",
        EngineTraits.TellsTerminatedChildren =>
            "The worker's SDK is not told why a child was terminated, and fails by itself. No orchestration of ours has children.",
        _ => throw new ArgumentOutOfRangeException(nameof(trait), trait, "No case needs it."),
    };

    public async Task StartAsync(TaskRegistry registry, PayloadSerializer serializer, TimeProvider clock) =>
        _host = await StorageHost.StartAsync(_hub, registry, serializer);

    public async Task CrashAsync()
    {
        if (_host is { } host)
        {
            await host.DisposeAsync();
            await host.Wire.ForgetAsync();
        }
    }

    public async ValueTask DisposeAsync() => await CrashAsync();
}
