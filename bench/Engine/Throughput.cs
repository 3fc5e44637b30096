using System.Diagnostics;
using Rotunda.Orchestration;

namespace Rotunda.Bench.Engine;

/// <summary>Workflows of no-op activities, each step on disk before the next.</summary>
internal static class Throughput
{
    public static async Task<object> RunAsync(BenchFolder folder, int workflows, int steps, int concurrency)
    {
        var registry = new TaskRegistry()
            .AddActivity<int, int>("noop", (_, n, _) => Task.FromResult(n))
            .AddOrchestration<int, int>("steps", async (context, count) =>
            {
                for (var i = 0; i < count; i++)
                {
                    await context.CallActivityAsync<int>("noop", i);
                }

                return count;
            });
        var fsyncBefore = folder.FsyncPerSecond();
        await using var engine = await folder.StartAsync(registry);
        // The process is cold: nothing of the engine has run.
        var cold = await FirstSecondAsync(engine.Client, steps, concurrency);

        var (watch, cpu) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
        await RunManyAsync(engine.Client, workflows, steps, concurrency);
        var together = watch.Elapsed.TotalSeconds;
        var worked = Process.GetCurrentProcess().TotalProcessorTime - cpu;

        watch.Restart();
        await RunManyAsync(engine.Client, 100, steps, concurrency: 1);
        var sequential = watch.Elapsed.TotalMilliseconds / 100;

        return new
        {
            workflows,
            steps,
            concurrency,
            workflowsInFirstSecond = cold.Sum(),
            workflowsInEachTenthOfIt = cold,
            workflowsPerSecond = Math.Round(workflows / together),
            cpuMicrosecondsPerWorkflow = Math.Round(worked.TotalMicroseconds / workflows),
            stepsPerSecond = Math.Round(workflows * steps / together),
            sequentialMsPerWorkflow = Math.Round(sequential, 2),
            // The disk is shared: before and after, and the worse counts.
            fsyncPerSecond = Math.Min(fsyncBefore, folder.FsyncPerSecond()),
        };
    }

    /// <returns>How many ended in each tenth of a second.</returns>
    private static async Task<int[]> FirstSecondAsync(IOrchestrationClient client, int steps, int concurrency)
    {
        var (watch, tenths) = (Stopwatch.StartNew(), new int[10]);
        async Task WorkAsync()
        {
            while (watch.Elapsed < TimeSpan.FromSeconds(1))
            {
                await client.WaitForCompletionAsync(await client.ScheduleNewAsync("steps", steps));
                if (watch.ElapsedMilliseconds / 100 is var tenth && tenth < tenths.Length)
                {
                    Interlocked.Increment(ref tenths[tenth]);
                }
            }
        }

        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(WorkAsync)));
        return tenths;
    }

    private static async Task RunManyAsync(IOrchestrationClient client, int workflows, int steps, int concurrency)
    {
        var left = workflows;
        async Task WorkAsync()
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                var id = await client.ScheduleNewAsync("steps", steps);
                var state = await client.WaitForCompletionAsync(id);
                if (state.Status != OrchestrationStatus.Completed)
                {
                    throw new InvalidOperationException($"A workflow ended as {state.Status}: {state.Failure?.Message}");
                }
            }
        }

        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(WorkAsync)));
    }
}
