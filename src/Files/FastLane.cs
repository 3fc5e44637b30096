using System.Runtime.ExceptionServices;

namespace Rotunda.Files;

/// <summary>Says of the work under way that it goes ahead of what waits: what happens in an emergency does not queue behind what was
/// planned.</summary>
public static class FastLane
{
    private static readonly AsyncLocal<bool> s_current = new();
    private static readonly Lazy<FastScheduler> s_scheduler = new();

    /// <summary>True for work that goes ahead.</summary>
    public static bool IsCurrent => s_current.Value;

    /// <summary>Until it is disposed, and in all that is started meanwhile.</summary>
    public static IDisposable Enter()
    {
        var before = s_current.Value;
        s_current.Value = true;
        return new Left(before);
    }

    /// <summary>Runs the work in the lane, and on threads that do not serve what was planned.</summary>
    public static Task<T> RunAsync<T>(Func<Task<T>> work) => Task.Factory.StartNew(
        async () =>
        {
            using var lane = Enter();
            return await work();
        },
        CancellationToken.None,
        TaskCreationOptions.DenyChildAttach,
        s_scheduler.Value).Unwrap();

    /// <summary>Begins the work soon, in the lane. As on the thread pool, an exception that it does not catch ends the process.</summary>
    public static void Queue(Action work) => _ = RunAsync(() =>
    {
        try
        {
            work();
        }
        catch (Exception exception)
        {
            var unhandled = ExceptionDispatchInfo.Capture(exception);
            ThreadPool.UnsafeQueueUserWorkItem(static thrown => thrown.Throw(), unhandled, preferLocal: false);
        }

        return Task.FromResult(true);
    });

    private sealed class Left(bool before) : IDisposable
    {
        public void Dispose() => s_current.Value = before;
    }
}
