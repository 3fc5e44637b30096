using System.Text.Json;
using Rotunda.Orchestration;

namespace Rotunda.Testing.EngineConformance;

public abstract class TimerCases(IEngineFixture fixture) : ConformanceCases(fixture)
{
    [Fact]
    public async Task A_timer_fires_at_its_time_and_not_before()
    {
        Orchestration<string, DateTimeOffset>("main", async (context, _) =>
        {
            context.SetCustomStatus("waiting");
            await context.CreateTimerAsync(context.CurrentUtcTime + Long(TimeSpan.FromDays(30)));
            return context.CurrentUtcTime;
        });
        await StartEngineAsync();
        var due = Now + Long(TimeSpan.FromDays(30));
        var id = await Client.ScheduleNewAsync("main", cancellationToken: Token);
        await UntilAtAsync(id, "waiting");

        if (Has(EngineTraits.MovableClock))
        {
            Clock.AdvanceTo(due.AddSeconds(-1));
            Assert.Equal(OrchestrationStatus.Running, (await Client.GetAsync(id, cancellationToken: Token))!.Status);
        }

        await PassAsync(due);

        var state = await EndAsync(id);
        Assert.Equal(OrchestrationStatus.Completed, state.Status);
        var fired = JsonSerializer.Deserialize<DateTimeOffset>(state.Output!);
        Assert.True(Has(EngineTraits.MovableClock) ? fired == due : fired >= due, $"Due at {due:O}, fired at {fired:O}.");
    }

    [Fact]
    public async Task A_timer_in_the_past_fires_at_once()
    {
        Orchestration<string, string>("main", async (context, _) =>
        {
            await context.CreateTimerAsync(context.CurrentUtcTime.AddDays(-1));
            return "done";
        });

        Assert.Equal("\"done\"", (await RunAsync("main")).Output);
    }

    [Fact]
    public async Task A_timer_that_fell_due_while_the_engine_was_down_fires_after_the_start()
    {
        Orchestration<string, string>("main", async (context, _) =>
        {
            context.SetCustomStatus("waiting");
            await context.CreateTimerAsync(context.CurrentUtcTime + Long(TimeSpan.FromHours(1)));
            return "done";
        });
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("main", cancellationToken: Token);
        await UntilAtAsync(id, "waiting");

        await CrashAsync();
        await PassAsync(Now + Long(TimeSpan.FromHours(2)));
        await StartEngineAsync();

        Assert.Equal("\"done\"", (await EndAsync(id)).Output);
    }

    [Fact]
    public async Task Timers_fire_in_the_order_of_their_times()
    {
        Needs(EngineTraits.OrdersTimers);
        Orchestration<string, List<int>>("main", async (context, _) =>
        {
            var order = new List<int>();
            async Task Sleep(int times)
            {
                await context.CreateTimerAsync(context.CurrentUtcTime + (times * Long(TimeSpan.FromHours(1))));
                order.Add(times);
            }

            var all = Task.WhenAll(Sleep(3), Sleep(1), Sleep(2));
            context.SetCustomStatus("waiting");
            await all;
            return order;
        });
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("main", cancellationToken: Token);
        await UntilAtAsync(id, "waiting");

        MoveOn(TimeSpan.FromHours(5));

        Assert.Equal("[1,2,3]", (await EndAsync(id)).Output);
    }

    [Fact]
    public async Task A_cancelled_timer_ends_its_task_as_cancelled()
    {
        Orchestration<string, string>("main", async (context, _) =>
        {
            using var cancel = new CancellationTokenSource();
            var timer = context.CreateTimerAsync(context.CurrentUtcTime.AddDays(1), cancel.Token);
#pragma warning disable CA1849, MA0042 // CancelAsync leaves the orchestration's thread.
            cancel.Cancel();
#pragma warning restore CA1849, MA0042
            try
            {
                await timer;
                return "fired";
            }
            catch (OperationCanceledException)
            {
                return "cancelled";
            }
        });

        Assert.Equal("\"cancelled\"", (await RunAsync("main")).Output);
    }

