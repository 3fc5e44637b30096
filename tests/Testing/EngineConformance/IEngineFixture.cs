using Rotunda.Orchestration;

namespace Rotunda.Testing.EngineConformance;

/// <summary>An engine under the conformance suite, over storage of its own.</summary>
public interface IEngineFixture : IAsyncDisposable
{
    IOrchestrationClient Client { get; }

    EngineTraits Traits => EngineTraits.All;

    /// <summary>Opens the storage with this code and takes up what was under way. The engine uses the clock for all of its times.</summary>
    Task StartAsync(TaskRegistry registry, PayloadSerializer serializer, TimeProvider clock);

    /// <summary>Ends the engine as a crash would: what is not durable is lost. It can be started again.</summary>
    Task CrashAsync();
}
