using Rotunda.Orchestration;

namespace Rotunda.Testing.EngineConformance;

/// <summary>Time, ids and payloads are the same at each replay; what is not the context's is refused.</summary>
public abstract class ReplayCases(IEngineFixture fixture) : ConformanceCases(fixture)
{
    [Fact]
    public async Task Time_and_ids_are_the_same_after_a_restart()
    {
        Orchestration<string, List<Seen>>("main", async (context, _) =>
        {
            var seen = new List<Seen>();
            for (var i = 0; i < 5; i++)
            {
                seen.Add(new Seen(context.CurrentUtcTime, context.NewGuid()));
                seen.Add(new Seen(context.CurrentUtcTime, context.NewGuid()));
                context.SetCustomStatus(string.Join(' ', seen.Select(s => $"{s.Time:HH:mm:ss} {s.Id}")));
                await context.WaitForExternalEventAsync<string>("go");
            }

            return seen;
        });
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("main", cancellationToken: Token);
        var before = string.Empty;
        for (var i = 0; i < 5; i++)
        {
            var steps = (i + 1) * 2;
            var state = await UntilAsync(id, s => s.CustomStatus?.Split('-').Length - 1 == steps * 4);
            Assert.StartsWith(before, state.CustomStatus, StringComparison.Ordinal);
            before = state.CustomStatus![..^1];
            MoveOn(TimeSpan.FromMinutes(7));
            await RestartAsync();
            await Client.RaiseEventAsync(id, "go", cancellationToken: Token);
        }

        var ended = await EndAsync(id);
        Assert.Equal(OrchestrationStatus.Completed, ended.Status);
        Assert.Equal(10, ended.Output!.Split("\"id\":").Skip(1).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Code_is_told_when_it_runs_over_recorded_events()
    {
        var live = new List<int>();
        Orchestration<string, string>("main", async (context, _) =>
        {
            for (var i = 0; i < 3; i++)
            {
                if (!context.IsReplaying)
                {
                    lock (live)
                    {
                        live.Add(i);
                    }
                }

                context.SetCustomStatus($"step {i}");
                await context.WaitForExternalEventAsync<string>("go");
            }

            return "done";
        });
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("main", cancellationToken: Token);
        for (var i = 0; i < 3; i++)
        {
            await UntilAtAsync(id, $"step {i}");
            await RestartAsync();
            await Client.RaiseEventAsync(id, "go", cancellationToken: Token);
        }

        await EndAsync(id);
        Assert.Equal([0, 1, 2], live);
    }

    [Fact]
    public async Task Large_and_foreign_payloads_come_through_unchanged()
    {
        var texts = new[] { new string('x', 1_000_000), "żółć 漢字 🎡 \u0000 \u2028 \"quoted\" \\ </script>", "", " " };
        Activity<string, string>("echo", text => text!);
        Orchestration<string, string>("main", async (context, text) =>
        {
            var echoed = await context.CallActivityAsync<string>("echo", text);
            var raised = await context.WaitForExternalEventAsync<string>("échø");
            return echoed == text && raised == text ? text! : "changed";
        });
        await StartEngineAsync();

        foreach (var text in texts)
        {
            // Where a large text is kept apart, its place has the id in its name: that one is plain.
            var id = await Client.ScheduleNewAsync(
                "main",
                text,
                new StartOptions(text.Length > 1000 ? "id-large" : $"id-🎡-{text.Length}"),
                Token);
            await UntilItHearsAsync(id);
            await Client.RaiseEventAsync(id, "ÉCHØ", text, Token);
            await RestartAsync();
            Assert.Equal(text, System.Text.Json.JsonSerializer.Deserialize<string>((await EndAsync(id)).Output!));
        }
    }

    [Fact]
    public async Task Nothing_at_all_is_a_payload_too()
    {
        Activity<string, string?>("echo", text => text);
        Orchestration<string, string?>("main", (context, text) => context.CallActivityAsync<string?>("echo", text));

        var state = await RunAsync("main");

        Assert.Equal((OrchestrationStatus.Completed, null, null), (state.Status, state.Input, state.Output));
    }

    [Fact]
    public async Task A_custom_status_is_seen_while_it_runs_and_has_a_limit()
    {
        Orchestration<string, string>("main", async (context, _) =>
        {
            context.SetCustomStatus("here");
            await context.WaitForExternalEventAsync<string>("go");
            context.SetCustomStatus(new string('x', 9000));
            return "";
        });
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("main", cancellationToken: Token);
        await UntilAtAsync(id, "here");
        await RestartAsync();
        await UntilAtAsync(id, "here");
        await Client.RaiseEventAsync(id, "go", cancellationToken: Token);

        var state = await EndAsync(id);
        Assert.Equal((OrchestrationStatus.Failed, "\"here\""), (state.Status, state.CustomStatus));
        Assert.Contains("16 KB", state.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Awaiting_something_foreign_is_reported_and_not_run()
    {
        Needs(EngineTraits.SeesDrift);
        var foreign = new TaskCompletionSource<string>();
        Orchestration<string, string>("main", (_, _) => foreign.Task);

        AssertForeign(await RunAsync("main"));
    }

    [Fact]
    public async Task Something_foreign_that_ends_beside_a_real_wait_is_reported()
    {
        Needs(EngineTraits.SeesDrift);
        var foreign = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Orchestration<string, string>("main", async (context, _) =>
        {
            var real = context.WaitForExternalEventAsync<string>("go");
            context.SetCustomStatus("waiting");
            await Task.WhenAny(real, foreign.Task);
            return "went on";
        });
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("main", cancellationToken: Token);
        await UntilAtAsync(id, "waiting");

        foreign.SetResult("");

        AssertForeign(await EndAsync(id));
    }

    private static void AssertForeign(OrchestrationState state)
    {
        Assert.Equal(OrchestrationStatus.Stuck, state.Status);
        Assert.Contains("did not come from the context", state.Failure!.Message, StringComparison.Ordinal);
    }
}