    [Fact]
    public async Task WhenAny_of_a_timer_and_an_event_ends_with_the_event_and_the_timer_is_cancelled()
    {
        RegisterRace(TimeSpan.FromDays(1));
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("race", cancellationToken: Token);
        await UntilAtAsync(id, "waiting");

        await Client.RaiseEventAsync(id, "approval", "yes", Token);

        Assert.Equal("\"yes\"", (await EndAsync(id)).Output);
    }

    [Fact]
    public async Task WhenAny_of_a_timer_and_an_event_ends_with_the_timer()
    {
        RegisterRace(Long(TimeSpan.FromDays(1)));
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("race", cancellationToken: Token);
        await UntilAtAsync(id, "waiting");

        MoveOn(TimeSpan.FromDays(1));

        Assert.Equal("\"timeout\"", (await EndAsync(id)).Output);
    }

    [Fact]
    public async Task An_unfired_timer_does_not_keep_a_finished_instance_running()
    {
        Orchestration<string, string>("main", (context, unused) =>
        {
            _ = context.CreateTimerAsync(context.CurrentUtcTime.AddDays(1));
            return Task.FromResult("done");
        });

        Assert.Equal(OrchestrationStatus.Completed, (await RunAsync("main")).Status);
    }

    [Fact]
    public async Task A_delayed_start_runs_at_its_time()
    {
        Needs(EngineTraits.StartsLater);
        Orchestration<string, DateTimeOffset>("main", (context, _) => Task.FromResult(context.CurrentUtcTime));
        await StartEngineAsync();
        var startAt = Now + Long(TimeSpan.FromDays(2));
        var id = await Client.ScheduleNewAsync("main", options: new StartOptions("later", startAt), cancellationToken: Token);
        await IsPendingAsync();

        await RestartAsync();
        await IsPendingAsync();
        await PassAsync(startAt);

        var state = await EndAsync(id);
        Assert.Equal(OrchestrationStatus.Completed, state.Status);
        Assert.True(JsonSerializer.Deserialize<DateTimeOffset>(state.Output!) >= startAt, state.Output);

        // The machine's clock may be there already.
        async Task IsPendingAsync()
        {
            var before = await Client.GetAsync(id, cancellationToken: Token);
            Assert.True(before!.Status == OrchestrationStatus.Pending || Now >= startAt, $"{before}");
        }
    }

    [Fact]
    public async Task The_time_never_runs_backwards_when_the_clock_does()
    {
        Activity<string, string>("noop", _ => "");
        Orchestration<string, bool>("main", async (context, _) =>
        {
            var before = context.CurrentUtcTime;
            context.SetCustomStatus("waiting");
            await context.WaitForExternalEventAsync<string>("go");
            return context.CurrentUtcTime >= before;
        });
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("main", cancellationToken: Token);
        await UntilAtAsync(id, "waiting");

        Clock.Jump(Clock.GetUtcNow().AddDays(-1));
        await Client.RaiseEventAsync(id, "go", cancellationToken: Token);

        Assert.Equal("true", (await EndAsync(id)).Output);
    }

    private void RegisterRace(TimeSpan limit) => Orchestration<string, string>("race", async (context, _) =>
    {
        using var cancel = new CancellationTokenSource();
        var timer = context.CreateTimerAsync(context.CurrentUtcTime + limit, cancel.Token);
        var approval = context.WaitForExternalEventAsync<string>("approval");
        context.SetCustomStatus("waiting");
        if (await Task.WhenAny(timer, approval) == timer)
        {
            return "timeout";
        }

#pragma warning disable CA1849, MA0042 // CancelAsync leaves the orchestration's thread.
        cancel.Cancel();
#pragma warning restore CA1849, MA0042
        return await approval;
    });
}
