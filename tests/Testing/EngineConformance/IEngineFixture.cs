using Rotunda.Orchestration;

namespace Rotunda.Testing.EngineConformance;

/// <summary>An engine under the conformance suite, over storage of its own.</summary>
public interface IEngineFixture : IAsyncDisposable
{
    IOrchestrationClient Client { get; }

    EngineTraits Traits => EngineTraits.All;

    /// <summary>Why the engine, or the host it is tested in, lacks a trait: what a skipped case says.</summary>
    string WhyNot(EngineTraits trait) => throw new NotSupportedException($"Nothing is said of {trait}.");

    /// <summary>What a long time of a case lasts on the machine's clock.</summary>
    TimeSpan LongTime => throw new NotSupportedException("The clock of this engine can be moved.");

    /// <summary>How long a case waits for what must come. It fails a case that hangs, and says nothing of speed.</summary>
    TimeSpan Patience => TimeSpan.FromSeconds(60);

    /// <summary>How often a case that waits looks again. Nothing where a look costs nothing.</summary>
    TimeSpan BetweenLooks => TimeSpan.Zero;

    /// <summary>Opens the storage with this code and takes up what was under way. The engine uses the clock for all of its times.</summary>
    Task StartAsync(TaskRegistry registry, PayloadSerializer serializer, TimeProvider clock);

    /// <summary>Ends the engine as a crash would: what is not durable is lost. It can be started again.</summary>
    Task CrashAsync();
}
