using System.Text.Json.Nodes;
using Rotunda.Activities.Orphans;
using Rotunda.Ledger;
using Rotunda.Orchestration;
using Rotunda.Providers.Contract;
using Rotunda.Providers.References;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Steps;

public sealed class StepActivityTests : IDisposable
{
    private readonly StepHarness _harness = new();
    private readonly PlannedStep _issue = Plans.Step("Issue");
    private readonly PlannedStep _verify = Plans.Step("Verify");

    private FakeWorld World => _harness.World;

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void Every_kind_has_an_activity()
    {
        var registry = ActivitiesRegistration.AddTo(new TaskRegistry(), _harness.Services);
        Assert.Equal(
            StepKinds.Activities.Append(NoticeNames.Activity).Append(OrphanOrchestration.Activity).Order(),
            registry.Activities.Keys.Order());
    }

    [Fact]
    public async Task The_intent_is_on_record_before_the_outside_is_touched()
    {
        await StartAsync();
        var seen = new List<string>();
        World.Before = async (_, _) => seen.AddRange((await AuditAsync()).Select(row => row.Action));
        Assert.True((await _harness.RunAsync(_issue)).Succeeded);
        Assert.Contains(AuditActions.StepIntent, seen);
        Assert.Contains(AuditActions.CredentialMinting, seen);
        Assert.DoesNotContain(AuditActions.StepDone, seen);
        Assert.Equal(AuditActions.StepDone, (await AuditAsync())[^1].Action);
    }

    [Fact]
    public async Task A_provider_is_told_which_step_or_undo_calls()
    {
        await StartAsync();
        var step = Plans.Step("RestartConsumers", "target", "app");
        var undo = Plans.Undo("RestartConsumers", "target", "app");

        Assert.True((await _harness.RunAsync(step)).Succeeded);
        Assert.True((await _harness.RunAsync(step, attempt: 2)).Succeeded);
        Assert.True((await _harness.RunAsync(step, undo)).Succeeded);

        Assert.Equal([step.Id, step.Id, undo.Id], World.RestartedBy);
        Assert.NotEqual(step.Id, undo.Id);
    }

    [Fact]
    public async Task A_fenced_rotation_touches_nothing()
    {
        await StartAsync();
        var superseded = _harness.Plan;
        await _harness.StartAsync(Strategy.Overlap, supersede: true);
        var outcome = await _harness.Runner.RunAsync("Issue", Plans.Input(superseded, _issue), default);
        Assert.Equal(StepOutcomeKind.Fenced, outcome.Kind);
        Assert.Equal(0, World.Calls);
    }

    [Theory]
    [InlineData("Issue", StepOutcomeKind.Unknown)]
    [InlineData("Verify", StepOutcomeKind.RetryLater)]
    public async Task No_answer_in_time_is_unknown_unless_it_only_asked(string kind, StepOutcomeKind expected)
    {
        await StartAsync();
        if (kind == "Verify")
        {
            Assert.True((await _harness.RunAsync(_issue)).Succeeded);
        }

        World.Before = async (_, token) =>
        {
            _harness.Time.Advance(TimeSpan.FromMinutes(3));
            await Task.Delay(Timeout.InfiniteTimeSpan, _harness.Time, token);
        };
        var outcome = await _harness.RunAsync(kind == "Issue" ? _issue : _verify);
        Assert.Equal(expected, outcome.Kind);
        Assert.Contains("No answer within", outcome.Reason);
    }

