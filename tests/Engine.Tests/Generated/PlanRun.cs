using Rotunda.Engine.History;
using Rotunda.Engine.Replay;
using Rotunda.Engine.Storage;
using Rotunda.Orchestration;
using Rotunda.Testing.Time;

namespace Rotunda.Engine.Tests.Generated;

/// <summary>What a run left behind.</summary>
/// <param name="Outputs">Of every instance, as "id = output".</param>
/// <param name="Called">What the last generation of each instance called.</param>
/// <param name="Ran">The activities that ran, each with the number of its idempotency keys.</param>
internal sealed record PlanOutcome(IReadOnlyList<string> Outputs, IReadOnlyList<string> Called, IReadOnlyList<string> Ran, int Commits);

/// <summary>Carries one plan through to its end on an engine of its own, whatever number of crashes that takes.</summary>
internal sealed class PlanRun : IAsyncDisposable
{
    private static readonly PayloadSerializer Payloads = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly SemaphoreSlim _committed = new(0);
    private readonly Plan _plan;
    private readonly PlanCode _code;
    private readonly bool _crashes;
    private readonly EngineFixture _fixture;
    private readonly Queue<(string Instance, string Event)> _events;
    private readonly Random _random;
    private Task? _wait;
    private bool _started;
    private int _commits;

    public PlanRun(Plan plan, int seed, int cacheSize, bool crashes)
    {
        (_plan, _code, _crashes, _random) = (plan, new PlanCode(plan), crashes, new Random(seed));
        _fixture = new EngineFixture(cacheSize) { Configure = options => options with { CrashPoint = AtCommit } };
        _events = new(plan.Instances().SelectMany(p => p.Steps().OfType<Wait>().Select(w => (p.InstanceId, w.Label))));
    }

    public async Task<PlanOutcome> ToEndAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await _fixture.CrashAsync();
                await _fixture.StartAsync(_code.Registry(), Payloads, _clock);
                await LiveAsync(cancellationToken);
                return await OutcomeAsync(cancellationToken);
            }
            catch (TaskHubException) when (_crashes)
            {
                // The process died; a new one takes over.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _fixture.DisposeAsync();
        _committed.Dispose();
    }

    /// <summary>
    /// Two of five points are deadly, before or after the disk has the commit. Drawn, not counted off: a fixed rhythm can fall
    /// into step with the commits of a caller that repeats itself, and then kills the same one for ever.
    /// </summary>
    private void AtCommit(string point)
    {
        if (point == "engine.commit.after")
        {
            _commits++;
            _committed.Release();
        }

        if (_crashes && _random.Next(5) < 2)
        {
            throw new IOException("crash");
        }
    }

    private async Task LiveAsync(CancellationToken cancellationToken)
    {
        await StartOnceAsync(cancellationToken);
        var end = _fixture.Client.WaitForCompletionAsync(_plan.InstanceId, cancellationToken);
        while (!end.IsCompleted)
        {
            // Every commit may have made a child that waits for events, or a timer.
            _clock.Advance(TimeSpan.FromHours(1));
            await RaiseAsync(cancellationToken);
            // One wait at a time, over all lives: one that is left behind would take the next life's signal.
            _wait = _wait is { IsCompleted: false } ? _wait : _committed.WaitAsync(cancellationToken);
            await Task.WhenAny(end, _wait);
        }

        await end;
    }

    private async Task StartOnceAsync(CancellationToken cancellationToken)
    {
        if (_started)
        {
            return;
        }

        try
        {
            await _fixture.Client.ScheduleNewAsync(PlanCode.Name, "0/", new StartOptions(_plan.InstanceId), cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // From an earlier life.
        }

        _started = true;
    }

    /// <summary>Raises what is not acknowledged yet. A second one of the same name, after a crash, stays unread.</summary>
    private async Task RaiseAsync(CancellationToken cancellationToken)
    {
        for (var n = _events.Count; n > 0; n--)
        {
            var (instance, name) = _events.Peek();
            try
            {
                await _fixture.Client.RaiseEventAsync(instance, name, "raised", cancellationToken);
                _events.Dequeue();
            }
            catch (OrchestrationNotFoundException)
            {
                // Not started yet: next time.
                _events.Enqueue(_events.Dequeue());
            }
        }
    }

    private async Task<PlanOutcome> OutcomeAsync(CancellationToken cancellationToken)
    {
        var outputs = new List<string>();
        var called = new List<string>();
        foreach (var plan in _plan.Instances())
        {
            var state = await _fixture.Client.GetAsync(plan.InstanceId, cancellationToken: cancellationToken);
            outputs.Add($"{plan.InstanceId} = {state?.Status} {state?.Output}");
            called.Add($"{plan.InstanceId}: {Describe(plan, _fixture.Engine.ExportHistory(plan.InstanceId)!)}");
        }

        return new PlanOutcome(
            outputs,
            called,
            [.. _code.Ran.Select(ran => $"{ran.Key} under {ran.Value.Count}").Order(StringComparer.Ordinal)],
            _commits);
    }

    /// <summary>
    /// Operations are numbered in the order of their calls, and in branches that run side by side this order is the order in
    /// which results came: another one after a crash, and rightly so. There the calls are compared as a set; without a
    /// fork their order counts too. Times and numbers are left out.
    /// </summary>
    private string Describe(Plan plan, HistoryFile history)
    {
        Assert.Null(history.FindDrift(_code.Registry(), Payloads));
        var calls = history.Turns.SelectMany(turn => turn.Called).Select(call => call switch
        {
            TimerCreated => "timer",
            TimerCancelled => "timer cancelled",
            _ => (call with { Id = 0 }).ToString(),
        });
        return string.Join(", ", plan.Steps().OfType<All>().Any() ? calls.Order(StringComparer.Ordinal) : calls);
    }
}
