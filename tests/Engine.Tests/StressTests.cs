using Rotunda.Engine.Storage;
using Rotunda.Orchestration;

namespace Rotunda.Engine.Tests;

/// <summary>
/// Many instances that call, wait, sleep and have children, while the engine is crashed again and again at random commits.
/// All must end with what they would have given without a crash, whatever the cache holds.
/// </summary>
public sealed class StressTests : TestBase
{
    private const int Instances = 40;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 5)]
    [InlineData(3, 1000)]
    public async Task Random_crashes_change_no_result(int seed, int cacheSize)
    {
        var random = new Random(seed);
        var untilCrash = 0;
        Fixture.Configure = options => options with
        {
            InstanceCacheSize = cacheSize,
            CrashPoint = _ =>
            {
                if (Interlocked.Decrement(ref untilCrash) == 0)
                {
                    throw new IOException("crash");
                }
            },
        };
        var given = new HashSet<int>();
        for (var life = 0; life < 25; life++)
        {
            // The last life has to finish.
            await Fixture.CrashAsync();
            Volatile.Write(ref untilCrash, life == 24 ? int.MaxValue : random.Next(1, 40));
            try
            {
                await StartAsync(Mixed());
                await LiveAsync(random, given);
            }
            catch (TaskHubException) when (life < 24)
            {
                // The next life takes over.
            }
        }

        for (var i = 0; i < Instances; i++)
        {
            var state = await Client.GetAsync($"m-{i}", cancellationToken: Token);
            Assert.Equal((OrchestrationStatus.Completed, $"\"{i + 3}:{i}\""), (state!.Status, state.Output));
        }
    }

    private static TaskRegistry Mixed() => Code()
        .AddOrchestration<int, int>("child", async (context, n) =>
        {
            await context.CreateTimerAsync(context.CurrentUtcTime.AddSeconds(-1));
            return await context.CallActivityAsync<int>("add", n);
        })
        .AddOrchestration<int, string>("mixed", async (context, n) =>
        {
            var given = context.WaitForExternalEventAsync<int>("n");
            var sums = await Task.WhenAll(context.CallActivityAsync<int>("add", n), context.CallSubOrchestrationAsync<int>("child", 0));
            var next = await context.CallActivityAsync<int>("add", sums.Sum());
            return $"{next}:{await given}";
        });

    private async Task LiveAsync(Random random, HashSet<int> given)
    {
        for (var i = 0; i < Instances; i++)
        {
            try
            {
                await Client.ScheduleNewAsync("mixed", i, new StartOptions($"m-{i}"), Token);
            }
            catch (OrchestrationAlreadyExistsException)
            {
                // From an earlier life.
            }

            if (!given.Contains(i))
            {
                // Not acknowledged may still be on disk: a second one stays unread.
                await Client.RaiseEventAsync($"m-{i}", "n", i, Token);
                given.Add(i);
            }
        }

        foreach (var i in Enumerable.Range(0, Instances).OrderBy(_ => random.Next()))
        {
            await Client.WaitForCompletionAsync($"m-{i}", Token);
        }
    }
}
