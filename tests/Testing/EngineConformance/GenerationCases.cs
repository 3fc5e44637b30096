namespace Rotunda.Testing.EngineConformance;

/// <summary>Continue-as-new.</summary>
public abstract class GenerationCases(IEngineFixture fixture) : ConformanceCases(fixture)
{
    [Fact]
    public async Task The_next_generation_starts_with_the_new_input()
    {
        Activity<int, int>("add", n => n + 1);
        Orchestration<int, int>("main", async (context, n) =>
        {
            n = await context.CallActivityAsync<int>("add", n);
            if (n < 25)
            {
                context.ContinueAsNew(n);
            }

            return n;
        });

        var state = await RunAsync("main", 0);

        Assert.Equal("25", state.Output);
        Assert.Equal("24", state.Input);
    }

    [Fact]
    public async Task Unread_events_go_over_in_their_order_before_newer_ones()
    {
        Needs(EngineTraits.CarriesUnreadEvents);
        RegisterEaters(preserve: true);
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("main", cancellationToken: Token);
        await UntilAtAsync(id, "generation 0");
        await RaiseAsync(id, "n", "1", "2", "3");
        await RaiseAsync(id, "next", "");
        await UntilAtAsync(id, "generation 1");
        await RaiseAsync(id, "n", "4");
        await RaiseAsync(id, "eat", "");

        Assert.Equal("\"1234\"", (await EndAsync(id)).Output);
    }

    [Fact]
    public async Task Unread_events_survive_a_crash_after_the_change_of_generation()
    {
        RegisterEaters(preserve: true);
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("main", cancellationToken: Token);
        await UntilAtAsync(id, "generation 0");
        await RaiseAsync(id, "n", "1", "2", "3");
        await RaiseAsync(id, "next", "");
        await RestartAsync();
        await RaiseAsync(id, "n", "4");
        await RaiseAsync(id, "eat", "");

        var eaten = (await EndAsync(id)).Output!;
        if (Has(EngineTraits.KeepsEventsInOrder))
        {
            Assert.Equal("\"1234\"", eaten);
        }
        else
        {
            // The eater takes four, and some may have come twice.
            Assert.Equal(4, eaten.Count("1234".Contains));
        }
    }

    [Fact]
    public async Task Unread_events_are_dropped_when_asked()
    {
        RegisterEaters(preserve: false);
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("main", cancellationToken: Token);
        await UntilAtAsync(id, "generation 0");
        await RaiseAsync(id, "n", "1", "2");
        await RaiseAsync(id, "next", "");
        await UntilAtAsync(id, "generation 1");
        await RaiseAsync(id, "n", "3", "4", "5", "6");
        await RaiseAsync(id, "eat", "");

        Assert.Equal("\"3456\"", (await EndAsync(id)).Output);
    }

    [Fact]
    public async Task Timers_and_activities_of_the_generation_before_do_not_reach_the_next()
    {
        var late = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Registry.AddActivity<string, string>("late", (_, _, _) => late.Task);
        Orchestration<int, string>("main", async (context, generation) =>
        {
            if (generation == 0)
            {
                _ = context.CallActivityAsync<string>("late");
                _ = context.CreateTimerAsync(context.CurrentUtcTime + Long(TimeSpan.FromHours(1)));
                context.ContinueAsNew(1);
                return "";
            }

            var waits = new Task[] { context.WaitForExternalEventAsync<string>("a"), context.WaitForExternalEventAsync<string>("b") };
            context.SetCustomStatus("generation 1");
            return await Task.WhenAny(waits) == waits[1] ? "b" : "other";
        });
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("main", 0, cancellationToken: Token);
        if (!Has(EngineTraits.LeavesWork))
        {
            // The generation ends when what it has started has ended.
            late.SetResult("late");
        }

        await UntilAtAsync(id, "generation 1");

        late.TrySetResult("late");
        await PassAsync(Now + (2 * Long(TimeSpan.FromHours(1))));
        await Client.RaiseEventAsync(id, "b", "b", Token);

        Assert.Equal("\"b\"", (await EndAsync(id)).Output);
    }

    private async Task RaiseAsync(string id, string name, params string[] payloads)
    {
        foreach (var payload in payloads)
        {
            await Client.RaiseEventAsync(id, name, payload, Token);
        }
    }

    private void RegisterEaters(bool preserve) => Orchestration<int, string>("main", async (context, generation) =>
    {
        context.SetCustomStatus($"generation {generation}");
        if (generation == 0)
        {
            await context.WaitForExternalEventAsync<string>("next");
            context.ContinueAsNew(1, preserve);
            return "";
        }

        await context.WaitForExternalEventAsync<string>("eat");
        var eaten = "";
        while (eaten.Length < 4)
        {
            eaten += await context.WaitForExternalEventAsync<string>("n");
        }

        return eaten;
    });
}
