using Rotunda.Orchestration;

namespace Rotunda.Testing.EngineConformance;

/// <summary>Code that no longer matches its history: reported, left untouched, and taken up again with the right code.</summary>
public abstract class DriftCases(IEngineFixture fixture) : ConformanceCases(fixture)
{
    private static readonly Order Book = new("book", 1, ["a", "b"]);

    [Fact]
    public Task A_changed_order_is_drift() => DriftsAsync(
        async context =>
        {
            await context.CallActivityAsync<string>("second", Book);
            await context.CallActivityAsync<string>("first", Book);
        },
        "activity 'first'",
        "activity 'second'");

    [Fact]
    public Task A_changed_name_is_drift() => DriftsAsync(
        async context =>
        {
            await context.CallActivityAsync<string>("first", Book);
            await context.CallActivityAsync<string>("renamed", Book);
        },
        "activity 'second'",
        "activity 'renamed'");

    [Fact]
    public Task A_removed_call_is_drift() => DriftsAsync(
        async context => await context.CallActivityAsync<string>("first", Book),
        "activity 'second'",
        "wait for event 'go'");

    [Fact]
    public Task An_added_call_is_drift() => DriftsAsync(
        async context =>
        {
            await context.CallActivityAsync<string>("first", Book);
            await context.CreateTimerAsync(context.CurrentUtcTime.AddDays(1));
            await context.CallActivityAsync<string>("second", Book);
        },
        "activity 'second'",
        "called a timer");

    [Fact]
    public Task A_changed_input_shape_is_drift() => DriftsAsync(
        async context =>
        {
            await context.CallActivityAsync<string>("first", Book);
            await context.CallActivityAsync<string>("second", new ChangedOrder("book", 1));
        },
        "count: number",
        "quantity: number");

    [Fact]
    public Task Returning_early_is_drift() => DriftsAsync(
        _ => Task.FromException(new InvalidOperationException("broken")),
        "activity 'first'",
        "threw System.InvalidOperationException");

    [Fact]
    public async Task Changed_values_in_the_same_shape_are_not_drift()
    {
        var id = await RunHalfAsync();

        await RestartAsync(Code(async context =>
        {
            await context.CallActivityAsync<string>("first", new Order("other", 9));
            await context.CallActivityAsync<string>("second", new Order("other", 9, ["c"]));
        }));
        await Client.RaiseEventAsync(id, "go", cancellationToken: Token);

        Assert.Equal(OrchestrationStatus.Completed, (await EndAsync(id)).Status);
    }

    [Fact]
    public async Task Changed_code_does_not_move_a_timer_that_is_set()
    {
        Registry = Sleep(hours: 1);
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("main", cancellationToken: Token);
        await UntilAtAsync(id, "waiting");

        await RestartAsync(Sleep(hours: 1000));
        await Client.RaiseEventAsync(id, "unread", cancellationToken: Token);
        Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(OrchestrationStatus.Completed, (await EndAsync(id)).Status);

        static TaskRegistry Sleep(int hours) => new TaskRegistry().AddOrchestration<string, string>("main", async (context, _) =>
        {
            var timer = context.CreateTimerAsync(context.CurrentUtcTime.AddHours(hours));
            context.SetCustomStatus("waiting");
            await timer;
            return "";
        });
    }

    [Fact]
    public async Task Code_that_is_gone_leaves_the_instance_stuck()
    {
        var id = await RunHalfAsync();

        await RestartAsync(new TaskRegistry());
        await Client.RaiseEventAsync(id, "go", cancellationToken: Token);

        var state = await EndAsync(id);
        Assert.Equal(OrchestrationStatus.Stuck, state.Status);
        Assert.Contains("main", state.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_of_what_is_not_stuck_has_no_effect()
    {
        var id = await RunHalfAsync();

        await Client.ResumeAsync(id, Token);

        Assert.Equal(OrchestrationStatus.Running, (await Client.GetAsync(id, cancellationToken: Token))!.Status);
        await Assert.ThrowsAsync<OrchestrationNotFoundException>(() => Client.ResumeAsync("nobody", Token));
    }

    [Fact]
    public async Task A_stuck_instance_can_be_terminated()
    {
        var id = await RunHalfAsync();
        await RestartAsync(new TaskRegistry());
        await Client.RaiseEventAsync(id, "go", cancellationToken: Token);
        await EndAsync(id);

        await Client.TerminateAsync(id, "given up", Token);

        Assert.Equal(OrchestrationStatus.Terminated, (await Client.GetAsync(id, cancellationToken: Token))!.Status);
    }

    private static async Task RightAsync(IOrchestrationContext context)
    {
        await context.CallActivityAsync<string>("first", Book);
        await context.CallActivityAsync<string>("second", Book);
    }

    private static TaskRegistry Code(Func<IOrchestrationContext, Task> steps)
    {
        var registry = new TaskRegistry();
        foreach (var name in new[] { "first", "second", "renamed" })
        {
            registry.AddActivity<Order, string>(name, (_, order, _) => Task.FromResult(order!.Item));
        }

        return registry.AddOrchestration<string, string>("main", async (context, _) =>
        {
            await steps(context);
            context.SetCustomStatus("waiting");
            return await context.WaitForExternalEventAsync<string>("go");
        });
    }

    private async Task<string> RunHalfAsync()
    {
        Registry = Code(RightAsync);
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("main", cancellationToken: Token);
        await UntilAtAsync(id, "waiting");
        return id;
    }

    private async Task DriftsAsync(Func<IOrchestrationContext, Task> changed, string inHistory, string inCode)
    {
        var id = await RunHalfAsync();
        var before = await Client.GetAsync(id, cancellationToken: Token);

        // The event is acknowledged although the code cannot take it: it must be there when the right code is back.
        await RestartAsync(Code(changed));
        await Client.RaiseEventAsync(id, "go", "kept", Token);
        var stuck = await EndAsync(id);
        Assert.Equal(OrchestrationStatus.Stuck, stuck.Status);
        Assert.Equal("Drift", stuck.Failure!.ErrorType);
        Assert.Contains(inHistory, stuck.Failure.Message, StringComparison.Ordinal);
        Assert.Contains(inCode, stuck.Failure.Message, StringComparison.Ordinal);
        Assert.Equal((before!.CustomStatus, before.Input), (stuck.CustomStatus, stuck.Input));

        await Client.ResumeAsync(id, Token);
        Assert.Equal(OrchestrationStatus.Stuck, (await Client.GetAsync(id, cancellationToken: Token))!.Status);

        await RestartAsync(Code(RightAsync));
        var ended = await EndAsync(id);
        Assert.Equal((OrchestrationStatus.Completed, "\"kept\"", null), (ended.Status, ended.Output, ended.Failure));
    }
}
