using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Rotunda.Engine.History;
using Rotunda.Engine.Replay;
using Rotunda.Engine.Storage;
using Rotunda.Engine.Telemetry;
using Rotunda.Orchestration;
using Stopwatch = System.Diagnostics.Stopwatch;

namespace Rotunda.Engine.Dispatch;

/// <summary>Names one call of an activity.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ActivityCall(long Key, int Generation, int Op);

/// <summary>
/// Runs activities on the thread pool, a limited number at once. An activity runs at least once: it is started only after
/// the turn that called it is on disk, and its result is in memory until the turn that consumes it is.
/// </summary>
internal sealed class ActivityRunner(
    TaskRegistry registry,
    PayloadSerializer serializer,
    EngineMetrics metrics,
    int limit,
    int moreForFirst,
    Action<long, Message, bool> post) : IDisposable
{
    private readonly ConcurrentDictionary<ActivityCall, bool> _underWay = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Queue<ActivityWork> _waiting = new();
    private readonly Queue<ActivityWork> _first = new();
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _hubId = string.Empty;
    private int _running;
    private bool _stopping;

    /// <summary>The hub's own id makes idempotency keys different from those of any other hub.</summary>
    public void Start(string hubId) => _hubId = hubId;

    /// <summary>Fewer wait than may run: work that is brought now does not lie in memory for long.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count < limit;
            }
        }
    }

    /// <summary>Takes a call up.</summary>
    /// <param name="goesFirst">It goes ahead of those that wait.</param>
    /// <returns>Has a place, and is the caller's to begin or to run; null if it waits for one, or needs none.</returns>
    public ActivityWork? Take(InstanceRow instance, ActivityCalled call, bool goesFirst)
    {
        var id = new ActivityCall(instance.Key, instance.Generation, call.Id);
        // A call that recovery finds pending may still be under way from before.
        if (!_underWay.TryAdd(id, true))
        {
            return null;
        }

        var work = new ActivityWork(this, instance.Id, id, call, goesFirst);
        lock (_gate)
        {
            if (_stopping)
            {
                return null;
            }

            if (_running >= (goesFirst ? limit + moreForFirst : limit))
            {
                (goesFirst ? _first : _waiting).Enqueue(work);
                return null;
            }

            _running++;
        }

        return work;
    }

    /// <summary>Starts no more, tells the running ones to end, and waits for them within the budget.</summary>
    public async Task StopAsync(TimeSpan budget)
    {
        lock (_gate)
        {
            _stopping = true;
            if (_running == 0)
            {
                _idle.TrySetResult();
            }
        }

        await _stop.CancelAsync();
        // The budget is real time: an activity that hangs does not care for a virtual clock.
        await Task.WhenAny(_idle.Task, Task.Delay(budget, TimeProvider.System));
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>Runs what <see cref="Take"/> gave.</summary>
    public async Task<bool> RunAsync(ActivityWork work)
    {
        try
        {
            var (id, call) = (work.Id, work.Call);
            var began = Stopwatch.GetTimestamp();
            if (await InvokeAsync(work.InstanceId, id, call) is { } result)
            {
                metrics.ActivityEnded(call.Name, result is OperationCompleted, Stopwatch.GetElapsedTime(began));
                _underWay.TryRemove(id, out _);
                post(id.Key, new Deliver(result, id.Generation, null), IsPlainPoolThread());
                return true;
            }

            return false;
        }
        finally
        {
            Next();
        }
    }

    /// <summary>True where this thread is the pool's and does nothing else any more than what follows from the activity: where the
    /// activity ended by somebody else's call, that one's thread is let go.</summary>
    private static bool IsPlainPoolThread() =>
        Thread.CurrentThread.IsThreadPoolThread && SynchronizationContext.Current is null && TaskScheduler.Current == TaskScheduler.Default;

    /// <returns>Null if the engine's stop cut it off: then it has not failed, it has not happened.</returns>
    private async Task<Received?> InvokeAsync(string instanceId, ActivityCall id, ActivityCalled call)
    {
        try
        {
            if (!registry.Activities.TryGetValue(call.Name, out var activity))
            {
                return new OperationFailed(
                    id.Op,
                    new FailureDetails("ActivityNotRegistered", $"No activity is registered as '{call.Name}'."));
            }

            var context = new ActivityContext(instanceId, call.Name, id.Op, $"{_hubId}-{id.Key}-{id.Generation}-{id.Op}");
            var output = await activity.Run(context, serializer.Deserialize(call.Input, activity.InputType), _stop.Token);
            return new OperationCompleted(id.Op, serializer.Serialize(output));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception)
        {
            // The boundary to other people's code: whatever it throws is the activity's failure.
            return new OperationFailed(id.Op, Failures.From(exception));
        }
    }

    private void Next()
    {
        ActivityWork? next = null;
        lock (_gate)
        {
            // Above the limit only those that go ahead take the place of one that ended.
            if (_stopping || !(_first.TryDequeue(out next) || _running <= limit && _waiting.TryDequeue(out next)))
            {
                _running--;
                if (_stopping && _running == 0)
                {
                    _idle.TrySetResult();
                }
            }
        }

        next?.Begin();
    }
}
