using System.Collections.Concurrent;
using System.Text;
using Rotunda.Engine.History;
using Rotunda.Engine.Replay;
using Rotunda.Engine.Storage;
using Rotunda.Files;
using Rotunda.Orchestration;

namespace Rotunda.Engine.Tests;

/// <summary>Very many instances with work under way when the process ends.</summary>
public sealed class RecoveryTests : TestBase
{
    private const int Many = 1000;
    private const int AtOnce = 16;
    private const int Activities = 4;

    /// <summary>One whose thread was late is overtaken by some.</summary>
    private const int Near = 100;

    private const int Instances = 120;
    private const int Lives = 12;

    [Fact]
    public async Task They_come_oldest_first_and_few_at_once_and_who_is_wanted_comes_by_itself()
    {
        var (hang, places, noted) = (new TaskCompletionSource(), new SemaphoreSlim(0), new ConcurrentQueue<string>());
        var (loaded, most) = (0, 0);
        await StartAsync(Waiters(_ => hang.Task, _ => { }));
        await Task.WhenAll(Enumerable.Range(0, Many).Select(async number =>
        {
            var id = $"{(number % 400 == 399 ? "urgent" : "work")}-{number:D4}";
            await Client.ScheduleNewAsync(id[..^5], number, new StartOptions(id), Token);
        }));
        while ((await Client.QueryAsync(new OrchestrationQuery([OrchestrationStatus.Pending], null, 1), Token)).Instances.Count > 0)
        {
            await Task.Yield();
        }

        var ages = Ages();
        await Fixture.CrashAsync();
        Fixture.Configure = options => options with
        {
            MaxConcurrentWakes = AtOnce,
            MaxConcurrentActivities = Activities,
            GoesFirst = (name, _) => name == "urgent",
        };
        await StartAsync(Waiters(
            async id =>
            {
                if (!id.StartsWith("urgent", StringComparison.Ordinal))
                {
                    await places.WaitAsync(Token);
                }

                noted.Enqueue(id);
            },
            id =>
            {
                if (!id.StartsWith("urgent", StringComparison.Ordinal))
                {
                    most = Math.Max(most, Interlocked.Increment(ref loaded) - noted.Count);
                }
            }));

        // While none of the others has got anywhere.
        await Client.WaitForCompletionAsync("urgent-0399", Token);
        await Client.WaitForCompletionAsync("urgent-0799", Token);
        // A word for one that is not there yet: what it waited for before counts, and comes before.
        await Client.RaiseEventAsync("work-0998", "stop", true, Token);
        Assert.Equal("\"stopped\"", (await Client.WaitForCompletionAsync("work-0998", Token)).Output);
        await Client.TerminateAsync("work-0997", null, Token);
        // One after the other: let go all at once, a thread that the machine holds up is overtaken by hundreds. Four of all need no place.
        for (var (released, before) = (1, noted.Count); released <= Many - 4; released++)
        {
            places.Release();
            while (noted.Count < before + released)
            {
                await Task.Yield();
            }
        }

        places.Release(4);
        for (var number = 0; number < Many; number++)
        {
            await Client.WaitForCompletionAsync($"{(number % 400 == 399 ? "urgent" : "work")}-{number:D4}", Token);
        }

        Assert.InRange(most, 1, 2 * (AtOnce + Activities));
        Assert.DoesNotContain("work-0997", noted);
        var order = noted.Where(id => id.StartsWith("work", StringComparison.Ordinal) && id != "work-0998").ToList();
        Assert.Equal(order.Count, order.Distinct(StringComparer.Ordinal).Count());
        var expected = order.OrderBy(id => ages[id]).ToList();
        Assert.All(order, (id, place) => Assert.InRange(Math.Abs(expected.IndexOf(id) - place), 0, Near));
    }

