using System.Diagnostics;
using Rotunda.Orchestration;

namespace Rotunda.Bench.Engine;

/// <summary>Timers that fall due while the engine is down: how they wake, and what happens to other work meanwhile.</summary>
internal static class DueTimers
{
    /// <summary>One in so many goes first, spread over all.</summary>
    private const int FirstOf = 10_000;

    public static async Task<object> RunAsync(BenchFolder folder, int timers)
    {
        var woken = new List<int>(timers);
        var (watch, firstEnded) = (new Stopwatch(), new List<double>());
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        double toFirst = 0;
        var registry = new TaskRegistry()
            .AddActivity<int, int>("noop", (_, n, _) => Task.FromResult(n))
            .AddActivity<int, int>("note", (call, n, _) =>
            {
                lock (woken)
                {
                    toFirst = woken.Count == 0 ? watch.Elapsed.TotalSeconds : toFirst;
                    woken.Add(n);
                    if (IsFirst(n))
                    {
                        firstEnded.Add(watch.Elapsed.TotalSeconds);
                    }

                    if (woken.Count == timers)
                    {
                        all.SetResult();
                    }
                }

                return Task.FromResult(n);
            })
            .AddOrchestration<int, int>("short", (context, n) => context.CallActivityAsync<int>("noop", n))
            .AddOrchestration<int, int>("sleep", SleepAsync)
            .AddOrchestration<int, int>("urgent", SleepAsync);
        await using (var engine = await folder.StartAsync(registry))
        {
            // Made in no order of their due times.
            await Scale.ForManyAsync(timers, i =>
            {
                var n = (int)((i * 7919L) % timers);
                return engine.Client.ScheduleNewAsync(IsFirst(n) ? "urgent" : "sleep", n, new StartOptions(Scale.Name("sleeper", n)));
            });
        }

        GC.Collect();
        var before = Scale.ResidentMegabytes();
        watch.Start();
        await using var after = await folder.StartAsync(
            registry,
            options => options with { TimeProvider = new LaterTime(TimeSpan.FromDays(2)), GoesFirst = (name, _) => name == "urgent" });
        var startup = watch.Elapsed.TotalSeconds;
        using var stop = new CancellationTokenSource();
        var (memory, newWork) = (PeakAsync(stop.Token), NewWorkAsync(after.Client, stop.Token));
        await all.Task;
        var took = watch.Elapsed.TotalSeconds;
        await stop.CancelAsync();
        var latencies = await newWork;
        latencies.Sort();
        return new
        {
            timers,
            startupSeconds = Math.Round(startup, 3),
            secondsToFirst = Math.Round(toFirst, 3),
            secondsToAll = Math.Round(took, 1),
            wokenPerSecond = Math.Round(timers / took),
            mostPlacesOutOfOrder = woken.Where(n => !IsFirst(n)).Select((n, place) => Math.Abs(n - (n / FirstOf) - 1 - place)).Max(),
            goFirst = firstEnded.Count,
            secondsToAllThatGoFirst = Math.Round(firstEnded.Max(), 2),
            newWorkflowsMeanwhile = latencies.Count,
            newWorkflowMsMedian = Math.Round(latencies[latencies.Count / 2], 1),
            newWorkflowMsP99 = Math.Round(latencies[(int)(latencies.Count * 0.99)], 1),
            residentMegabytesBefore = before,
            residentMegabytesAtMost = await memory,
        };

        static bool IsFirst(int n) => n % FirstOf == 0;
    }

    private static async Task<int> SleepAsync(IOrchestrationContext context, int n)
    {
        // An hour to make them all; due one after the other, ten in a millisecond.
        await context.CreateTimerAsync(
            new DateTimeOffset(context.CurrentUtcTime.Date, TimeSpan.Zero).AddDays(1).AddHours(1).AddTicks(n * 1000L));
        return await context.CallActivityAsync<int>("note", n);
    }

    /// <summary>One after the other, as a person starts them.</summary>
    private static async Task<List<double>> NewWorkAsync(IOrchestrationClient client, CancellationToken stop)
    {
        var took = new List<double>();
        do
        {
            var watch = Stopwatch.GetTimestamp();
            var id = await client.ScheduleNewAsync("short", 1, cancellationToken: CancellationToken.None);
            await client.WaitForCompletionAsync(id, CancellationToken.None);
            took.Add(Stopwatch.GetElapsedTime(watch).TotalMilliseconds);
        }
        while (!stop.IsCancellationRequested);

        return took;
    }

    private static async Task<long> PeakAsync(CancellationToken stop)
    {
        long peak = 0;
        while (!stop.IsCancellationRequested)
        {
            peak = Math.Max(peak, Scale.ResidentMegabytes());
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
        }

        return peak;
    }

    /// <summary>The clock of a machine that was down for so long.</summary>
    private sealed class LaterTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
