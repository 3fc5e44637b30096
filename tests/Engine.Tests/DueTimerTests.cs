using System.Collections.Concurrent;
using Rotunda.Files;
using Rotunda.Orchestration;

namespace Rotunda.Engine.Tests;

/// <summary>Timers that fall due by thousands while the engine is down.</summary>
public sealed class DueTimerTests : TestBase
{
    private const int Many = 3000;
    private const int AtOnce = 16;
    private const int Activities = 4;

    /// <summary>One whose thread was late is overtaken by some.</summary>
    private const int Near = Many / 10;

    private readonly ConcurrentQueue<string> _noted = new();
    private readonly SemaphoreSlim _places = new(0);
    private int _woken;
    private int _most;

    [Fact]
    public async Task They_wake_oldest_first_and_few_at_once_and_hold_up_neither_what_goes_first_nor_new_work()
    {
        await StartAsync(Sleepers());
        var last = Clock.GetUtcNow().AddMinutes(Many);
        await Task.WhenAll(Enumerable.Range(1, Many).Reverse().Select(number =>
        {
            var name = number % 1000 == 900 ? "urgent" : "sleeper";
            return Client.ScheduleNewAsync(name, last.AddMinutes(number - Many), new StartOptions($"{name}-{number:D4}"), Token);
        }));

        await AsleepAsync();
        await Fixture.CrashAsync();
        Clock.Jump(last.AddDays(1));
        Fixture.Configure = options => options with
        {
            MaxConcurrentWakes = AtOnce,
            MaxConcurrentActivities = Activities,
            GoesFirst = (name, _) => name == "urgent",
        };
        await StartAsync(Sleepers());

        // While nobody of the others has got anywhere.
        foreach (var urgent in new[] { "urgent-0900", "urgent-1900", "urgent-2900" })
        {
            await Client.WaitForCompletionAsync(urgent, Token);
        }

        await Client.ScheduleNewAsync("sleeper", Clock.GetUtcNow().AddMinutes(-1), new StartOptions("new"), Token);
        await Client.ScheduleNewAsync("sleeper", Clock.GetUtcNow().AddSeconds(1), new StartOptions("new-and-sleeps"), Token);
        Clock.Advance(TimeSpan.FromSeconds(2));
        _places.Release(Many + 2);
        await Client.WaitForCompletionAsync($"sleeper-{Many:D4}", Token);
        await Client.WaitForCompletionAsync("new-and-sleeps", Token);

        var noted = _noted.ToList();
        Assert.Equal(["urgent-0900", "urgent-1900", "urgent-2900"], noted[..3].Order(StringComparer.Ordinal));
        Assert.InRange(noted.IndexOf("new"), 3, Near);
        Assert.InRange(noted.IndexOf("new-and-sleeps"), 3, Near);
        Assert.InRange(_most, 1, Many / 4);
        var order = noted[3..].Where(id => id.StartsWith("sleeper", StringComparison.Ordinal)).ToList();
        var expected = order.Order(StringComparer.Ordinal).ToList();
        Assert.All(order, (id, place) => Assert.InRange(Math.Abs(expected.IndexOf(id) - place), 0, Near));
    }

    [Fact]
    public async Task All_of_one_moment_wake_too()
    {
        await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 5000).Select(
            number => Client.ScheduleNewAsync("sleep", 1, new StartOptions($"same-{number}"), Token)));
        await AsleepAsync();
        await Fixture.CrashAsync();
        Clock.Jump(Clock.GetUtcNow().AddDays(1));
        Fixture.Configure = options => options with { MaxConcurrentWakes = 100 };
        await StartAsync();

        for (var number = 0; number < 5000; number++)
        {
            Assert.Equal("\"woken\"", (await Client.WaitForCompletionAsync($"same-{number}", Token)).Output);
        }
    }

    [Theory]
    [InlineData("ALTER TABLE instances DROP COLUMN first")]
    [InlineData("UPDATE instances SET first = NULL")]
    [InlineData("SELECT 1")]
    public async Task What_goes_first_is_found_whether_its_row_says_so_or_not(string earlier)
    {
        Fixture.Configure = options => options with { MaxConcurrentWakes = 2, GoesFirst = (name, _) => name == "urgent" };
        await StartAsync(Sleepers());
        for (var number = 0; number < 300; number++)
        {
            var name = number > 290 ? "urgent" : "sleeper";
            await Client.ScheduleNewAsync(
                name, Clock.GetUtcNow().AddMinutes(number + 1), new StartOptions($"{name}-{number:D4}"), Token);
        }

        await AsleepAsync();
        await Fixture.CrashAsync();
        using (var hub = SqliteFile.Open(Fixture.HubPath))
        {
            if (earlier.StartsWith("ALTER", StringComparison.Ordinal))
            {
                hub.Run("DROP INDEX instances_first");
                hub.Run("DROP INDEX instances_unsaid");
            }
            else if (earlier == "SELECT 1")
            {
                Assert.Equal(9L, hub.Scalar("SELECT COUNT(*) FROM instances WHERE first = 1 AND name = 'urgent'"));
            }

            hub.Run(earlier);
        }

        Clock.Jump(Clock.GetUtcNow().AddDays(1));
        await StartAsync(Sleepers());
        for (var number = 291; number < 300; number++)
        {
            await Client.WaitForCompletionAsync($"urgent-{number:D4}", Token);
        }

        Assert.All(_noted, id => Assert.StartsWith("urgent", id, StringComparison.Ordinal));
        _places.Release(Many);
        for (var number = 0; number <= 290; number++)
        {
            await Client.WaitForCompletionAsync($"sleeper-{number:D4}", Token);
        }
    }

    /// <summary>Until none is at its beginning any more.</summary>
    private async Task AsleepAsync()
    {
        while ((await Client.QueryAsync(new OrchestrationQuery([OrchestrationStatus.Pending], null, 1), Token)).Instances.Count > 0)
        {
            await Task.Yield();
        }
    }

    private TaskRegistry Sleepers()
    {
        return new TaskRegistry()
            .AddOrchestration<DateTimeOffset, string>("sleeper", SleepAsync)
            .AddOrchestration<DateTimeOffset, string>("urgent", SleepAsync)
            .AddActivity<string, string>("note", async (call, _, cancellationToken) =>
            {
                if (!call.InstanceId.StartsWith("urgent", StringComparison.Ordinal))
                {
                    await _places.WaitAsync(cancellationToken);
                }

                _noted.Enqueue(call.InstanceId);
                return call.InstanceId;
            });

        async Task<string> SleepAsync(IOrchestrationContext context, DateTimeOffset until)
        {
            await context.CreateTimerAsync(until);
            if (!context.IsReplaying)
            {
                InterlockedMax(ref _most, Interlocked.Increment(ref _woken) - _noted.Count);
            }

            return await context.CallActivityAsync<string>("note", context.InstanceId);
        }
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var before = Volatile.Read(ref most); value > before; before = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, before);
        }
    }
}
