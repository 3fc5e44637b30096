using Rotunda.Orchestration;
using Rotunda.Testing.Time;

namespace Rotunda.Engine.Tests;

/// <summary>
/// A wall clock that is set while the engine runs: its timers count on undisturbed, as an operating system's do, and only
/// what they look at has moved. (A process that stood still for a while is the other case: then both have moved.)
/// </summary>
public sealed class ClockTests : TestBase
{
    private readonly SetClock _wall;

    public ClockTests() => _wall = new SetClock(Clock);

    [Theory]
    [InlineData(5)]
    [InlineData(90)]
    [InlineData(60 * 24 * 40)]
    public async Task After_a_step_back_a_timer_fires_at_its_time_and_not_before(int minutes)
    {
        await StartAsync(minutes);
        await Client.ScheduleNewAsync("watch", minutes, new StartOptions("watch"), Token);
        await UntilAsync("watch", "\"waiting\"");
        var due = _wall.GetUtcNow().AddMinutes(minutes);

        _wall.Offset -= TimeSpan.FromDays(2);
        // What it would have taken without the step.
        Clock.Advance(TimeSpan.FromMinutes(minutes));
        await Client.RaiseEventAsync("watch", "look", cancellationToken: Token);
        await UntilAsync("watch", "\"open\"");
        Clock.Advance(TimeSpan.FromDays(2));

        var end = await Client.WaitForCompletionAsync("watch", Token);
        Assert.Equal(OrchestrationStatus.Completed, end.Status);
        Assert.True(DateTimeOffset.Parse(end.Output!.Trim('"')) >= due, end.Output);
    }

    [Fact]
    public async Task After_a_step_forward_all_that_is_due_fires_at_the_next_look()
    {
        await StartAsync(0);
        int[] hours = [1, 2, 24, 700, 743];
        foreach (var h in hours)
        {
            await Client.ScheduleNewAsync("sleep", h, new StartOptions($"s-{h}"), Token);
            await UntilDueAsync($"s-{h}");
        }

        await Client.ScheduleNewAsync("sleep", 10_000, new StartOptions("later"), Token);
        _wall.Offset += TimeSpan.FromDays(31);
        Clock.Advance(TimeSpan.FromMinutes(1));

        foreach (var h in hours)
        {
            Assert.Equal("\"woken\"", (await Client.WaitForCompletionAsync($"s-{h}", Token)).Output);
        }

        Assert.False((await Client.GetAsync("later", cancellationToken: Token))!.HasEnded);
    }

    [Fact]
    public async Task A_step_forward_that_is_taken_back_leaves_nothing_asleep()
    {
        await StartAsync(0);
        _wall.Offset += TimeSpan.FromDays(31);
        Clock.Advance(TimeSpan.FromMinutes(1));
        _wall.Offset -= TimeSpan.FromDays(31);
        Clock.Advance(TimeSpan.FromMinutes(1));
        await Client.ScheduleNewAsync("sleep", 1, new StartOptions("after"), Token);
        await UntilDueAsync("after");

        Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal("\"woken\"", (await Client.WaitForCompletionAsync("after", Token)).Output);
    }

    [Fact]
    public async Task A_process_that_stood_still_takes_up_all_that_fell_due_meanwhile()
    {
        await StartAsync(0);
        for (var h = 1; h <= 20; h++)
        {
            await Client.ScheduleNewAsync("sleep", h, new StartOptions($"s-{h}"), Token);
            await UntilDueAsync($"s-{h}");
        }

        // Neither the clock nor the timers were looked at in between.
        Clock.Jump(Clock.GetUtcNow().AddDays(1));
        Clock.Advance(TimeSpan.Zero);

        for (var h = 1; h <= 20; h++)
        {
            Assert.Equal("\"woken\"", (await Client.WaitForCompletionAsync($"s-{h}", Token)).Output);
        }
    }

    private Task StartAsync(int cacheSize)
    {
        Fixture.Configure = options => options with { InstanceCacheSize = cacheSize % 2 * 100 };
        var code = Code().AddOrchestration<int, DateTimeOffset>("watch", async (context, minutes) =>
        {
            var timer = context.CreateTimerAsync(context.CurrentUtcTime.AddMinutes(minutes));
            context.SetCustomStatus("waiting");
            await context.WaitForExternalEventAsync<string>("look");
            context.SetCustomStatus(timer.IsCompleted ? "fired" : "open");
            await timer;
            return context.CurrentUtcTime;
        });
        return Fixture.StartAsync(code, Serializer, _wall);
    }

    /// <summary>Waits until the orchestration has come so far; a wrong status ends the test at once.</summary>
    private async Task UntilAsync(string id, string status)
    {
        while ((await Client.GetAsync(id, cancellationToken: Token))?.CustomStatus is var now && now != status)
        {
            Assert.NotEqual("\"fired\"", now);
            Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Waits until the sleeper's first turn, and with it its timer, is on disk.</summary>
    private async Task UntilDueAsync(string id)
    {
        while (Fixture.Engine.ExportHistory(id) is not { Turns.Count: > 0 })
        {
            Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Another clock's timers under a wall clock of its own.</summary>
    private sealed class SetClock(ManualTimeProvider inner) : TimeProvider
    {
        private long _offset;

        public TimeSpan Offset
        {
            get => TimeSpan.FromTicks(Volatile.Read(ref _offset));
            set => Volatile.Write(ref _offset, value.Ticks);
        }

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Offset;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            inner.CreateTimer(callback, state, dueTime, period);
    }
}
