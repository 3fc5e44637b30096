using Rotunda.Api.Head;
using Rotunda.Engine;
using Rotunda.Engine.Options;
using Rotunda.Interpreter;
using Rotunda.Orchestration;
using Rotunda.Rotation.Words;

namespace Rotunda.Functions.Tests;

/// <summary>The delivery of a notice on the embedded engine and on the real Durable Task worker: what comes through is the same.</summary>
public sealed class NoticeParityTests
{
    private static readonly NoticeMessage s_message = new(
        "team-1", NoticeKind.Stuck, NoticeSeverity.Urgent, "a-key: rotation a-key-1 is stuck", "The vendor\nis down.",
        DateTimeOffset.UnixEpoch)
    {
        Secret = "a-key", RotationId = "a-key-1", Tags = ["prod"], Link = "https://rotunda.example.com/rotations/a-key-1", StepId = "issue",
        ButNot = ["anna"], Condition = "stuck a-key-1",
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_waits_for_its_time_is_tried_again_and_arrives_whole(bool durableTask)
    {
        var at = DateTimeOffset.UtcNow.AddSeconds(1);
        NoticeAttempt? sent = null;
        var early = false;
        await RunAsync(
            durableTask,
            new NoticeDelivery("team", s_message, at),
            attempt =>
            {
                (sent, early) = (attempt, early || DateTimeOffset.UtcNow < at);
                return attempt.Attempt == 1 ? StepOutcome.RetryLater("busy", TimeSpan.FromMilliseconds(50)) : StepOutcome.Done();
            },
            async client =>
            {
                var ended = await client.WaitForCompletionAsync("notice:team-1", Token);
                Assert.Equal(OrchestrationStatus.Completed, ended.Status);
                Assert.True(DeskParts.Payloads.Deserialize<StepOutcome>(ended.Output)!.Succeeded);
                Assert.False(early);
                Assert.Equal(("team", 2, null), (sent!.Channel, sent.Attempt, sent.GivenUp));
                Assert.Equivalent(s_message, sent.Message, strict: true);
            });
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task One_that_is_not_taken_says_why_and_waits(bool durableTask, bool throws) => await RunAsync(
        durableTask,
        new NoticeDelivery("team", s_message, null),
        _ => throws ? throw new InvalidOperationException("no route to the host") : StepOutcome.RetryLater("no route to the host"),
        async client =>
        {
            OrchestrationState? seen = null;
            while (seen?.CustomStatus is null)
            {
                Assert.False(seen?.HasEnded == true, seen?.Failure?.Message);
                seen = await client.GetAsync("notice:team-1", cancellationToken: Token);
                await Task.Yield();
            }

            var status = DeskParts.Payloads.Deserialize<NoticeStatus>(seen.CustomStatus)!;
            Assert.Equal(("team", 1), (status.Channel, status.Attempts));
            Assert.Contains("no route to the host", status.Reason, StringComparison.Ordinal);
            Assert.Equal(OrchestrationStatus.Running, seen.Status);
        });

    private static async Task RunAsync(
        bool durableTask, NoticeDelivery delivery, Func<NoticeAttempt, StepOutcome> send, Func<IOrchestrationClient, Task> look)
    {
        var registry = new TaskRegistry()
            .AddOrchestration<NoticeDelivery, StepOutcome>(NoticeNames.Orchestration, NoticeOrchestration.RunAsync)
            .AddActivity<NoticeAttempt, StepOutcome>(NoticeNames.Activity, (_, attempt, _) => Task.FromResult(send(attempt!)));
        if (durableTask)
        {
            await using var host = await DurableTaskHost.StartAsync(registry, DeskParts.Payloads);
            await LookAsync(host.Client, delivery, look);
            return;
        }

        var folder = Directory.CreateTempSubdirectory("rotunda-notice-");
        try
        {
            await using var engine = new DurableEngine(
                new EngineOptions { HubPath = Path.Combine(folder.FullName, "hub.db") }, registry, DeskParts.Payloads);
            await engine.StartAsync(Token);
            await LookAsync(engine.Client, delivery, look);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task LookAsync(IOrchestrationClient client, NoticeDelivery delivery, Func<IOrchestrationClient, Task> look)
    {
        await client.ScheduleNewAsync(NoticeNames.Orchestration, delivery, new StartOptions("notice:team-1"), Token);
        await look(client);
    }
}
