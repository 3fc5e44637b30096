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

    /// <summary>The engine's time.</summary>
    protected DateTimeOffset Now => (Has(EngineTraits.MovableClock) ? _clock : TimeProvider.System).GetUtcNow();

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

    protected bool Has(EngineTraits trait) => _fixture.Traits.HasFlag(trait);

    /// <summary>Skips the case on an engine that lacks the trait.</summary>
    protected void Needs(EngineTraits trait)
    {
        if (!Has(trait))
        {
            Assert.Skip($"Needs {trait}. {_fixture.WhyNot(trait)}");
        }
    }

    /// <summary>A long time: as it is where the clock can be moved, else short enough to be waited for.</summary>
    protected TimeSpan Long(TimeSpan time) => Has(EngineTraits.MovableClock) ? time : _fixture.LongTime;

    /// <summary>Moves the clock on; where it cannot be moved, time passes by itself.</summary>
    protected void MoveOn(TimeSpan time)
    {
        if (Has(EngineTraits.MovableClock))
        {
            _clock.Advance(time);
        }
    }

    /// <summary>Returns when the engine's clock has passed a time: it is moved there, or the machine's is waited for.</summary>
    protected async Task PassAsync(DateTimeOffset time)
    {
        if (Has(EngineTraits.MovableClock))
        {
            _clock.AdvanceTo(time);
            return;
        }

        for (var left = time - Now; left > TimeSpan.Zero; left = time - Now)
        {
            await Task.Delay(left, TimeProvider.System, Token);
        }
    }

    protected Task CrashAsync()
    {
        Needs(EngineTraits.Crashes);
        return _fixture.CrashAsync();
    }

    /// <summary>Crashes the engine and starts it again, possibly with other code.</summary>
    protected async Task RestartAsync(TaskRegistry? code = null)
    {
        await CrashAsync();
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
        limit.CancelAfter(_fixture.Patience);
        try
        {
            return await Client.WaitForCompletionAsync(id, limit.Token);
        }
        catch (OperationCanceledException late) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException($"Instance '{id}' never ended: {await Client.GetAsync(id, cancellationToken: Token)}", late);
        }
    }

    /// <summary>Waits until an instance's state satisfies a condition.</summary>
    protected async Task<OrchestrationState> UntilAsync(string id, Func<OrchestrationState, bool> condition)
    {
        var limit = Stopwatch.StartNew();
        while (limit.Elapsed < _fixture.Patience)
        {
            if (await Client.GetAsync(id, cancellationToken: Token) is { } state && condition(state))
            {
                return state;
            }

            if (_fixture.BetweenLooks > TimeSpan.Zero)
            {
                await Task.Delay(_fixture.BetweenLooks, Token);
            }

            await Task.Yield();
        }

        throw new TimeoutException($"Instance '{id}' never got there: {await Client.GetAsync(id, cancellationToken: Token)}");
    }

    /// <summary>Waits until events for the instance are kept: for its first run, unless the engine keeps them from the start.</summary>
    protected async Task UntilItHearsAsync(string id)
    {
        if (!Has(EngineTraits.KeepsEarlyEvents))
        {
            await UntilAsync(id, s => s.Status != OrchestrationStatus.Pending);
        }
    }

    /// <summary>Waits until the orchestration has set this custom status, so has done everything before it.</summary>
    protected Task<OrchestrationState> UntilAtAsync(string id, string place) => UntilAsync(id, s => s.CustomStatus == $"\"{place}\"");
}
