using Rotunda.Files;

namespace Rotunda.World.Tests;

/// <summary>
/// One activity under way. Real code runs in it, on whatever threads it takes, while the world stands still; it goes on until it has ended
/// or waits for time to pass at a vendor. So two activities can be under way at once, and nothing is left to the machine's chance.
/// </summary>
internal sealed class Lane : IDisposable
{
    private static readonly AsyncLocal<Lane?> s_current = new();
    private static readonly TimeSpan RealLimit = TimeSpan.FromMinutes(1);
    private readonly ManualResetEventSlim _still = new();
    private TaskCompletionSource? _parked;

    public static Lane? Current => s_current.Value;

    /// <summary>When it began, in true time.</summary>
    public required DateTimeOffset Began { get; init; }

    public required string Name { get; init; }

    public bool IsUndo { get; init; }

    public Task<object?> Work { get; private set; } = Task.FromResult<object?>(null);

    public bool IsParked => _parked is not null;

    /// <summary>Starts the work, and returns when it has ended or waits.</summary>
    public void Run(Func<Task<object?>> work)
    {
        s_current.Value = this;
        try
        {
            Work = work();
        }
        catch (Exception failure)
        {
            Work = Task.FromException<object?>(failure);
        }
        finally
        {
            s_current.Value = null;
        }

        _ = Work.ContinueWith(
            _ => _still.Set(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        Settle();
    }

    /// <summary>Called by the work: waits until the world's time has come so far, or the attempt is over.</summary>
    /// <param name="wake">Tells the world to call the action after that time.</param>
    public async Task ParkAsync(Action<Action> wake, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var over = cancellationToken.Register(() => Leave(gate, () => gate.TrySetCanceled(cancellationToken)));
        wake(() =>
        {
            if (Leave(gate, () => gate.TrySetResult()))
            {
                Settle();
            }
        });
        _parked = gate;
        _still.Set();
        await gate.Task;
    }

    /// <summary>The process dies.</summary>
    public void Kill()
    {
        if (_parked is { } gate && Leave(gate, () => gate.TrySetException(new SimulatedCrashException("the process died"))))
        {
            Settle();
        }
    }

    /// <summary>Waits until the work has ended, or waits for time to pass.</summary>
    public void Settle()
    {
        if (!_still.Wait(RealLimit))
        {
            throw new InvalidOperationException($"{Name} neither ends nor waits: the world cannot go on.");
        }
    }

    public void Dispose() => _still.Dispose();

    private bool Leave(TaskCompletionSource gate, Action end)
    {
        if (_parked != gate)
        {
            return false;
        }

        _parked = null;
        _still.Reset();
        end();
        return true;
    }
}