    [Fact]
    public async Task Code_that_does_not_stop_is_given_up_and_the_next_attempt_does_not_act_beside_it()
    {
        await StartAsync();
        using var hangs = new ManualResetEventSlim();
        var entered = new TaskCompletionSource();
        var late = new TaskCompletionSource<Exception?>();
        World.Before = (_, _) =>
        {
            // A read from a dead network mount: it blocks before there is a task, and knows no cancellation.
            entered.TrySetResult();
            hangs.Wait(CancellationToken.None);
            late.TrySetResult(Record.Exception(() => SecretScope.Current!.RegisterToken("ghs_minted-just-now")));
            return Task.CompletedTask;
        };
        var first = _harness.RunAsync(_issue);
        await entered.Task;
        var outcome = await PassTimeAsync(first);
        Assert.Equal(StepOutcomeKind.Unknown, outcome.Kind);
        Assert.Contains("was given up", outcome.Reason);
        Assert.Equal(AuditActions.StepUnknown, (await AuditAsync())[^1].Action);

        var second = await PassTimeAsync(_harness.RunAsync(_issue, attempt: 2));
        Assert.Equal(StepOutcomeKind.Unknown, second.Kind);
        Assert.Contains("has not come back", second.Reason);
        Assert.Empty(World.Keys);

        hangs.Set();
        Assert.IsType<ObjectDisposedException>(await late.Task);
        World.Before = (_, _) => Task.CompletedTask;
        var third = await _harness.RunAsync(Plans.Step("Issue", "listing", id: _issue.Id), attempt: 3);
        Assert.True(third.Succeeded, third.Reason);
        Assert.Single(World.Keys, key => key.Live);
    }

    [Fact]
    public async Task A_missing_reference_is_rejected_only_while_no_earlier_call_can_have_acted()
    {
        await StartAsync();
        var issue = Plans.Step("Issue", "listing");
        World.Before = (_, _) => throw new ReferenceUnresolvedException("env:GONE", "it is not set.");
        Assert.Equal(StepOutcomeKind.Rejected, (await _harness.RunAsync(issue)).Kind);

        World.Before = (_, _) => throw new InvalidOperationException("the answer was lost");
        Assert.Equal(StepOutcomeKind.Unknown, (await _harness.RunAsync(issue, attempt: 2)).Kind);
        // The third attempt has listed before (the fake's list asks nobody), and then comes to issue.
        World.Before = (_, _) => throw new ReferenceUnresolvedException("env:GONE", "it is not set.");
        Assert.Equal(StepOutcomeKind.Unknown, (await _harness.RunAsync(issue, attempt: 3)).Kind);
    }

    [Fact]
    public async Task What_could_not_be_listed_says_why_and_how_long_to_wait()
    {
        await StartAsync();
        var issue = Plans.Step("Issue", "listing");
        World.Before = (_, _) => throw new OutcomeException(StepOutcome.RetryLater("busy", TimeSpan.FromSeconds(7)));
        Assert.Equal(TimeSpan.FromSeconds(7), (await _harness.RunAsync(issue)).RetryAfter);

        World.Before = (_, _) => throw new InvalidOperationException("the answer was lost");
        Assert.Equal(StepOutcomeKind.Unknown, (await _harness.RunAsync(issue, attempt: 2)).Kind);
        // The third attempt has listed before: a refusal of what comes then says nothing about it.
        World.Before = (_, _) => throw new OutcomeException(StepOutcome.Rejected("no rights"));
        Assert.Equal(StepOutcomeKind.Unknown, (await _harness.RunAsync(issue, attempt: 3)).Kind);
    }

    [Fact]
    public async Task A_stopping_host_records_no_outcome()
    {
        await StartAsync();
        using var stop = new CancellationTokenSource();
        World.Before = async (_, token) =>
        {
            await stop.CancelAsync();
            token.ThrowIfCancellationRequested();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _harness.Runner.RunAsync(
            "Issue",
            Plans.Input(_harness.Plan, _issue),
            stop.Token));
        Assert.DoesNotContain(await AuditAsync(), row => row.Action is AuditActions.StepUnknown or AuditActions.StepRetryLater);
        World.Before = (_, _) => Task.CompletedTask;
        Assert.Equal(StepOutcomeKind.Unknown, (await _harness.RunAsync(_issue)).Kind);
    }

    [Fact]
    public async Task A_value_leaves_the_activity_in_no_reason_fact_or_audit_row()
    {
        await StartAsync();
        await _harness.RunAsync(_issue);
        var value = World.Keys[^1].Value;
        World.Before = (what, _) => throw new InvalidOperationException(
            $"{what} and {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(value))}");
        var thrown = await _harness.RunAsync(_verify);
        Assert.Equal("InvalidOperationException: verify *** and ***", thrown.Reason);
        World.Before = (_, _) => Task.CompletedTask;
        Assert.Equal("asked with ***", (await _harness.RunAsync(_verify, attempt: 2)).Facts!["detail"]);
        Assert.All(await AuditAsync(), row => Assert.DoesNotContain(value, row.Detail ?? ""));
    }