    /// <summary>Kills at a random commit in the middle of bringing them in, again and again, while events and terminations come for
    /// some of them.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task However_often_it_is_killed_none_is_lost_and_none_runs_twice(int seed)
    {
        var random = new Random(seed);
        var untilCrash = int.MaxValue;
        var runs = new ConcurrentDictionary<(int Life, string Key), int>();
        var (given, onDisk) = (new HashSet<int>(), new Dictionary<string, int>(StringComparer.Ordinal));
        Fixture.Configure = options => options with
        {
            MaxConcurrentWakes = 4,
            MaxConcurrentActivities = 3,
            InstanceCacheSize = random.Next(3) * 20,
            GoesFirst = (name, input) => name == "long" && input!.EndsWith('7'),
            CrashPoint = _ =>
            {
                if (Interlocked.Decrement(ref untilCrash) == 0)
                {
                    throw new IOException("crash");
                }
            },
        };
        await StartAsync(Long(0, runs, stays: true));
        await Task.WhenAll(Enumerable.Range(0, Instances).Select(
            i => Client.ScheduleNewAsync("long", i, new StartOptions($"l-{i}"), Token)));
        for (var life = 1; life <= Lives; life++)
        {
            await Fixture.CrashAsync();
            Results().ForEach(key => onDisk.TryAdd(key, life));
            Volatile.Write(ref untilCrash, life == Lives ? int.MaxValue : random.Next(1, 60));
            try
            {
                await StartAsync(Long(life, runs, stays: false));
                await TouchAsync(random, given);
                for (var i = 0; i < Instances; i++)
                {
                    await Client.WaitForCompletionAsync($"l-{i}", Token);
                }
            }
            catch (TaskHubException) when (life < Lives)
            {
                // The next life takes over.
            }
        }

        for (var i = 0; i < Instances; i++)
        {
            var state = (await Client.GetAsync($"l-{i}", cancellationToken: Token))!;
            if (IsTerminated(i))
            {
                Assert.True(state.Status == OrchestrationStatus.Terminated || state.Output == Output(i), $"{i}: {state}");
            }
            else
            {
                Assert.Equal((OrchestrationStatus.Completed, Output(i)), (state.Status, state.Output));
            }

            var history = Fixture.Engine.ExportHistory($"l-{i}")!;
            Assert.Null(history.FindDrift(Long(0, runs, stays: false), Serializer));
        }

        Assert.All(runs, run => Assert.Equal(1, run.Value));
        Assert.All(runs.Keys, run => Assert.True(run.Life < onDisk.GetValueOrDefault(run.Key, int.MaxValue), "Its result was known."));
        Assert.NotEmpty(onDisk);
    }

    private static string Output(int i) => $"\"{i + 1}:{(2 * i) + 3}:{i}\"";

    private static bool IsTerminated(int i) => i % 30 == 29;

    /// <summary>An activity, two at once, an event, and one more.</summary>
    private static TaskRegistry Long(int life, ConcurrentDictionary<(int Life, string Key), int> runs, bool stays) => new TaskRegistry()
        .AddActivity<int, int>("add", async (call, n, stop) =>
        {
            runs.AddOrUpdate((life, call.IdempotencyKey), 1, (_, times) => times + 1);
            if (stays)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, stop);
            }

            await Task.Yield();
            return n + 1;
        })
        .AddOrchestration<int, string>("long", async (context, i) =>
        {
            var given = context.WaitForExternalEventAsync<int>("n");
            var one = await context.CallActivityAsync<int>("add", i);
            var two = await Task.WhenAll(context.CallActivityAsync<int>("add", i), context.CallActivityAsync<int>("add", i));
            var n = await given;
            await context.CallActivityAsync<int>("add", n);
            return $"{one}:{two.Sum() + 1}:{n}";
        });

    private static TaskRegistry Waiters(Func<string, Task> work, Action<string> onLoad)
    {
        return new TaskRegistry()
            .AddActivity<string, string>("work", async (_, id, _) =>
            {
                await work(id!);
                return "done";
            })
            .AddOrchestration<int, string>("work", WaitAsync)
            .AddOrchestration<int, string>("urgent", WaitAsync);

        async Task<string> WaitAsync(IOrchestrationContext context, int number)
        {
            onLoad(context.InstanceId);
            var stop = context.WaitForExternalEventAsync<bool>("stop");
            var done = context.CallActivityAsync<string>("work", context.InstanceId);
            return await Task.WhenAny(stop, done) == stop ? "stopped" : await done;
        }
    }

    /// <summary>In which order they were made.</summary>
    private Dictionary<string, long> Ages()
    {
        var ages = new Dictionary<string, long>(StringComparer.Ordinal);
        using var hub = SqliteFile.Open(Fixture.HubPath);
        hub.List("SELECT id, key FROM instances", row => ages[row.GetString(0)] = row.GetInt64(1));
        return ages;
    }

    /// <summary>The idempotency keys of the activities whose results are on disk.</summary>
    private List<string> Results()
    {
        using var hub = SqliteFile.Open(Fixture.HubPath);
        var id = (string)hub.Scalar("SELECT id FROM hub")!;
        return [.. hub.List("SELECT instance, turn FROM history", row => (Key: row.GetInt64(0), Turn: row.GetString(1)))
            .SelectMany(row => HistoryJson.ReadTurn(Encoding.UTF8.GetBytes(row.Turn)).Received.OfType<OperationCompleted>()
                .Select(completed => $"{id}-{row.Key}-0-{completed.Op}"))];
    }

    private async Task TouchAsync(Random random, HashSet<int> given)
    {
        foreach (var i in Enumerable.Range(0, Instances).OrderBy(_ => random.Next()))
        {
            if (IsTerminated(i))
            {
                await Client.TerminateAsync($"l-{i}", null, Token);
            }

            if (!given.Contains(i))
            {
                // Not acknowledged may still be on disk: a second one stays unread.
                await Client.RaiseEventAsync($"l-{i}", "n", i, Token);
                given.Add(i);
            }
        }
    }
}
