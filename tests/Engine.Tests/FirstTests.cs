using System.Collections.Concurrent;
using Rotunda.Engine.Options;
using Rotunda.Engine.Storage;
using Rotunda.Engine.Telemetry;
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
    public void What_goes_first_is_committed_before_what_waits_and_starves_none()
    {
        var folder = Directory.CreateTempSubdirectory("rotunda-commit-");
        var path = Path.Combine(folder.FullName, "hub.db");
        var connection = SqliteFile.Open(path);
        HubSchema.Prepare(connection, path);
        var (order, holding, held) = (new ConcurrentQueue<string>(), new ManualResetEventSlim(), new ManualResetEventSlim());
        using var metrics = new EngineMetrics();
        using (var loop = new CommitLoop(
            new HubWriter(connection), metrics,
            _ =>
            {
                holding.Set();
                held.Wait(Token);
            },
            _ => { }))
        {
            loop.Enqueue(new NotedCommit("holder", order.Enqueue));
            holding.Wait(Token);
            for (var number = 0; number < 3; number++)
            {
                loop.Enqueue(new NotedCommit("later", order.Enqueue));
            }

            // Each that goes first brings one more, so that there is always one.
            var left = 4;
            using var firsts = new CountdownEvent(left);
            void First()
            {
                using var lane = FastLane.Enter();
                loop.Enqueue(new NotedCommit("first", name =>
                {
                    order.Enqueue(name);
                    if (--left > 0)
                    {
                        First();
                    }

                    firsts.Signal();
                }));
            }

            First();
            held.Set();
            firsts.Wait(Token);
        }

        Assert.Equal(["holder", "first", "first", "first", "later", "later", "later", "first"], order);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Who_comes_in_the_fast_lane_writes_before_those_that_wait_and_starves_none()
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
            List<Task> fast;
            using (FastLane.Enter())
            {
                fast = [.. Enumerable.Range(0, 5).Select(_ => file.WriteAsync(_ => order.Enqueue("fast"), Token))];
            }

            Assert.False(FastLane.IsCurrent);
            held.Set();
            await Task.WhenAll([holder, .. fast, .. slow]);
            // However many are in a hurry, the others come on.
            Assert.Equal(["fast", "fast", "slow", "fast", "fast", "slow", "fast", "slow"], order);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Writes_that_come_at_once_share_a_commit_and_one_that_fails_takes_no_other_with_it()
    {
        var folder = Directory.CreateTempSubdirectory("rotunda-lane-");
        var (commits, failing) = (0, false);
        var points = new CrashPoints
        {
            Handler = point =>
            {
                commits += point == "a.commit.before" ? 1 : 0;
                if (Volatile.Read(ref failing))
                {
                    throw new SimulatedCrashException(point);
                }
            },
        };
        using (var file = new SqliteOwner(
            Path.Combine(folder.FullName, "a.db"), "a", _ => "CREATE TABLE t (n INTEGER)", 1, "", points,
            (why, inner) => new InvalidOperationException(why, inner)))
        {
            var before = commits;
            var all = await AtOnceAsync(file);
            Assert.All(all[..^1], one => Assert.True(one.IsCompletedSuccessfully));
            Assert.IsType<FormatException>(all[^1].Exception!.InnerException);
            Assert.Equal(9, await CountAsync(file));
            // The holder's own, and one for those that waited; others if they took long.
            Assert.InRange(commits - before, 2, 8);

            Volatile.Write(ref failing, true);
            Assert.All(await AtOnceAsync(file), one => Assert.False(one.IsCompletedSuccessfully));
            Volatile.Write(ref failing, false);
            Assert.Equal(9, await CountAsync(file));
            await file.WriteAsync(connection => connection.Run("INSERT INTO t VALUES (0)"), Token);
            Assert.Equal(10, await CountAsync(file));
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_full_disk_is_told_as_such_to_all_that_wait_together()
    {
        var folder = Directory.CreateTempSubdirectory("rotunda-lane-");
        using (var file = new SqliteOwner(
            Path.Combine(folder.FullName, "a.db"), "a", _ => "CREATE TABLE t (n INTEGER, much TEXT)", 1, "", new CrashPoints(),
            (why, inner) => new InvalidOperationException(why, inner)))
        {
            file.LimitPages();
            var (holding, held) = (new ManualResetEventSlim(), new ManualResetEventSlim());
            var holder = Task.Run(() => file.WriteAsync(
                _ =>
                {
                    holding.Set();
                    held.Wait(Token);
                },
                Token));
            holding.Wait(Token);
            var others = Enumerable.Range(0, 3).Select(_ => file.WriteAsync(
                connection => connection.Run($"INSERT INTO t VALUES (1, '{new string('x', 100_000)}')"), Token)).ToList();
            held.Set();
            await holder;
            foreach (var other in others)
            {
                var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => other);
                Assert.Contains("the disk is full", refused.Message, StringComparison.Ordinal);
            }

            Assert.Equal(0, await CountAsync(file));
        }

        folder.Delete(recursive: true);
    }

    private sealed class NotedCommit(string name, Action<string> note) : Commit
    {
        public override void Write(HubWriter hub) => note(name);

        protected override void Committed()
        {
        }

        protected override void Failed(Exception failure)
        {
        }
    }

    private static Task<long> CountAsync(SqliteOwner file) =>
        file.ReadAsync(connection => (long)connection.Scalar("SELECT COUNT(*) FROM t")!, Token);

    /// <summary>Nine that write while one holds, of which the last one throws after it has written.</summary>
    private static async Task<List<Task>> AtOnceAsync(SqliteOwner file)
    {
        var (holding, held) = (new ManualResetEventSlim(), new ManualResetEventSlim());
        var holder = Task.Run(() => file.WriteAsync(
            connection =>
            {
                holding.Set();
                held.Wait(Token);
                connection.Run("INSERT INTO t VALUES (1)");
            },
            Token));
        holding.Wait(Token);
        var others = Enumerable.Range(2, 9).Select(number => file.WriteAsync(
            connection =>
            {
                connection.Run($"INSERT INTO t VALUES ({number})");
                if (number == 10)
                {
                    throw new FormatException();
                }
            },
            Token)).ToList();
        held.Set();
        List<Task> all = [holder, .. others];
        await Task.WhenAll(all.Select(one => one.ContinueWith(_ => { }, Token, TaskContinuationOptions.None, TaskScheduler.Default)));
        return all;
    }
}
