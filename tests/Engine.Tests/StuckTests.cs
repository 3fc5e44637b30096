using Rotunda.Files;
using Rotunda.Orchestration;

namespace Rotunda.Engine.Tests;

/// <summary>What is stuck loses nothing.</summary>
public sealed class StuckTests : TestBase
{
    [Fact]
    public async Task A_damaged_history_row_is_its_instances_trouble_alone()
    {
        await StartAsync();
        await Client.ScheduleNewAsync("wait", options: new StartOptions("damaged"), cancellationToken: Token);
        await Client.ScheduleNewAsync("wait", options: new StartOptions("sound"), cancellationToken: Token);
        await Fixture.Engine.StopAsync();
        using (var hub = SqliteFile.Open(Fixture.HubPath))
        {
            hub.Run("UPDATE history SET turn = '{broken' WHERE instance = (SELECT key FROM instances WHERE id = 'damaged')");
        }

        await StartAsync();
        await Client.RaiseEventAsync("damaged", "go", "x", Token);
        await Client.RaiseEventAsync("sound", "go", "x", Token);

        var damaged = await Client.WaitForCompletionAsync("damaged", Token);
        Assert.Equal(OrchestrationStatus.Stuck, damaged.Status);
        Assert.Contains("cannot be read", damaged.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(OrchestrationStatus.Completed, (await Client.WaitForCompletionAsync("sound", Token)).Status);
        Assert.Equal(EngineState.Running, Fixture.Engine.Health.State);
    }

    [Fact]
    public async Task The_result_of_an_activity_that_ends_while_its_instance_is_stuck_is_kept()
    {
        var runs = 0;
        var arrived = new SemaphoreSlim(0);
        var slow = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var foreign = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskRegistry Code(bool right) => new TaskRegistry()
            .AddActivity<string, string>("slow", (_, _, _) =>
            {
                Interlocked.Increment(ref runs);
                arrived.Release();
                return slow.Task;
            })
            .AddOrchestration<string, string>("main", async (context, _) =>
            {
                var result = context.CallActivityAsync<string>("slow");
                if (!right)
                {
                    await Task.WhenAny(result, foreign.Task);
                }

                return await result;
            });
        await StartAsync(Code(right: false));
        await Client.ScheduleNewAsync("main", options: new StartOptions("x"), cancellationToken: Token);
        await arrived.WaitAsync(Token);
        foreign.SetResult();
        Assert.Equal(OrchestrationStatus.Stuck, (await Client.WaitForCompletionAsync("x", Token)).Status);

        slow.SetResult("kept");
        // A stop waits for the turn under way, which here writes the result into the inbox.
        await Fixture.Engine.StopAsync();
        await StartAsync(Code(right: true));

        Assert.Equal("\"kept\"", (await Client.WaitForCompletionAsync("x", Token)).Output);
        Assert.Equal(1, runs);
    }
}
