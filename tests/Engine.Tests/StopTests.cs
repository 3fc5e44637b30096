using Rotunda.Engine.Storage;
using Rotunda.Orchestration;

namespace Rotunda.Engine.Tests;

public sealed class StopTests : TestBase
{
    private readonly SemaphoreSlim _arrived = new(0);

    [Fact]
    public async Task A_stop_does_not_record_the_cancellation_of_an_activity_as_its_failure()
    {
        await StartAsync(Code(async ct =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, ct);
            return "never";
        }));
        await Client.ScheduleNewAsync("main", options: new StartOptions("x"), cancellationToken: Token);
        await _arrived.WaitAsync(Token);

        await Fixture.Engine.StopAsync();
        await StartAsync(Code(_ => Task.FromResult("second time")));

        Assert.Equal("\"second time\"", (await Client.WaitForCompletionAsync("x", Token)).Output);
    }

    [Fact]
    public async Task A_stop_keeps_the_result_of_an_activity_that_ends_within_the_budget()
    {
        var runs = 0;
        await StartAsync(Code(async ct =>
        {
            Interlocked.Increment(ref runs);
            var stopping = new TaskCompletionSource();
            await using var registration = ct.Register(stopping.SetResult);
            await stopping.Task;
            return "finished";
        }));
        await Client.ScheduleNewAsync("main", options: new StartOptions("x"), cancellationToken: Token);
        await _arrived.WaitAsync(Token);

        await Fixture.Engine.StopAsync();
        await StartAsync(Code(_ => Task.FromResult("again")));

        Assert.Equal("\"finished\"", (await Client.WaitForCompletionAsync("x", Token)).Output);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Calls_after_the_stop_say_so()
    {
        await StartAsync();
        var client = Client;
        await Fixture.Engine.StopAsync();

        await Assert.ThrowsAsync<TaskHubException>(() => client.ScheduleNewAsync("wait", cancellationToken: Token));
    }

    [Fact]
    public async Task No_more_activities_run_at_once_than_allowed()
    {
        var (now, most) = (0, 0);
        Fixture.Configure = options => options with { MaxConcurrentActivities = 3 };
        var code = new TaskRegistry()
            .AddActivity<int, int>("work", async (_, n, _) =>
            {
                var running = Interlocked.Increment(ref now);
                InterlockedMax(ref most, running);
                await Task.Yield();
                Interlocked.Decrement(ref now);
                return n;
            })
            .AddOrchestration<int, int>("main", async (context, n) =>
                (await Task.WhenAll(Enumerable.Range(0, n).Select(i => context.CallActivityAsync<int>("work", i)))).Length);
        await StartAsync(code);

        var id = await Client.ScheduleNewAsync("main", 100, cancellationToken: Token);

        Assert.Equal("100", (await Client.WaitForCompletionAsync(id, Token)).Output);
        Assert.InRange(most, 1, 3);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }

    private TaskRegistry Code(Func<CancellationToken, Task<string>> work) => new TaskRegistry()
        .AddActivity<string, string>("work", (_, _, ct) =>
        {
            _arrived.Release();
            return work(ct);
        })
        .AddOrchestration<string, string>("main", (context, _) => context.CallActivityAsync<string>("work"));
}
