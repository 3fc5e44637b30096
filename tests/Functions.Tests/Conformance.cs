using Rotunda.Orchestration;
using Rotunda.Testing.EngineConformance;

namespace Rotunda.Functions.Tests;

// The embedded engine's own suite, on the real Durable Task worker and its in-process sidecar.

public sealed class ActivityCasesOnDurableTask() : ActivityCases(new DurableTaskFixture());

public sealed class TimerCasesOnDurableTask() : TimerCases(new DurableTaskFixture());

public sealed class EventCasesOnDurableTask() : EventCases(new DurableTaskFixture());

public sealed class ChildCasesOnDurableTask() : ChildCases(new DurableTaskFixture());

public sealed class GenerationCasesOnDurableTask() : GenerationCases(new DurableTaskFixture());

public sealed class LifecycleCasesOnDurableTask() : LifecycleCases(new DurableTaskFixture());

public sealed class ReplayCasesOnDurableTask() : ReplayCases(new DurableTaskFixture());

internal sealed class DurableTaskFixture : IEngineFixture
{
    private DurableTaskHost? _host;

    public IOrchestrationClient Client => _host!.Client;

    public EngineTraits Traits => EngineTraits.OrdersTimers;

    public TimeSpan LongTime => TimeSpan.FromSeconds(2);

    public string WhyNot(EngineTraits trait) => trait switch
    {
        EngineTraits.MovableClock => "The sidecar runs on the machine's clock, and no test sets that back.",
        EngineTraits.Crashes => "The sidecar keeps its storage in memory: played on Azure Storage.",
        EngineTraits.SeesDrift => "Durable Task does not see what else code awaits: the analyzers of its SDK do, when it is built.",
        EngineTraits.KnowsNames => "The sidecar takes a start under any name; the worker that runs it fails the instance.",
        EngineTraits.TracksChildren => "The sidecar shows no child before it has run: played on Azure Storage.",
        EngineTraits.ManyAtOnce => "The sidecar does as much at once as the machine has processors: played on Azure Storage.",
        EngineTraits.OrdersQueries => "The sidecar answers queries in any order: played on Azure Storage.",
        EngineTraits.CarriesUnreadEvents =>
            "The sidecar (0.2.3-preview.1) drops what a generation sends to the next: played on Azure Storage.",
        EngineTraits.StartsLater => "The sidecar forgets the time of a start: played on Azure Storage.",
        EngineTraits.RefusesTakenChildren => "The sidecar lets a child wait whose id is taken. No orchestration of ours has children.",
        EngineTraits.TellsTerminatedChildren =>
            "The worker's SDK is not told why a child was terminated, and fails by itself. No orchestration of ours has children.",
        _ => throw new ArgumentOutOfRangeException(nameof(trait), trait, "No case needs it."),
    };

    public async Task StartAsync(TaskRegistry registry, PayloadSerializer serializer, TimeProvider clock) =>
        _host = await DurableTaskHost.StartAsync(registry, serializer);

    public Task CrashAsync() => throw new NotSupportedException("The in-process sidecar keeps its storage in memory.");

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }
}
