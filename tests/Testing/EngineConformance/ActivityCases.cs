using System.Collections.Concurrent;
using Rotunda.Orchestration;

namespace Rotunda.Testing.EngineConformance;

public abstract class ActivityCases(IEngineFixture fixture) : ConformanceCases(fixture)
{
    [Fact]
    public async Task An_activity_gets_its_input_and_gives_its_result()
    {
        Activity<string, string>("greet", name => $"hello {name}");
        Orchestration<string, string>("main", (context, name) => context.CallActivityAsync<string>("greet", name));

        var state = await RunAsync("main", "you");

        Assert.Equal(OrchestrationStatus.Completed, state.Status);
        Assert.Equal("\"hello you\"", state.Output);
        Assert.Equal("\"you\"", state.Input);
    }

    [Fact]
    public async Task Activities_in_sequence_each_see_the_result_before()
    {
        Activity<int, int>("add", n => n + 1);
        Orchestration<int, int>("main", async (context, n) =>
        {
            for (var i = 0; i < 20; i++)
            {
                n = await context.CallActivityAsync<int>("add", n);
            }

            return n;
        });

        Assert.Equal("20", (await RunAsync("main", 0)).Output);
    }

    [Fact]
    public async Task WhenAll_gives_results_in_the_order_of_the_calls()
    {
        Activity<int, int>("square", n => n * n);
        Orchestration<int, int[]>("main", (context, count) =>
            Task.WhenAll(Enumerable.Range(0, count).Select(i => context.CallActivityAsync<int>("square", i))));

        Assert.Equal("[" + string.Join(',', Enumerable.Range(0, 50).Select(i => i * i)) + "]", (await RunAsync("main", 50)).Output);
    }

    [Fact]
    public async Task Completions_reach_the_code_in_the_order_in_which_they_happened()
    {
        Needs(EngineTraits.ManyAtOnce);
        var gates = new ConcurrentDictionary<string, TaskCompletionSource<string>>();
        TaskCompletionSource<string> Gate(string name) =>
            gates.GetOrAdd(name, _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));
        Registry.AddActivity<string, string>("gated", (_, name, _) => Gate(name!).Task);
        Orchestration<string, List<string>>("main", async (context, _) =>
        {
            var order = new List<string>();
            var open = new List<Task<string>>
            {
                context.CallActivityAsync<string>("gated", "a"),
                context.CallActivityAsync<string>("gated", "b"),
                context.CallActivityAsync<string>("gated", "c"),
            };
            while (open.Count > 0)
            {
                var first = await Task.WhenAny(open);
                open.Remove(first);
                order.Add(await first);
                context.SetCustomStatus(string.Concat(order));
            }

            return order;
        });
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("main", cancellationToken: Token);

        Gate("c").SetResult("c");
        await UntilAtAsync(id, "c");
        Gate("a").SetResult("a");
        await UntilAtAsync(id, "ca");
        Gate("b").SetResult("b");

        Assert.Equal("""["c","a","b"]""", (await EndAsync(id)).Output);
    }

    [Fact]
    public async Task A_failing_activity_throws_into_the_code_which_may_go_on()
    {
        Activity<string, string>("fail", _ => throw new InvalidOperationException("no luck"));
        Activity<string, string>("work", _ => "fine");
        Orchestration<string, string>("main", async (context, _) =>
        {
            try
            {
                return await context.CallActivityAsync<string>("fail");
            }
            catch (TaskFailedException failure)
            {
                return $"{failure.TaskName}: {failure.Failure.ErrorType}: {failure.Failure.Message}, then "
                    + $"{await context.CallActivityAsync<string>("work")}";
            }
        });

        Assert.Equal("\"fail: System.InvalidOperationException: no luck, then fine\"", (await RunAsync("main")).Output);
    }

    [Fact]
    public async Task An_unhandled_failure_fails_the_instance()
    {
        Activity<string, string>("fail", _ => throw new InvalidOperationException("no luck"));
        Orchestration<string, string>("main", (context, _) => context.CallActivityAsync<string>("fail"));

        var state = await RunAsync("main");

        Assert.Equal(OrchestrationStatus.Failed, state.Status);
        Assert.Equal(typeof(TaskFailedException).FullName, state.Failure!.ErrorType);
        Assert.Contains("no luck", state.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_activity_that_nobody_registered_fails_with_its_name()
    {
        Orchestration<string, string>("main", (context, _) => context.CallActivityAsync<string>("nowhere"));

        var state = await RunAsync("main");

        Assert.Equal(OrchestrationStatus.Failed, state.Status);
        Assert.Contains("nowhere", state.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_activity_cut_off_by_a_crash_runs_again_with_the_same_idempotency_key()
    {
        var keys = new ConcurrentQueue<string>();
        var arrived = new SemaphoreSlim(0);
        var hang = new TaskCompletionSource<string>();
        TaskRegistry Code(Func<Task<string>> run) => new TaskRegistry()
            .AddActivity<string, string>("work", (call, _, _) =>
            {
                keys.Enqueue(call.IdempotencyKey);
                arrived.Release();
                return run();
            })
            .AddOrchestration<string, string>("main", (context, _) => context.CallActivityAsync<string>("work"));
        Registry = Code(() => hang.Task);
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("main", cancellationToken: Token);
        await arrived.WaitAsync(Token);

        await RestartAsync(Code(() => Task.FromResult("done")));

        Assert.Equal("\"done\"", (await EndAsync(id)).Output);
        Assert.Equal(2, keys.Count);
        Assert.Single(keys.Distinct());
    }

    [Fact]
    public async Task Idempotency_keys_differ_between_calls_and_instances()
    {
        var keys = new ConcurrentQueue<string>();
        Registry.AddActivity<string, bool>("work", (call, _, _) =>
        {
            keys.Enqueue(call.IdempotencyKey);
            return Task.FromResult(true);
        });
        Orchestration<int, bool>("main", async (context, generation) =>
        {
            await context.CallActivityAsync<bool>("work");
            await context.CallActivityAsync<bool>("work");
            if (generation == 0)
            {
                context.ContinueAsNew(1);
            }

            return true;
        });
        await StartEngineAsync();
        await Client.ScheduleNewAsync("main", 0, new StartOptions("one"), Token);
        await Client.ScheduleNewAsync("main", 0, new StartOptions("two"), Token);
        await EndAsync("one");
        await EndAsync("two");
        await Client.PurgeAsync(new PurgeFilter("one"), Token);
        await Client.ScheduleNewAsync("main", 0, new StartOptions("one"), Token);
        await EndAsync("one");

        Assert.Equal(12, keys.Count);
        Assert.Equal(12, keys.Distinct().Count());
    }
}
