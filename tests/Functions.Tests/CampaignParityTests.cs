using Rotunda.Api.Head;
using Rotunda.Campaigns.Run;
using Rotunda.Campaigns.Views;
using Rotunda.Engine;
using Rotunda.Engine.Options;
using Rotunda.Orchestration;

namespace Rotunda.Functions.Tests;

/// <summary>The orchestration of a campaign on the embedded engine and on the real Durable Task worker: the same turns, and the same
/// end.</summary>
public sealed class CampaignParityTests
{
    private static readonly CampaignCounts s_counts = CampaignWords.Count([]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_takes_turns_over_several_generations_and_goes_on_after_one_that_broke_off(bool durableTask)
    {
        var turns = 0;
        const int last = CampaignOrchestration.TurnsPerGeneration * 2 + 5;
        await RunAsync(
            durableTask,
            input =>
            {
                Assert.Equal(new TurnInput("campaign-1", 1), input);
                return Interlocked.Increment(ref turns) switch
                {
                    3 => throw new InvalidOperationException("the ledger is away"),
                    last => new TurnResult("done", More: false, HasEnded: true, s_counts with { Done = 7 }),
                    var turn => new TurnResult("running", More: true, HasEnded: false, s_counts with { Moving = turn }),
                };
            },
            async client =>
            {
                var ended = await client.WaitForCompletionAsync("campaign:campaign-1:1", Token);
                Assert.Equal((OrchestrationStatus.Completed, last), (ended.Status, turns));
                Assert.Equal(7, DeskParts.Payloads.Deserialize<CampaignResult>(ended.Output)!.Counts!.Done);
            });
    }

    /// <summary>A paused one sleeps for ten minutes: it would not end in the time of a test by itself.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_word_wakes_it_each_time(bool durableTask)
    {
        var turns = 0;
        var taken = new SemaphoreSlim(0);
        await RunAsync(
            durableTask,
            _ =>
            {
                taken.Release();
                return new TurnResult("paused", More: false, HasEnded: Interlocked.Increment(ref turns) == 3, s_counts);
            },
            async client =>
            {
                for (var word = 0; word < 2; word++)
                {
                    Assert.True(await taken.WaitAsync(TimeSpan.FromMinutes(1), Token));
                    await client.RaiseEventAsync("campaign:campaign-1:1", CampaignNames.WakeEvent, "campaign-1", Token);
                }

                Assert.Equal(
                    OrchestrationStatus.Completed, (await client.WaitForCompletionAsync("campaign:campaign-1:1", Token)).Status);
            });
    }

    private static async Task RunAsync(bool durableTask, Func<TurnInput, TurnResult> turn, Func<IOrchestrationClient, Task> look)
    {
        var registry = new TaskRegistry()
            .AddOrchestration<CampaignInput, CampaignResult>(CampaignNames.Orchestration, CampaignOrchestration.RunAsync)
            .AddActivity<TurnInput, TurnResult>(CampaignNames.Activity, (_, input, _) => Task.FromResult(turn(input!)));
        if (durableTask)
        {
            await using var host = await DurableTaskHost.StartAsync(registry, DeskParts.Payloads);
            await LookAsync(host.Client, look);
            return;
        }

        var folder = Directory.CreateTempSubdirectory("rotunda-campaign-");
        try
        {
            await using var engine = new DurableEngine(
                new EngineOptions { HubPath = Path.Combine(folder.FullName, "hub.db") }, registry, DeskParts.Payloads);
            await engine.StartAsync(Token);
            await LookAsync(engine.Client, look);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task LookAsync(IOrchestrationClient client, Func<IOrchestrationClient, Task> look)
    {
        await client.ScheduleNewAsync(
            CampaignNames.Orchestration, new CampaignInput("campaign-1", 1), new StartOptions("campaign:campaign-1:1"), Token);
        await look(client);
    }
}
