using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;
using Rotunda.Providers.Contract;
using Rotunda.Reencryption.Formats;
using Rotunda.Reencryption.Tables;
using Rotunda.Rotation.Words;

namespace Rotunda.Reencryption.Passes;

/// <summary>Works through lanes on several connections side by side until they are done or the slice is over.</summary>
internal sealed class PassRunner(RowsSetup setup, KeyRing? ring, Slice slice, TimeProvider time)
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(50);
    private readonly TimeSpan _length = setup.Slice is { } most && most < slice.Length ? most : slice.Length;
    private readonly long _began = time.GetTimestamp();
    private long _rows;

    public bool IsOver => time.GetElapsedTime(_began) >= _length;

    /// <param name="step">Does one batch of a lane, and moves the lane on.</param>
    public async Task RunAsync(
        IReadOnlyList<Lane> lanes,
        Func<LaneSession, Lane, CancellationToken, Task> step,
        CancellationToken cancellationToken)
    {
        var open = new ConcurrentQueue<Lane>(lanes.Where(lane => !lane.Done));
        if (open.IsEmpty)
        {
            return;
        }

        // The first problem ends the others at their next batch: nothing is cut off in the middle of one.
        var stopped = new TaskCompletionSource();
        var workers = Enumerable.Range(
            0,
            Math.Min(setup.Connections, open.Count)).Select(_ => Task.Run(
                () => WorkAsync(open, step, stopped, cancellationToken),
                cancellationToken)).ToList();
        await Task.WhenAll(workers);
    }

    /// <summary>How far it is, for people.</summary>
    public (string Name, string? Value)[] Facts(long rows, long total)
    {
        var seconds = time.GetElapsedTime(_began).TotalSeconds;
        var rate = seconds > 0 ? (long)(_rows / seconds) : 0;
        var left = rate > 0 ? Math.Max(0, total - rows) / rate : (long?)null;
        return
        [
            (StepFacts.Rows, Number(rows)), (StepFacts.Total, Number(Math.Max(rows, total))),
            (StepFacts.Rate, rate > 0 ? Number(rate) : null),
            (StepFacts.Left, left is { } l ? Number(l) : null),
        ];
    }

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task WorkAsync(
        ConcurrentQueue<Lane> open,
        Func<LaneSession, Lane, CancellationToken, Task> step,
        TaskCompletionSource stopped,
        CancellationToken cancellationToken)
    {
        try
        {
            await using var session = await LaneSession.OpenAsync(setup, ring, cancellationToken);
            while (!stopped.Task.IsCompleted && open.TryDequeue(out var lane))
            {
                do
                {
                    await TryAsync(session, lane, step, cancellationToken);
                }
                while (!lane.Done && !IsOver && !stopped.Task.IsCompleted);
                if (IsOver)
                {
                    break;
                }
            }

            await session.FlushAsync(cancellationToken);
        }
        catch
        {
            stopped.TrySetResult();
            throw;
        }
    }

    private async Task TryAsync(
        LaneSession session,
        Lane lane,
        Func<LaneSession, Lane, CancellationToken, Task> step,
        CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var before = lane.Rows;
            try
            {
                await step(session, lane, cancellationToken);
                await PaceAsync(lane.Rows - before, cancellationToken);
                return;
            }
            catch (PostgresException busy) when (RowsFailures.IsPassing(busy) && attempt < setup.LockTries)
            {
                await session.RollBackAsync();
                await Task.Delay(BetweenTries, time, cancellationToken);
            }
            catch
            {
                await session.RollBackAsync();
                throw;
            }
        }
    }

    private async Task PaceAsync(long rows, CancellationToken cancellationToken)
    {
        var all = Interlocked.Add(ref _rows, rows);
        if (setup.RowsPerSecond is { } limit
            && TimeSpan.FromSeconds((double)all / limit) - time.GetElapsedTime(_began) is { Ticks: > 0 } ahead)
        {
            await Task.Delay(ahead, time, cancellationToken);
        }
    }
}
