using System.Diagnostics;
using Rotunda.Orchestration;
using Rotunda.Testing.Time;

namespace Rotunda.Testing.EngineConformance;

/// <summary>
/// What every engine promises, written against the interfaces alone. An engine's test project derives one class per group
/// of cases and gives it a fixture.
/// </summary>
public abstract class ConformanceCases : IAsyncDisposable
{
    private readonly IEngineFixture _fixture;

    private readonly ManualTimeProvider _clock = new();

    protected ConformanceCases(IEngineFixture fixture) => _fixture = fixture;

    protected ManualTimeProvider Clock
    {
        get
        {
            Needs(EngineTraits.MovableClock);
            return _clock;
        }
    }

    /// <summary>What the next start runs.</summary>
    protected TaskRegistry Registry { get; set; } = new();

    protected IOrchestrationClient Client => _fixture.Client;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _fixture.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected Task StartEngineAsync() => _fixture.StartAsync(Registry, new PayloadSerializer(ConformancePayloads.Default), _clock);

    /// <summary>Skips the case on an engine that lacks the trait.</summary>
    protected void Needs(EngineTraits traits) =>
        Assert.SkipUnless(_fixture.Traits.HasFlag(traits), $"Needs {traits}, which this engine's test host does not have.");

    /// <summary>Crashes the engine and starts it again, possibly with other code.</summary>
    protected async Task RestartAsync(TaskRegistry? code = null)
    {
        Needs(EngineTraits.Crashes);
        await _fixture.CrashAsync();
        Registry = code ?? Registry;
        await StartEngineAsync();
    }

    protected void Orchestration<TInput, TOutput>(string name, Func<IOrchestrationContext, TInput?, Task<TOutput>> run) =>
        Registry.AddOrchestration(name, run);

    protected void Activity<TInput, TOutput>(string name, Func<TInput?, TOutput> run) =>
        Registry.AddActivity<TInput, TOutput>(name, (_, input, _) => Task.FromResult(run(input)));

    /// <summary>Starts the engine and one instance of an orchestration, and waits for its end.</summary>
    protected async Task<OrchestrationState> RunAsync(string name, object? input = null)
    {
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync(name, input, cancellationToken: Token);
        return await EndAsync(id);
    }

    protected async Task<OrchestrationState> EndAsync(string id)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        return await Client.WaitForCompletionAsync(id, limit.Token);
    }

    /// <summary>Waits until an instance's state satisfies a condition.</summary>
    protected async Task<OrchestrationState> UntilAsync(string id, Func<OrchestrationState, bool> condition)
    {
        var limit = Stopwatch.StartNew();
        while (limit.Elapsed < TimeSpan.FromSeconds(30))
        {
            if (await Client.GetAsync(id, cancellationToken: Token) is { } state && condition(state))
            {
                return state;
            }

            await Task.Yield();
        }

        throw new TimeoutException($"Instance '{id}' never got there: {await Client.GetAsync(id, cancellationToken: Token)}");
    }

    /// <summary>Waits until the orchestration has set this custom status, so has done everything before it.</summary>
    protected Task<OrchestrationState> UntilAtAsync(string id, string place) => UntilAsync(id, s => s.CustomStatus == $"\"{place}\"");
}
