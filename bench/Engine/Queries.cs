using System.Diagnostics;
using Rotunda.Orchestration;

namespace Rotunda.Bench.Engine;

/// <summary>Reads of single instances and of pages in a large hub, while workflows run.</summary>
internal static class Queries
{
    public static async Task<object> RunAsync(BenchFolder folder, int instances)
    {
        var registry = new TaskRegistry()
            .AddActivity<int, int>("noop", (_, n, _) => Task.FromResult(n))
            .AddOrchestration<int, int>("short", (context, n) => context.CallActivityAsync<int>("noop", n))
            .AddOrchestration<int, string>("wait", (context, _) => context.WaitForExternalEventAsync<string>("go"));
        await using var engine = await folder.StartAsync(registry);
        await Scale.ForManyAsync(instances, i => engine.Client.ScheduleNewAsync("wait", i, new StartOptions(Scale.Name("waiter", i))));

        using var stop = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => LoadAsync(engine.Client, stop.Token))));
        var random = new Random(1);
        var single = await MeasureAsync(2000, () => engine.Client.GetAsync(Scale.Name("waiter", random.Next(instances))));
        var page = await MeasureAsync(500, () => engine.Client.QueryAsync(new OrchestrationQuery(
            [OrchestrationStatus.Running, OrchestrationStatus.Failed], "waiter-", 100, Scale.Name("waiter", random.Next(instances)))));
        await stop.CancelAsync();
        var loaded = (await load).Sum();
        return new { instances, singleP99Ms = single, pageP99Ms = page, workflowsDuringQueries = loaded };
    }

    private static async Task<int> LoadAsync(IOrchestrationClient client, CancellationToken stop)
    {
        var count = 0;
        for (; !stop.IsCancellationRequested; count++)
        {
            await client.WaitForCompletionAsync(
                await client.ScheduleNewAsync("short", count, cancellationToken: CancellationToken.None),
                CancellationToken.None);
        }

        return count;
    }

    private static async Task<double> MeasureAsync(int times, Func<Task> query)
    {
        var took = new List<double>(times);
        for (var i = 0; i < times; i++)
        {
            var watch = Stopwatch.GetTimestamp();
            await query();
            took.Add(Stopwatch.GetElapsedTime(watch).TotalMilliseconds);
        }

        took.Sort();
        return Math.Round(took[(int)(times * 0.99)], 2);
    }
}
