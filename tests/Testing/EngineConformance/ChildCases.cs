using Rotunda.Orchestration;

namespace Rotunda.Testing.EngineConformance;

public abstract class ChildCases(IEngineFixture fixture) : ConformanceCases(fixture)
{
    [Fact]
    public async Task A_child_gives_its_output_to_its_parent()
    {
        Activity<int, int>("double", n => n * 2);
        Orchestration<int, int>("child", (context, n) => context.CallActivityAsync<int>("double", n));
        Orchestration<int, int>("main", async (context, n) =>
            (await Task.WhenAll(Enumerable.Range(0, n).Select(i => context.CallSubOrchestrationAsync<int>("child", i)))).Sum());

        Assert.Equal("90", (await RunAsync("main", 10)).Output);
    }

    [Fact]
    public async Task A_childs_id_can_be_chosen_and_else_derives_from_the_parents()
    {
        Orchestration<string, string>("child", (context, _) => Task.FromResult(context.InstanceId));
        Orchestration<string, string[]>("main", (context, _) => Task.WhenAll(
            context.CallSubOrchestrationAsync<string>("child", instanceId: "mine"),
            context.CallSubOrchestrationAsync<string>("child")));
        await StartEngineAsync();
        await Client.ScheduleNewAsync("main", options: new StartOptions("parent"), cancellationToken: Token);

        var output = (await EndAsync("parent")).Output!;

        Assert.StartsWith("""["mine","parent""", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_child_fails_in_the_parent_with_its_reason()
    {
        Orchestration<string, string>("child", (_, _) => throw new InvalidOperationException("no luck"));
        Orchestration<string, string>("main", (context, _) => CatchAsync(context.CallSubOrchestrationAsync<string>("child")));

        Assert.Equal("\"child: System.InvalidOperationException: no luck\"", (await RunAsync("main")).Output);
    }

    [Fact]
    public async Task A_terminated_child_fails_in_the_parent()
    {
        Needs(EngineTraits.TellsTerminatedChildren);
        Orchestration<string, string>("child", (context, _) => context.WaitForExternalEventAsync<string>("never"));
        Orchestration<string, string>(
            "main",
            (context, _) => CatchAsync(context.CallSubOrchestrationAsync<string>("child", instanceId: "the-child")));
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("main", cancellationToken: Token);
        await UntilAsync("the-child", s => s.Status == OrchestrationStatus.Running);

        await Client.TerminateAsync("the-child", "enough", Token);

        Assert.Contains("enough", (await EndAsync(id)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_id_fails_the_call()
    {
        Needs(EngineTraits.RefusesTakenChildren);
        Orchestration<string, string>("child", (context, _) => context.WaitForExternalEventAsync<string>("never"));
        Orchestration<string, string>(
            "main",
            (context, _) => CatchAsync(context.CallSubOrchestrationAsync<string>("child", instanceId: "taken")));
        await StartEngineAsync();
        await Client.ScheduleNewAsync("child", options: new StartOptions("taken"), cancellationToken: Token);

        var id = await Client.ScheduleNewAsync("main", cancellationToken: Token);

        Assert.Contains("taken", (await EndAsync(id)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_child_that_ends_while_the_engine_is_down_for_its_parent_is_not_lost()
    {
        Needs(EngineTraits.TracksChildren);
        Orchestration<string, string>("child", (context, _) => context.WaitForExternalEventAsync<string>("go"));
        Orchestration<string, string>("main", (context, _) => context.CallSubOrchestrationAsync<string>("child", instanceId: "the-child"));
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("main", cancellationToken: Token);
        await UntilAsync("the-child", s => s.Status == OrchestrationStatus.Running);

        await Client.RaiseEventAsync("the-child", "go", "done", Token);
        await RestartAsync();

        Assert.Equal("\"done\"", (await EndAsync(id)).Output);
    }

    [Fact]
    public async Task A_child_of_an_ended_parent_goes_on()
    {
        Needs(EngineTraits.TracksChildren);
        Orchestration<string, string>("child", (context, unused) => context.WaitForExternalEventAsync<string>("go"));
        Orchestration<string, string>("main", (context, unused) =>
        {
            _ = context.CallSubOrchestrationAsync<string>("child", instanceId: "the-child");
            return Task.FromResult("gone");
        });
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("main", cancellationToken: Token);
        if (Has(EngineTraits.LeavesWork))
        {
            await EndAsync(id);
        }

        await UntilAsync("the-child", s => s.Status == OrchestrationStatus.Running);
        await Client.RaiseEventAsync("the-child", "go", "done", Token);

        Assert.Equal("\"done\"", (await EndAsync("the-child")).Output);
        Assert.Equal("\"gone\"", (await EndAsync(id)).Output);
    }

    private static async Task<string> CatchAsync(Task<string> child)
    {
        try
        {
            return await child;
        }
        catch (TaskFailedException failure)
        {
            return $"{failure.TaskName}: {failure.Failure.ErrorType}: {failure.Failure.Message}";
        }
    }
}