    [Fact]
    public async Task What_was_never_sent_may_be_sent_later_and_anything_else_is_unknown()
    {
        await StartAsync();
        World.Before = (_, _) => throw new HttpRequestException(HttpRequestError.ConnectionError, "refused");
        Assert.Equal(StepOutcomeKind.RetryLater, (await _harness.RunAsync(_issue)).Kind);
        World.Before = (_, _) => throw new HttpRequestException(HttpRequestError.ResponseEnded, "cut off");
        Assert.Equal(StepOutcomeKind.Unknown, (await _harness.RunAsync(_issue, attempt: 2)).Kind);
    }

    [Fact]
    public async Task A_reference_that_leads_nowhere_is_rejected_by_validation()
    {
        await StartAsync();
        var step = Plans.Step("Validate") with { Provider = new ProviderBinding("fake", new JsonObject { ["token"] = "env:MISSING" }) };
        var outcome = await _harness.RunAsync(step);
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("MISSING", outcome.Reason);
    }

    [Fact]
    public async Task A_plan_that_asks_too_much_of_a_provider_is_rejected_by_validation()
    {
        await _harness.AdoptAsync("old", "key-0", null);
        await _harness.StartAsync(
            Strategy.Overlap,
            steps: [Plans.Step("Validate"), Plans.Step("Apply"), Plans.Step("Deliver", "nobody", "x")]);
        var outcome = await _harness.RunAsync(Plans.Step("Validate"));
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("'apply'", outcome.Reason);
        Assert.Contains("no provider 'nobody'", outcome.Reason);
    }

    [Fact]
    public async Task A_ledger_that_is_away_stops_a_step_before_it_does_anything()
    {
        await StartAsync();
        _harness.Crashes.Handler = point => Throw(point == "ledger.commit.before", new LedgerUnavailableException("the disk is full."));
        var outcome = await _harness.RunAsync(_issue);
        Assert.Equal(StepOutcomeKind.RetryLater, outcome.Kind);
        Assert.Equal(0, World.Calls);
        var record =
            await _harness.Runner.RecordAsync(new RecordInput("app-1", 1, 1, RotationState.Running, "x", "y", null, null), default);
        Assert.Equal(StepOutcomeKind.RetryLater, record.Kind);
    }

    [Theory]
    [InlineData("listing", 0)]
    [InlineData("fake", 0)]
    public async Task A_credential_whose_value_cannot_be_stored_is_taken_back(string provider, int live)
    {
        await StartAsync();
        var step = Plans.Step("Issue", provider);
        _harness.Crashes.Handler = point => Throw(point == "store.commit.before", new StoreUnavailableException("the disk is full."));
        Assert.Equal(StepOutcomeKind.RetryLater, (await _harness.RunAsync(step)).Kind);
        Assert.Equal(live, World.Keys.Count(key => key.Live));
        _harness.Crashes.Handler = null;
        Assert.True((await _harness.RunAsync(step, attempt: 2)).Succeeded);
        Assert.Equal([CredentialState.Active, CredentialState.Revoked, CredentialState.Pending], await _harness.StatesAsync());
    }

    private static void Throw(bool now, Exception exception)
    {
        if (now)
        {
            throw exception;
        }
    }

    private async Task StartAsync()
    {
        await _harness.AdoptAsync("the-old-value", "key-0", null);
        await _harness.StartAsync(Strategy.Overlap);
    }

    private Task<IReadOnlyList<AuditRow>> AuditAsync() => _harness.Ledger.ReadAuditAsync(new AuditFilter(RotationId: "app-1"), default);

    /// <summary>Lets the clock run until it ends.</summary>
    private async Task<StepOutcome> PassTimeAsync(Task<StepOutcome> running)
    {
        while (!running.IsCompleted)
        {
            _harness.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return await running;
    }
}
