using System.Diagnostics;
using System.Globalization;
using Rotunda.Engine.Replay;
using Rotunda.Orchestration;

namespace Rotunda.Bench.Engine;

/// <summary>Sleepers, recovery, long histories.</summary>
internal static class Scale
{
    /// <summary>Puts instances to sleep for 30 days, restarts, and measures the start and the memory; then 10,000 timers of one
    /// second.</summary>
    public static async Task<object> SleepersAsync(BenchFolder folder, int sleepers)
    {
        var registry = new TaskRegistry()
            .AddOrchestration<DateTimeOffset, bool>("sleep", async (context, until) =>
            {
                await context.CreateTimerAsync(until);
                return true;
            });
        var watch = Stopwatch.StartNew();
        await using (var engine = await folder.StartAsync(registry))
        {
            await ForManyAsync(
                sleepers,
                i => engine.Client.ScheduleNewAsync(
                    "sleep",
                    TimeProvider.System.GetUtcNow().AddDays(30),
                    new StartOptions(Name("sleeper", i))));
        }

        var created = watch.Elapsed.TotalSeconds;
        GC.Collect();
        watch.Restart();
        await using var restarted = await folder.StartAsync(registry);
        var startup = watch.Elapsed.TotalSeconds;
        var atRest = ResidentMegabytes();

        const int Together = 10_000;
        var due = TimeProvider.System.GetUtcNow().AddSeconds(Math.Max(10, Together / 500));
        await ForManyAsync(Together, i => restarted.Client.ScheduleNewAsync("sleep", due, new StartOptions(Name("together", i))));
        await ForManyAsync(Together, i => restarted.Client.WaitForCompletionAsync(Name("together", i)), concurrency: Together);
        var fired = (TimeProvider.System.GetUtcNow() - due).TotalSeconds;
        return new
        {
            sleepers,
            createdPerSecond = Math.Round(sleepers / created),
            startupSeconds = Math.Round(startup, 3),
            residentMegabytesAfterStart = atRest,
            residentMegabytesAtEnd = ResidentMegabytes(),
            hubMegabytes = folder.HubBytes / 1_000_000,
            tenThousandTimersFiredInSeconds = Math.Round(fired, 2),
        };
    }

    /// <summary>Another process with an activity of each instance under way, killed with SIGKILL, and the time until all have
    /// ended.</summary>
    public static async Task<object> RecoveryAsync(BenchFolder folder, int instances)
    {
        using (var victim = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!,
            [.. Self(), "--victim", $"{instances}", "--hub", folder.HubPath])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!)
        {
            await victim.StandardOutput.ReadLineAsync();
            victim.Kill();
            await victim.WaitForExitAsync();
        }

        var watch = Stopwatch.StartNew();
        await using var after = await folder.StartAsync(InFlight(Task.FromResult(true)));
        var startup = watch.Elapsed.TotalSeconds;
        await ForManyAsync(instances, i => after.Client.WaitForCompletionAsync(Name("in-flight", i)), concurrency: instances);
        return new { instances, startupSeconds = Math.Round(startup, 3), allEndedSeconds = Math.Round(watch.Elapsed.TotalSeconds, 2) };
    }

    /// <summary>The process that is killed: starts the instances, says so, and waits for its end.</summary>
    public static async Task VictimAsync(string hub, int instances)
    {
        var hang = new TaskCompletionSource<bool>();
        await using var engine = await BenchFolder.StartAsync(hub, InFlight(hang.Task));
        await ForManyAsync(instances, i => engine.Client.ScheduleNewAsync("main", i, new StartOptions(Name("in-flight", i))));
        await Console.Out.WriteLineAsync("in flight");
        await hang.Task;
    }

    private static TaskRegistry InFlight(Task<bool> work) => new TaskRegistry()
        .AddActivity<int, bool>("work", (_, _, _) => work)
        .AddOrchestration<int, bool>("main", (context, n) => context.CallActivityAsync<bool>("work", n));

    /// <summary>What starts this program again: nothing where it has an executable of its own, its assembly under <c>dotnet</c>.</summary>
    private static string[] Self() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(Scale).Assembly.Location] : [];

    /// <summary>One instance with many events: live, then replayed from the start; half as many beside it shows whether it is
    /// linear.</summary>
    public static async Task<object> HistoryAsync(BenchFolder folder, int events)
    {
        var registry = new TaskRegistry()
            .AddActivity<int, int>("noop", (_, n, _) => Task.FromResult(n))
            .AddOrchestration<int, int>("long", async (context, count) =>
            {
                for (var i = 0; i < count; i++)
                {
                    await context.CallActivityAsync<int>("noop", i);
                }

                return count;
            });
        await using var engine = await folder.StartAsync(registry);
        // What the compiler does once is no part of the figures.
        await RunAndReplayAsync(1000);
        var (halfRun, halfReplay) = await RunAndReplayAsync(events / 4);
        var (run, replay) = await RunAndReplayAsync(events / 2);
        return new { events, halfRunSeconds = halfRun, runSeconds = run, halfReplayMs = halfReplay, replayMs = replay };

        async Task<(double Run, double Replay)> RunAndReplayAsync(int steps)
        {
            var watch = Stopwatch.StartNew();
            var id = await engine.Client.ScheduleNewAsync("long", steps);
            await engine.Client.WaitForCompletionAsync(id);
            var took = watch.Elapsed.TotalSeconds;
            var history = engine.ExportHistory(id)!;
            watch.Restart();
            var drift = history.FindDrift(registry, new PayloadSerializer());
            return drift is null
                ? (Math.Round(took, 2), Math.Round(watch.Elapsed.TotalMilliseconds, 1))
                : throw new InvalidOperationException(drift);
        }
    }

    public static async Task ForManyAsync(int count, Func<int, Task> work, int concurrency = 256)
    {
        var next = -1;
        async Task WorkAsync()
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                await work(i);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(WorkAsync)));
    }

    public static string Name(string kind, int i) => $"{kind}-{i.ToString("D7", CultureInfo.InvariantCulture)}";

    public static long ResidentMegabytes()
    {
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64 / 1_000_000;
    }
}
