using Rotunda.Orchestration;
using Rotunda.Testing.EngineConformance;

namespace Rotunda.Functions.Tests;

// The embedded engine's own suite, on the real Durable Task worker. Cases that move the clock, kill the host or watch for drift are
// skipped: the in-process sidecar can do none of these.

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

    public EngineTraits Traits => EngineTraits.None;

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
