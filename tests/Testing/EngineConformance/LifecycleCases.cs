using Rotunda.Orchestration;

namespace Rotunda.Testing.EngineConformance;

/// <summary>Starts, terminate, queries, purge: what clients do.</summary>
public abstract class LifecycleCases(IEngineFixture fixture) : ConformanceCases(fixture)
{
    [Fact]
    public async Task An_id_is_taken_until_its_instance_is_purged()
    {
        RegisterTwo();
        await StartEngineAsync();
        var start = new StartOptions("the-one");
        await Client.ScheduleNewAsync("done", options: start, cancellationToken: Token);
        await EndAsync("the-one");

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => Client.ScheduleNewAsync(
            "done",
            options: start,
            cancellationToken: Token));
        Assert.Equal(1, await Client.PurgeAsync(new PurgeFilter("the-one"), Token));
        Assert.Null(await Client.GetAsync("the-one", cancellationToken: Token));
        await Client.ScheduleNewAsync("done", options: start, cancellationToken: Token);
        Assert.Equal(OrchestrationStatus.Completed, (await EndAsync("the-one")).Status);
    }

    [Fact]
    public async Task Bad_starts_are_refused()
    {
        RegisterTwo();
        await StartEngineAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => Client.ScheduleNewAsync(
            "done",
            options: new StartOptions(""),
            cancellationToken: Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Client.ScheduleNewAsync(
            "done",
            options: new StartOptions(new string('x', 257)),
            cancellationToken: Token));
        await Assert.ThrowsAsync<NotSupportedException>(() => Client.ScheduleNewAsync(
            "done",
            new Uri("https://no.contract"),
            cancellationToken: Token));
    }

    [Fact]
    public async Task A_start_under_a_name_that_nobody_registered_is_refused()
    {
        Needs(EngineTraits.KnowsNames);
        RegisterTwo();
        await StartEngineAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => Client.ScheduleNewAsync("nobody", cancellationToken: Token));
    }

    [Fact]
    public async Task Terminate_ends_a_waiting_instance_and_has_no_effect_on_an_ended_one()
    {
        RegisterTwo();
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("wait", cancellationToken: Token);
        await UntilAsync(id, s => s.Status == OrchestrationStatus.Running);

        await Client.TerminateAsync(id, "enough", Token);
        await Client.TerminateAsync(id, "again", Token);
        await RestartAsync();

        var state = await EndAsync(id);
        Assert.Equal(OrchestrationStatus.Terminated, state.Status);
        Assert.Contains("enough", state.Failure!.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<OrchestrationNotFoundException>(() => Client.TerminateAsync("nobody", cancellationToken: Token));
    }

    [Fact]
    public async Task The_result_of_an_activity_under_way_at_the_terminate_is_dropped()
    {
        var arrived = new SemaphoreSlim(0);
        var gate = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Registry.AddActivity<string, string>("gated", (_, _, _) =>
        {
            arrived.Release();
            return gate.Task;
        });
        Orchestration<string, string>("main", (context, _) => context.CallActivityAsync<string>("gated"));
        await StartEngineAsync();
        var id = await Client.ScheduleNewAsync("main", cancellationToken: Token);
        await arrived.WaitAsync(Token);

        await Client.TerminateAsync(id, cancellationToken: Token);
        gate.SetResult("late");

        Assert.Equal(OrchestrationStatus.Terminated, (await EndAsync(id)).Status);
    }

    [Fact]
    public async Task Queries_filter_by_status_and_prefix_and_page_in_id_order()
    {
        Needs(EngineTraits.OrdersQueries);
        RegisterTwo();
        await StartEngineAsync();
        foreach (var i in Enumerable.Range(0, 25))
        {
            await Client.ScheduleNewAsync("done", options: new StartOptions($"a-{i:D2}"), cancellationToken: Token);
            await Client.ScheduleNewAsync("wait", options: new StartOptions($"b-{i:D2}"), cancellationToken: Token);
            await EndAsync($"a-{i:D2}");
            await UntilAsync($"b-{i:D2}", s => s.Status == OrchestrationStatus.Running);
        }

        Assert.Equal(Names('a').Concat(Names('b')), await AllAsync(new OrchestrationQuery(PageSize: 7)));
        Assert.Equal(Names('a'), await AllAsync(new OrchestrationQuery([OrchestrationStatus.Completed], PageSize: 7)));
        Assert.Equal(Names('b'), await AllAsync(new OrchestrationQuery(InstanceIdPrefix: "b-", PageSize: 25)));
        Assert.Equal(
            Names('b'),
            await AllAsync(new OrchestrationQuery([OrchestrationStatus.Running, OrchestrationStatus.Failed], "b", PageSize: 4)));
        Assert.Equal(["b-07"], await AllAsync(new OrchestrationQuery(InstanceIdPrefix: "b-07")));
        Assert.Empty(await AllAsync(new OrchestrationQuery([OrchestrationStatus.Running], "a-")));
        Assert.Empty(await AllAsync(new OrchestrationQuery(InstanceIdPrefix: "A-")));

        static IEnumerable<string> Names(char kind) => Enumerable.Range(0, 25).Select(i => $"{kind}-{i:D2}");
    }

    [Fact]
    public async Task A_query_gives_payloads_only_when_asked()
    {
        RegisterTwo();
        await StartEngineAsync();
        await Client.ScheduleNewAsync("done", "in", new StartOptions("x"), Token);
        await EndAsync("x");

        Assert.Null((await Client.QueryAsync(new OrchestrationQuery(), Token)).Instances.Single().Input);
        var full = (await Client.QueryAsync(new OrchestrationQuery(WithInputsAndOutputs: true), Token)).Instances.Single();
        Assert.Equal(("\"in\"", "\"done\""), (full.Input, full.Output));
    }

    [Fact]
    public async Task Purge_takes_ended_instances_only_and_by_time()
    {
        RegisterTwo();
        await StartEngineAsync();
        await Client.ScheduleNewAsync("done", options: new StartOptions("old"), cancellationToken: Token);
        await Client.ScheduleNewAsync("wait", options: new StartOptions("running"), cancellationToken: Token);
        await EndAsync("old");
        await UntilAsync("running", s => s.Status == OrchestrationStatus.Running);
        MoveOn(TimeSpan.FromDays(1));
        var since = Now;
        await Client.ScheduleNewAsync("done", options: new StartOptions("new"), cancellationToken: Token);
        await EndAsync("new");

        Assert.Equal(0, await Client.PurgeAsync(new PurgeFilter("running"), Token));
        Assert.Equal(1, await Client.PurgeAsync(new PurgeFilter(EndedBefore: since), Token));
        Assert.Equal(["new", "running"], (await AllAsync(new OrchestrationQuery())).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Waiting_for_an_unknown_instance_is_refused()
    {
        await StartEngineAsync();
        await Assert.ThrowsAsync<OrchestrationNotFoundException>(() => Client.WaitForCompletionAsync("nobody", Token));
    }

    [Fact]
    public async Task Times_tell_the_start_and_the_last_change()
    {
        RegisterTwo();
        await StartEngineAsync();
        var before = Now;
        var id = await Client.ScheduleNewAsync("wait", cancellationToken: Token);
        var first = await UntilAsync(id, s => s.Status == OrchestrationStatus.Running);
        MoveOn(TimeSpan.FromHours(3));
        var later = Now;
        await Client.RaiseEventAsync(id, "unread", cancellationToken: Token);

        var state = await UntilAsync(id, s => s.LastUpdatedAt != first.LastUpdatedAt);
        if (Has(EngineTraits.MovableClock))
        {
            Assert.Equal((before, later), (state.CreatedAt, state.LastUpdatedAt));
        }
        else
        {
            Assert.InRange(state.CreatedAt, before, later);
            Assert.InRange(state.LastUpdatedAt, later, Now);
        }
    }

    private void RegisterTwo()
    {
        Orchestration<string, string>("done", (_, _) => Task.FromResult("done"));
        Orchestration<string, string>("wait", (context, _) => context.WaitForExternalEventAsync<string>("never"));
    }

    private async Task<List<string>> AllAsync(OrchestrationQuery query)
    {
        var ids = new List<string>();
        do
        {
            var page = await Client.QueryAsync(query, Token);
            Assert.True(page.Instances.Count <= query.PageSize);
            ids.AddRange(page.Instances.Select(i => i.InstanceId));
            query = query with { ContinuationToken = page.ContinuationToken };
        }
        while (query.ContinuationToken is not null);
        return ids;
    }
}
