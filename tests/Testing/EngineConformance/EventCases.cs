using System.Text.Json;
using Rotunda.Orchestration;

namespace Rotunda.Testing.EngineConformance;

public abstract class EventCases(IEngineFixture fixture) : ConformanceCases(fixture)
{
    [Fact]
    public async Task An_event_after_the_wait_wakes_the_code()
    {
        Orchestration<string, string>("main", async (context, _) =>
        {
            var wait = context.WaitForExternalEventAsync<string>("approval");
            context.SetCustomStatus("waiting");
            return await wait;
        });
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("main", cancellationToken: Token);
        await UntilAtAsync(id, "waiting");

        await Client.RaiseEventAsync(id, "approval", "yes", Token);

        Assert.Equal("\"yes\"", (await EndAsync(id)).Output);
    }

    [Fact]
    public async Task Events_before_the_wait_are_kept_and_served_first_in_first_out_by_name()
    {
        Orchestration<string, List<string>>("main", async (context, _) =>
        {
            await context.WaitForExternalEventAsync<string>("begin");
            return
            [
                await context.WaitForExternalEventAsync<string>("B"),
                await context.WaitForExternalEventAsync<string>("a"),
                await context.WaitForExternalEventAsync<string>("A"),
            ];
        });
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("main", cancellationToken: Token);

        await Client.RaiseEventAsync(id, "a", "first", Token);
        await Client.RaiseEventAsync(id, "A", "second", Token);
        await Client.RaiseEventAsync(id, "b", "other", Token);
        await Client.RaiseEventAsync(id, "BEGIN", "go", Token);

        Assert.Equal("""["other","first","second"]""", (await EndAsync(id)).Output);
    }

    [Fact]
    public async Task An_acknowledged_event_survives_a_crash_exactly_once()
    {
        Orchestration<int, List<int>>("main", async (context, count) =>
        {
            var seen = new List<int>();
            while (seen.Distinct().Count() < count)
            {
                seen.Add(await context.WaitForExternalEventAsync<int>("n"));
            }

            return seen;
        });
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("main", 10, cancellationToken: Token);
        await UntilItHearsAsync(id);

        // A backend with queues waits twice as long each time a message was taken and not done.
        var each = Has(EngineTraits.KeepsEventsInOrder) ? 1 : 4;
        for (var i = 0; i < 10; i++)
        {
            await Client.RaiseEventAsync(id, "n", i, Token);
            if (i % each == 0)
            {
                await RestartAsync();
            }
        }

        var seen = JsonSerializer.Deserialize<int[]>((await EndAsync(id)).Output!)!;
        Assert.Equal(Enumerable.Range(0, 10), Has(EngineTraits.KeepsEventsInOrder) ? seen : seen.Distinct().Order());
    }

    [Fact]
    public async Task An_event_for_a_delayed_start_waits_for_it()
    {
        Needs(EngineTraits.StartsLater);
        Needs(EngineTraits.KeepsEarlyEvents);
        Orchestration<string, string>("main", (context, _) => context.WaitForExternalEventAsync<string>("approval"));
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync(
            "main",
            options: new StartOptions(StartAt: Now + Long(TimeSpan.FromHours(1))),
            cancellationToken: Token);

        await Client.RaiseEventAsync(id, "approval", "early", Token);
        MoveOn(TimeSpan.FromHours(1));

        Assert.Equal("\"early\"", (await EndAsync(id)).Output);
    }

    [Fact]
    public async Task A_cancelled_wait_leaves_the_event_to_the_next_one()
    {
        Orchestration<string, string>("main", async (context, _) =>
        {
            using var cancel = new CancellationTokenSource();
            var given = context.WaitForExternalEventAsync<string>("approval", cancel.Token);
#pragma warning disable CA1849, MA0042 // CancelAsync leaves the orchestration's thread.
            cancel.Cancel();
#pragma warning restore CA1849, MA0042
            var wait = context.WaitForExternalEventAsync<string>("approval");
            context.SetCustomStatus("waiting");
            return $"{given.IsCanceled} {await wait}";
        });
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("main", cancellationToken: Token);
        await UntilAtAsync(id, "waiting");

        await Client.RaiseEventAsync(id, "approval", "yes", Token);

        Assert.Equal("\"True yes\"", (await EndAsync(id)).Output);
    }

    [Fact]
    public async Task An_event_for_an_ended_instance_is_dropped_and_for_an_unknown_one_refused()
    {
        Orchestration<string, string>("main", (_, _) => Task.FromResult("done"));
        var state = await RunAsync("main");

        await Client.RaiseEventAsync(state.InstanceId, "late", cancellationToken: Token);
        await Assert.ThrowsAsync<OrchestrationNotFoundException>(() => Client.RaiseEventAsync("nobody", "late", cancellationToken: Token));
    }
}
