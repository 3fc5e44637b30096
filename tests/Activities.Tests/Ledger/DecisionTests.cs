using Rotunda.Activities.Tests.Providers;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Time;

namespace Rotunda.Activities.Tests.Ledger;

/// <summary>What people decide, on either database.</summary>
public abstract class DecisionTests : IAsyncLifetime
{
    private const string Id = "app-1";
    private const string Step = "approve-start";

    protected ManualTimeProvider Time { get; } = new();

    private ILedger Ledger { get; set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Ledger = await OpenAsync();
        Assert.Empty(await Ledger.ListSecretsAsync(default));
        await Ledger.AdoptAsync(new AdoptSecret("app", "anna", null), default);
        var step = Plans.Step(StepKinds.Approval, provider: null, id: Step, settings: (StepSettings.Need, "2"));
        await Ledger.TryStartAsync(Plans.Plan("app", 1, Strategy.Overlap, step), null, false, default);
        await StateAsync(1, RotationState.WaitingForApproval, RotationActions.ApprovalRequested);
    }

    public async ValueTask DisposeAsync()
    {
        await RosterCheck.HoldsAsync(Ledger);
        ((IDisposable)Ledger).Dispose();
        await RemoveAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<ILedger> OpenAsync();

    protected abstract Task RemoveAsync();

    [Fact]
    public async Task Two_at_the_same_moment_are_counted_one_after_the_other_and_one_person_once()
    {
        var all = await Task.WhenAll(new[] { "paul", "PAUL", "paul-ci [paul]", "vera", "vera" }
            .Select(who => Task.Run(() => DecideAsync(who))));

        Assert.Equal([1, 2], all.Where(one => one.Outcome == DecisionOutcome.Taken).Select(one => one.Given).Order());
        Assert.Equal(3, all.Count(one => one.Outcome == DecisionOutcome.AlreadyDecided));
        Assert.Equal(["paul", "vera"], (await Ledger.ListDecisionsAsync(Id, default)).Select(one => one.Person).Order());
        Assert.True((await Ledger.StandAsync(Id, Step, default)).IsEnough);
        Assert.True((await Ledger.VerifyAuditAsync(default)).Intact);
    }

    [Fact]
    public async Task Whoever_asked_and_whoever_saw_another_plan_is_not_counted()
    {
        Assert.Equal(DecisionOutcome.OwnRequest, (await DecideAsync("more [Tester]")).Outcome);
        Assert.Equal(DecisionOutcome.OtherPlan, (await DecideAsync("paul", plan: new string('0', 64))).Outcome);
        Assert.Equal(DecisionOutcome.OtherPlan, (await DecideAsync("paul", plan: "")).Outcome);
        var hash = (await DecideAsync("paul")).Outcome == DecisionOutcome.Taken
            ? (await Ledger.ListDecisionsAsync(Id, default)).Single().PlanHash
            : "";
        Assert.Equal(2, (await DecideAsync("vera", plan: hash[..12].ToUpperInvariant())).Given);
    }

    [Fact]
    public async Task An_approval_is_taken_back_while_there_are_not_enough_and_given_again()
    {
        Assert.Equal(DecisionOutcome.NothingThere, (await Ledger.WithdrawAsync(Id, "paul", "no", default)).Outcome);
        await DecideAsync("paul");
        var back = await Ledger.WithdrawAsync(Id, "other-token [paul]", "I looked again", default);
        Assert.Equal((DecisionOutcome.Taken, 0), (back.Outcome, back.Given));

        Assert.Equal(1, (await DecideAsync("vera")).Given);
        Assert.Equal(2, (await DecideAsync("paul")).Given);
        Assert.Equal(DecisionOutcome.TooLate, (await Ledger.WithdrawAsync(Id, "paul", "no", default)).Outcome);
    }

    [Fact]
    public async Task What_waits_and_was_decided_on_is_found_at_once()
    {
        Assert.Empty(await Ledger.ListDecidedAsync(default));
        await DecideAsync("paul");
        Assert.Equal([Id], await Ledger.ListDecidedAsync(default));
        await Ledger.WithdrawAsync(Id, "paul", "I looked again", default);
        Assert.Empty(await Ledger.ListDecidedAsync(default));
        await DecideAsync("vera", Verdicts.Reject);
        await DecideAsync("paul", Verdicts.Reject);
        Assert.Equal([Id], await Ledger.ListDecidedAsync(default));
        await StateAsync(2, RotationState.Stuck, RotationActions.ApprovalTimedOut);
        Assert.Empty(await Ledger.ListDecidedAsync(default));
    }

    [Fact]
    public async Task A_no_ends_it_also_of_one_who_had_approved()
    {
        await DecideAsync("paul");
        Assert.Equal(DecisionOutcome.Taken, (await DecideAsync("paul", Verdicts.Reject)).Outcome);
        Assert.Equal(DecisionOutcome.Rejected, (await DecideAsync("vera")).Outcome);
        var stand = await Ledger.StandAsync(Id, Step, default);
        Assert.Equal((0, true), (stand.Given, stand.StandsRejected));
    }

    [Fact]
    public async Task What_was_decided_before_the_time_ran_out_counts_no_more()
    {
        await DecideAsync("paul");
        await StateAsync(2, RotationState.Stuck, RotationActions.ApprovalTimedOut);
        Assert.Equal(DecisionOutcome.NotAsked, (await DecideAsync("vera")).Outcome);
        await StateAsync(3, RotationState.WaitingForApproval, RotationActions.ApprovalRequested);

        Assert.Equal(0, (await Ledger.StandAsync(Id, Step, default)).Given);
        Assert.Equal(1, (await DecideAsync("vera")).Given);
        Assert.Equal(2, (await DecideAsync("paul")).Given);
    }

    [Fact]
    public async Task A_code_is_for_one_decision_on_one_plan_by_one_person()
    {
        var hash = await HashAsync();
        await AddAsync("of-another-plan", code => code with { PlanHash = new string('1', 64) });
        await AddAsync("of-another-step", code => code with { StepId = "approve-revoke" });
        await AddAsync("for-a-value", code => code with { Kind = CodeKinds.Provide });
        await AddAsync("over", code => code with { ExpiresAt = Time.GetUtcNow() });
        await AddAsync("good", code => code);
        foreach (var wrong in new[] { "of-another-plan", "of-another-step", "for-a-value", "over", "unknown" })
        {
            Assert.Equal(DecisionOutcome.NoCode, (await DecideAsync("paul", code: wrong)).Outcome);
        }

        Assert.Equal(DecisionOutcome.NoCode, (await DecideAsync("rita", code: "good")).Outcome);
        var both = await Task.WhenAll(
            Task.Run(() => DecideAsync("paul", code: "good")), Task.Run(() => DecideAsync("paul", Verdicts.Reject, code: "good")));
        Assert.Single(both, one => one.Outcome == DecisionOutcome.Taken);

        Task AddAsync(string code, Func<CodeRecord, CodeRecord> change) => Ledger.AddCodeAsync(
            change(new CodeRecord(code, CodeKinds.Decide, Id, "paul", "rotunda", Time.GetUtcNow(), Time.GetUtcNow().AddHours(1))
            {
                StepId = Step, PlanHash = hash,
            }), default);
    }

    [Fact]
    public async Task Two_people_close_a_review_also_at_the_same_moment()
    {
        await Ledger.AdoptAsync(new AdoptSecret("other", "anna", null), default);
        await Ledger.TryStartAsync(Plans.Plan("other", 1) with { Review = true }, null, false, default);
        Assert.Equal("other-1", (await Ledger.GetSecretAsync("other", default))!.ReviewOf);
        Assert.Equal(ReviewOutcome.OwnRequest, await LookAsync("tester"));

        var all = await Task.WhenAll(new[] { "paul", "paul-ci [Paul]", "vera" }.Select(who => Task.Run(() => LookAsync(who))));

        Assert.Single(all, one => one == ReviewOutcome.Closed);
        Assert.Single(all, one => one == ReviewOutcome.Taken);
        Assert.Equal(ReviewOutcome.AlreadyClosed, await LookAsync("rita"));
        Assert.Null((await Ledger.GetSecretAsync("other", default))!.ReviewOf);
        Assert.Equal(ReviewOutcome.NotThere, await Ledger.ReviewAsync(Id, "paul", "nothing", default));

        Task<ReviewOutcome> LookAsync(string who) => Ledger.ReviewAsync("other-1", who, "looked at it", default);
    }

    private async Task<string> HashAsync()
    {
        await DecideAsync("vera");
        return (await Ledger.ListDecisionsAsync(Id, default)).Single().PlanHash;
    }

    private Task<DecisionResult> DecideAsync(
        string actor, string verdict = Verdicts.Approve, string? plan = null, string? code = null) =>
        Ledger.DecideAsync(new DecisionInput(Id, Step, actor, verdict, plan, "looked at it", code), default);

    private Task StateAsync(int sequence, RotationState state, string action) => Ledger.RecordStateAsync(
        new RecordInput(Id, 1, sequence, state, action, Actors.Rotunda, null, null), default);
}

/// <summary>In a file.</summary>
public sealed class SqliteDecisionTests : DecisionTests
{
    private readonly TempFolder _folder = new();

    protected override Task<ILedger> OpenAsync() =>
        Task.FromResult<ILedger>(new SqliteLedger(_folder.File("ledger.db"), Time, new CrashPoints()));

    protected override Task RemoveAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }
}

/// <summary>On a real PostgreSQL, with the rights that the heads have.</summary>
[Collection(LedgerPostgresGroup.Name)]
public sealed class PostgresDecisionTests(PostgresFixture fixture) : DecisionTests
{
    private readonly LedgerDatabase _database = new(fixture);

    protected override async Task<ILedger> OpenAsync()
    {
        await _database.MakeAsync();
        return _database.Open(Time, new CrashPoints());
    }

    protected override Task RemoveAsync() => _database.RemoveAsync();
}
