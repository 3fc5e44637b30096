using Rotunda.Engine.Replay;
using Rotunda.Engine.Storage;
using Rotunda.Orchestration;

namespace Rotunda.Engine.Tests;

/// <summary>
/// One orchestration that uses everything, crashed before and after every commit it makes: each time it must end with the
/// same output, and leave the same calls in its history.
/// </summary>
public sealed class CrashTests : TestBase
{
    private const string Expected = "\"9 child:4 event:hello generation:1\"";

    [Theory]
    [InlineData("engine.commit.before")]
    [InlineData("engine.commit.after")]
    public async Task A_crash_at_any_commit_changes_nothing(string point)
    {
        var (commits, calls) = await RunAsync(null, -1);
        // How many commits there are depends on what shares one; a few more than seen, then.
        Assert.InRange(commits, 5, 60);
        for (var n = 0; n < commits + 5; n++)
        {
            var (_, again) = await RunAsync(point, n);
            Assert.Equal(calls, again);
        }
    }

    private static TaskRegistry Everything() => Code()
        .AddOrchestration<int, int>("child", async (context, n) => await context.CallActivityAsync<int>("add", n))
        .AddOrchestration<int, string>("everything", async (context, generation) =>
        {
            if (generation == 0)
            {
                await context.CallActivityAsync<int>("add", 1);
                context.ContinueAsNew(1);
                return "";
            }

            var numbers = await Task.WhenAll(Enumerable.Range(1, 2).Select(i => context.CallActivityAsync<int>("add", i + i)));
            var child = await context.CallSubOrchestrationAsync<int>("child", 3);
            await context.CreateTimerAsync(context.CurrentUtcTime.AddHours(-1));
            var raised = await context.WaitForExternalEventAsync<string>("hello");
            return $"{numbers.Sum() + 1} child:{child} event:{raised} generation:{generation}";
        });

    private static async Task<T> UntilItWorksAsync<T>(
        EngineFixture fixture,
        PayloadSerializer serializer,
        TimeProvider clock,
        Func<IOrchestrationClient, Task<T>> step)
    {
        while (true)
        {
            try
            {
                return await step(fixture.Client);
            }
            catch (TaskHubException)
            {
                // The process died; a new one takes over.
                await fixture.CrashAsync();
                await fixture.StartAsync(Everything(), serializer, clock);
            }
        }
    }

    private async Task<(int Commits, string Calls)> RunAsync(string? crashAt, int nth)
    {
        var commits = 0;
        await using var fixture = new EngineFixture
        {
            Configure = options => options with
            {
                CrashPoint = point =>
                {
                    if (point == (crashAt ?? "engine.commit.before") && Interlocked.Increment(ref commits) == nth + 1)
                    {
                        throw new IOException("crash");
                    }
                },
            },
        };
        await fixture.StartAsync(Everything(), Serializer, Clock);
        await UntilItWorksAsync(fixture, Serializer, Clock, client => StartOnceAsync(client));
        await UntilItWorksAsync(fixture, Serializer, Clock, client => RaiseOnceAsync(client));
        var state = await UntilItWorksAsync(fixture, Serializer, Clock, client => client.WaitForCompletionAsync("x", Token));
        Assert.Equal((OrchestrationStatus.Completed, Expected), (state.Status, state.Output));
        var history = fixture.Engine.ExportHistory("x")!;
        Assert.Null(history.FindDrift(Everything(), Serializer));
        return (commits, string.Join('\n', history.Turns.SelectMany(turn => turn.Called)));
    }

    private static async Task<bool> StartOnceAsync(IOrchestrationClient client)
    {
        try
        {
            await client.ScheduleNewAsync("everything", 0, new StartOptions("x"), Token);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // The first call was not acknowledged and yet on disk: that is what the chosen id is for.
        }

        return true;
    }

    private static async Task<bool> RaiseOnceAsync(IOrchestrationClient client)
    {
        // A repeated event is one more event; the code takes the first.
        await client.RaiseEventAsync("x", "hello", "hello", Token);
        return true;
    }
}
