using System.Collections.Concurrent;

namespace Rotunda.Activities.Checks;

/// <summary>
/// An attempt of a step ends within its time whatever its code does: one that does not stop when it is told to (it reads from a
/// dead network mount) is given up. The next attempt of the same step waits for it, so that the two never act side by side.
/// </summary>
public sealed class AttemptLimit(TimeProvider time)
{
    /// <summary>How long code may take to stop once it is told to.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Task> _givenUp = new(StringComparer.Ordinal);

    /// <param name="key">The same for all attempts of a step, and of its undos.</param>
    /// <param name="stop">Its time is over, or the host stops.</param>
    /// <exception cref="GivenUpException">It did not stop, or the attempt before it has not come back yet.</exception>
    public async Task<T> RunAsync<T>(string key, Func<CancellationToken, Task<T>> attempt, CancellationToken stop)
    {
        if (_givenUp.TryGetValue(key, out var before) && !await EndsAsync(before, TimeSpan.Zero, stop))
        {
            throw new GivenUpException("The attempt before, which was given up, still has not come back.");
        }

        // On a thread of its own: some calls block before they return a task.
        var running = Task.Run(() => attempt(stop), CancellationToken.None);
        if (await EndsAsync(running, Patience, stop))
        {
            return await running;
        }

        _givenUp[key] = running;
        _ = running.ContinueWith(
            ended => _givenUp.TryRemove(KeyValuePair.Create(key, (Task)ended)),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        throw new GivenUpException("It did not stop when it was told to, and was given up.");
    }

    private async Task<bool> EndsAsync(Task task, TimeSpan patience, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (stop.Register(() => stopped.TrySetResult()))
        {
            await Task.WhenAny(task, stopped.Task);
        }

        if (!task.IsCompleted && patience > TimeSpan.Zero)
        {
            await Task.WhenAny(task, Task.Delay(patience, time, CancellationToken.None));
        }

        return task.IsCompleted;
    }
}
