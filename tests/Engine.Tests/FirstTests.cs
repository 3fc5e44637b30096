using System.Collections.Concurrent;
using Rotunda.Engine.Options;
using Rotunda.Files;
using Rotunda.Orchestration;

namespace Rotunda.Engine.Tests;

/// <summary>What goes ahead: in the engine where all places for activities are taken, and at a file where many wait to write.</summary>
public sealed class FirstTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_activity_that_goes_first_runs_though_all_places_are_taken_and_many_wait()
    {
        var folder = Directory.CreateTempSubdirectory("rotunda-first-");
        var (held, begun) = (new TaskCompletionSource(), new ConcurrentQueue<(string Id, bool Fast)>());
        var registry = new TaskRegistry()
            .AddOrchestration<string, string>("Ask", (context, _) => context.CallActivityAsync<string>("Answer", context.InstanceId))
            .AddActivity<string, string>("Answer", async (_, id, _) =>
            {
                begun.Enqueue((id!, FastLane.IsCurrent));
                if (!FastLane.IsCurrent)
                {
                    await held.Task;
                }

                return "done";
            });
        await using (var engine = new DurableEngine(
            new EngineOptions
            {
                HubPath = Path.Combine(folder.FullName, "hub.db"), MaxConcurrentActivities = 2, MoreForFirst = 1,
                GoesFirst = (name, input) => name == "Ask" && input == "\"first\"",
            },
            registry,
            new PayloadSerializer()))
        {
            await engine.StartAsync(Token);
            for (var number = 0; number < 20; number++)
            {
                await engine.Client.ScheduleNewAsync("Ask", "later", new StartOptions($"later-{number}"), Token);
            }

            foreach (var id in new[] { "first-1", "first-2" })
            {
                await engine.Client.ScheduleNewAsync("Ask", "first", new StartOptions(id), Token);
                Assert.Equal(OrchestrationStatus.Completed, (await engine.Client.WaitForCompletionAsync(id, Token)).Status);
            }

            Assert.InRange(begun.Count(one => !one.Fast), 0, 2);
            held.SetResult();
            for (var number = 0; number < 20; number++)
            {
                await engine.Client.WaitForCompletionAsync($"later-{number}", Token);
            }

            Assert.Equal(22, begun.Count);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Who_comes_in_the_fast_lane_writes_before_those_that_wait()
    {
        var folder = Directory.CreateTempSubdirectory("rotunda-lane-");
        using (var file = new SqliteOwner(
            Path.Combine(folder.FullName, "a.db"), "a", _ => "CREATE TABLE t (n INTEGER)", 1, "", new CrashPoints(),
            (why, inner) => new InvalidOperationException(why, inner)))
        {
            var (order, holding, held) = (new ConcurrentQueue<string>(), new ManualResetEventSlim(), new ManualResetEventSlim());
            var holder = Task.Run(() => file.WriteAsync(
                _ =>
                {
                    holding.Set();
                    held.Wait(Token);
                },
                Token));
            holding.Wait(Token);
            using var gone = new CancellationTokenSource();
            var slow = Enumerable.Range(0, 3).Select(_ => file.WriteAsync(_ => order.Enqueue("slow"), Token)).ToList();
            var givenUp = file.WriteAsync(_ => order.Enqueue("given up"), gone.Token);
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);
            Task fast;
            using (FastLane.Enter())
            {
                fast = file.WriteAsync(_ => order.Enqueue("fast"), Token);
            }

            Assert.False(FastLane.IsCurrent);
            held.Set();
            await Task.WhenAll([holder, fast, .. slow]);
            Assert.Equal(["fast", "slow", "slow", "slow"], order);
        }

        folder.Delete(recursive: true);
    }
}
