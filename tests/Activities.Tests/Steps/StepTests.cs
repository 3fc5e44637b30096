using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>What each step does where things are not as they should be. The ordinary ways are in <see cref="CrashMatrixTests"/>.</summary>
public sealed class StepTests : IDisposable
{
    private readonly StepHarness _harness = new();

    private FakeWorld World => _harness.World;

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task After_a_lost_answer_nothing_is_minted_blindly_where_nothing_can_be_listed()
    {
        await IssuedAsync(loseAnswer: true);
        for (var attempt = 2; attempt < 5; attempt++)
        {
            Assert.Equal(StepOutcomeKind.Unknown, (await _harness.RunAsync(Plans.Step("Issue"), attempt: attempt)).Kind);
        }

        Assert.Single(World.Keys, key => key.Label is not null);
        Assert.True((await UndoAsync("RevokeNew", "Issue")).Succeeded);
        Assert.Equal([CredentialState.Active, CredentialState.Orphan], await _harness.StatesAsync());
        var note = (await _harness.Ledger.ListCredentialsAsync("app", default))[1].Note;
        Assert.StartsWith("unknown orphan possible", note, StringComparison.Ordinal);
        Assert.Contains("'rotunda-app-1-salt'", note);
    }

    [Fact]
    public async Task Where_issuing_again_takes_the_place_of_what_was_lost_it_is_issued_again_and_nothing_is_an_orphan()
    {
        World.RepeatsIssue = true;
        _harness.Restart();
        await IssuedAsync(loseAnswer: true);

        Assert.True((await _harness.RunAsync(Plans.Step("Issue"), attempt: 2)).Succeeded);

        Assert.Equal([CredentialState.Active, CredentialState.Pending], await _harness.StatesAsync());
        Assert.Equal(("key-1", null, "issued-value-number-1"), World.Told);
    }

    [Fact]
    public async Task Where_issuing_again_takes_the_place_of_what_was_lost_the_way_back_leaves_no_orphan()
    {
        World.RepeatsIssue = true;
        _harness.Restart();
        await IssuedAsync(loseAnswer: true);

        Assert.True((await UndoAsync("RevokeNew", "Issue")).Succeeded);

        Assert.Equal([CredentialState.Active, CredentialState.Revoked], await _harness.StatesAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_issuing_ends_the_old_credential_a_new_one_is_never_taken_back(bool loseAnswer)
    {
        World.OldEnds = new OldEnds(null, TimeSpan.FromHours(12));
        World.RepeatsIssue = true;
        _harness.Restart();
        await IssuedAsync(loseAnswer);
        var live = World.Keys.Count(key => key.Live);

        var back = await UndoAsync("RevokeNew", "Issue");

        Assert.Equal(StepOutcomeKind.Rejected, back.Kind);
        Assert.Contains("Start an emergency", back.Reason);
        Assert.Equal(live, World.Keys.Count(key => key.Live));
    }

    [Fact]
    public async Task Where_issuing_ends_the_old_credential_the_way_back_is_free_while_nothing_was_issued()
    {
        World.OldEnds = new OldEnds(null, TimeSpan.FromHours(12));
        _harness.Restart();
        await AdoptKeyAsync();
        await _harness.StartAsync(Strategy.Overlap);
        World.Refuse = what => what == "issue" ? StepOutcome.Rejected("no") : null;
        Assert.Equal(StepOutcomeKind.Rejected, (await _harness.RunAsync(Plans.Step("Issue"))).Kind);

        var back = await UndoAsync("RevokeNew", "Issue");
        // Nothing was revoked, so nobody is told that it was.
        Assert.Equal(
            (StepOutcomeKind.AlreadyDone, GivenUp.NeverMade), (back.Kind, back.Facts!.Single(fact => fact.Key == StepFacts.Detail).Value));
        Assert.Equal(GivenUp.NeverMade, (await _harness.Ledger.ListCredentialsAsync("app", default))[1].Note);
    }

    [Fact]
    public async Task What_has_the_label_but_was_made_before_this_rotation_is_an_orphan_and_stays_live()
    {
        await AdoptKeyAsync();
        await _harness.StartAsync(Strategy.Overlap);
        World.LoseAnswerOf = 1;
        Assert.Equal(StepOutcomeKind.Unknown, (await _harness.RunAsync(Plans.Step("Issue", "listing"))).Kind);
        // Of the same ledger, before it was restored from a backup: its numbers come again.
        var other = World.Add("rotunda-app-1-salt");
        other.CreatedAt = _harness.Time.GetUtcNow().AddDays(-1);

        Assert.True((await _harness.RunAsync(Plans.Step("Issue", "listing"), attempt: 2)).Succeeded);

        Assert.True(other.Live);
        Assert.Equal(
            [CredentialState.Active, CredentialState.Revoked, CredentialState.Orphan, CredentialState.Pending],
            await _harness.StatesAsync());
        var orphan = (await _harness.Ledger.ListCredentialsAsync("app", default))[2];
        Assert.Equal((other.Id, other.Label), (orphan.ProviderCredentialId, orphan.Label));
    }

    [Fact]
    public async Task A_list_that_lags_is_not_believed_when_it_has_nothing_yet()
    {
        World.ListsAfter = TimeSpan.FromMinutes(3);
        _harness.Restart();
        await AdoptKeyAsync();
        await _harness.StartAsync(Strategy.Overlap);
        World.LoseAnswerOf = 1;
        await _harness.RunAsync(Plans.Step("Issue", "listing"));
        var lost = World.Keys[^1];
        lost.ListedFrom = _harness.Time.GetUtcNow().AddMinutes(2);

        for (var (attempt, minute) = (2, 0); minute < 2; attempt++, minute++)
        {
            var early = await _harness.RunAsync(Plans.Step("Issue", "listing"), attempt: attempt);
            Assert.Equal((StepOutcomeKind.RetryLater, TimeSpan.FromMinutes(3 - minute)), (early.Kind, early.RetryAfter));
            _harness.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(2, World.Keys.Count);
        Assert.True((await _harness.RunAsync(Plans.Step("Issue", "listing"), attempt: 4)).Succeeded);
        Assert.False(lost.Live);
        Assert.Equal(3, World.Keys.Count);
    }

    [Fact]
    public async Task A_new_credential_that_is_refused_before_it_can_be_known_everywhere_is_tried_again_and_then_more_than_once()
    {
        (World.WorksAfter, World.Verifications) = (TimeSpan.FromMinutes(2), 3);
        _harness.Restart();
        await AdoptKeyAsync();
        await _harness.StartAsync(Strategy.Overlap);
        await _harness.RunAsync(Plans.Step("Issue", "listing"));
        World.Verdicts.Enqueue(Validity.Invalid);

        var early = await _harness.RunAsync(Plans.Step("Verify", "listing"));

        Assert.Equal((StepOutcomeKind.RetryLater, TimeSpan.FromMinutes(1)), (early.Kind, early.RetryAfter));
        World.Verdicts.Enqueue(Validity.Valid);
        World.Verdicts.Enqueue(Validity.Invalid);
        Assert.Equal(StepOutcomeKind.RetryLater, (await _harness.RunAsync(Plans.Step("Verify", "listing"), attempt: 2)).Kind);
        _harness.Time.Advance(TimeSpan.FromMinutes(2));
        World.Verdicts.Enqueue(Validity.Invalid);
        Assert.Equal(StepOutcomeKind.Rejected, (await _harness.RunAsync(Plans.Step("Verify", "listing"), attempt: 3)).Kind);
        Assert.True((await _harness.RunAsync(Plans.Step("Verify", "listing"), attempt: 4)).Succeeded);
    }

    [Fact]
    public async Task What_a_refusing_provider_never_made_is_no_orphan()
    {
        await AdoptKeyAsync();
        await _harness.StartAsync(Strategy.Overlap);
        World.Refuse = _ => StepOutcome.Rejected("quota");
        Assert.Equal(StepOutcomeKind.Rejected, (await _harness.RunAsync(Plans.Step("Issue"))).Kind);
        World.Refuse = _ => null;
        Assert.True((await UndoAsync("RevokeNew", "Issue")).Succeeded);
        Assert.True((await UndoAsync("DiscardPending", "Issue")).Succeeded);
        Assert.Equal([CredentialState.Active, CredentialState.Revoked], await _harness.StatesAsync());
    }

    [Theory]
    [InlineData(Validity.Invalid, StepOutcomeKind.Rejected)]
    [InlineData(Validity.CannotTell, StepOutcomeKind.RetryLater)]
    public async Task A_verification_that_fails_is_told_from_one_that_cannot_tell(Validity verdict, StepOutcomeKind expected)
    {
        await IssuedAsync();
        World.Verdict = verdict;
        Assert.Equal(expected, (await _harness.RunAsync(Plans.Step("Verify"))).Kind);
    }

    [Fact]
    public async Task Nothing_is_revoked_before_the_new_one_is_in_place()
    {
        await IssuedAsync();
        Assert.Equal(StepOutcomeKind.Rejected, (await _harness.RunAsync(Plans.Step("Revoke"))).Kind);
        Assert.Equal([CredentialState.Active, CredentialState.Pending], await _harness.StatesAsync());
        Assert.All(World.Keys, key => Assert.True(key.Live));
    }

    [Fact]
    public async Task An_old_credential_that_nothing_identifies_is_left_to_a_person()
    {
        var key = World.Add(null);
        await _harness.AdoptAsync(key.Value, null, "someone");
        await _harness.StartAsync(Strategy.Overlap);
        await RunAllAsync("Issue", "Promote", "Revoke");
        Assert.Equal([CredentialState.Orphan, CredentialState.Active], await _harness.StatesAsync());
        Assert.True(key.Live);
        Assert.Contains("by hand", (await _harness.Ledger.ListCredentialsAsync("app", default))[0].Note);
    }

    [Fact]
    public async Task Revoking_first_ends_what_is_in_use_and_its_value_goes_once_it_is_not_current()
    {
        var key = await AdoptKeyAsync();
        await _harness.StartAsync(Strategy.Overlap);
        var first = Plans.Step("Revoke", settings: ("revokeFirst", "true")) with { Id = "revoke-first" };
        Assert.True((await _harness.RunAsync(first)).Succeeded);
        Assert.False(key.Live);
        Assert.Equal(key.Value, await _harness.CurrentValueAsync());
        await RunAllAsync("Issue", "Promote", "Revoke", "Finish");
        Assert.Equal([CredentialState.Revoked, CredentialState.Active], await _harness.StatesAsync());
        var old = (await _harness.Ledger.ListCredentialsAsync("app", default))[0];
        await Assert.ThrowsAsync<SecretNotFoundException>(() => _harness.Store.GetAsync(old.Value!, default));
        Assert.Equal(StepOutcomeKind.Rejected, (await UndoAsync("Unpromote", "Promote")).Kind);
    }

    [Fact]
    public async Task Taking_over_settles_the_earlier_credential_without_locking_the_account_both_are_on()
    {
        World.Accounts["a"] = "the-old-password";
        await _harness.AdoptAsync("the-old-password", "a", "a");
        await _harness.StartAsync(Strategy.Alternate);
        await RunOnBAsync();
        await _harness.StartAsync(Strategy.Alternate, supersede: true);
        Assert.True((await _harness.RunAsync(Plans.Step("TakeOver", null))).Succeeded);
        await RunOnBAsync();
        foreach (var kind in new[] { "Promote", "Revoke", "Finish" })
        {
            Assert.True((await _harness.RunAsync(Plans.Step(kind, "accounts"))).Succeeded, kind);
        }

        Assert.Equal([CredentialState.Revoked, CredentialState.Revoked, CredentialState.Active], await _harness.StatesAsync());
        Assert.Null(World.Accounts["a"]);
        Assert.Equal(await _harness.CurrentValueAsync(), World.Accounts["b"]);

        async Task RunOnBAsync()
        {
            Assert.True((await _harness.RunAsync(Plans.Step("Generate", "accounts"))).Succeeded);
            Assert.True((await _harness.RunAsync(Plans.Step("Apply", "accounts", settings: ("account", "b")))).Succeeded);
        }
    }

    [Fact]
    public async Task Taking_over_waits_for_an_attempt_under_way_but_not_for_ever()
    {
        await AdoptKeyAsync();
        var issue = Plans.Step("Issue");
        await _harness.StartAsync(Strategy.Overlap, steps: [issue]);
        await _harness.Ledger.BeginStepAsync(Plans.Input(_harness.Plan, issue), default);
        await _harness.StartAsync(Strategy.Overlap, supersede: true);
        var takeOver = Plans.Step("TakeOver", null);
        Assert.Equal(StepOutcomeKind.RetryLater, (await _harness.RunAsync(takeOver)).Kind);
        _harness.Time.Advance(TimeSpan.FromMinutes(3));
        Assert.True((await _harness.RunAsync(takeOver, attempt: 2)).Succeeded);
    }

    [Fact]
    public async Task A_plan_for_a_state_that_is_gone_is_rejected()
    {
        await AdoptKeyAsync();
        await _harness.StartAsync(Strategy.Overlap);
        var outcome = await _harness.RunAsync(Plans.Step("TakeOver", null, settings: ("expectedActive", "77")));
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
    }

    [Fact]
    public async Task An_old_value_that_is_not_stored_is_not_delivered()
    {
        await _harness.AdoptAsync("elsewhere", "x", null, stored: false);
        await _harness.StartAsync(Strategy.DualKey);
        await _harness.RunAsync(Plans.Step("Generate", "generated"));
        var outcome = await _harness.RunAsync(Plans.Step("Deliver", "target", "env", settings: [("primary", "old"), ("secondary", "new")]));
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Equal("elsewhere", World.Target);
    }

    [Fact]
    public async Task Where_nothing_stood_nothing_stands_again()
    {
        await IssuedAsync();
        World.Target = null;
        Assert.True((await _harness.RunAsync(Plans.Step("Deliver", "target", "env"))).Succeeded);
        Assert.NotNull(World.Target);
        var undo = Plans.Undo("Redeliver", "target", "env");
        Assert.True((await _harness.RunAsync(Plans.Step("Deliver", "target", "env"), undo)).Succeeded);
        Assert.Null(World.Target);
    }

    [Fact]
    public async Task What_was_not_delivered_is_not_undone()
    {
        await IssuedAsync();
        var undo = Plans.Undo("Redeliver", "target", "env");
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await _harness.RunAsync(Plans.Step("Deliver", "target", "env"), undo)).Kind);
        Assert.NotNull(World.Target);
    }

    [Fact]
    public async Task A_value_that_may_be_live_is_kept()
    {
        await IssuedAsync();
        Assert.True((await UndoAsync("DiscardPending", "Issue")).Succeeded);
        Assert.Equal([CredentialState.Active, CredentialState.Orphan], await _harness.StatesAsync());
        using var kept = await _harness.Store.GetAsync((await _harness.Ledger.ListCredentialsAsync("app", default))[1].Value!, default);
        Assert.Equal(World.Keys[^1].Value, kept.RevealText());
    }

    [Fact]
    public async Task An_account_that_was_never_touched_is_not_locked()
    {
        World.Accounts["a"] = "the-old-password";
        World.Accounts["b"] = "somebody-else's";
        await _harness.AdoptAsync("the-old-password", "a", "a");
        await _harness.StartAsync(Strategy.Alternate);
        await _harness.RunAsync(Plans.Step("Generate", "accounts"));
        World.Refuse = _ => StepOutcome.NewValueNeeded("too short");
        var apply = Plans.Step("Apply", "accounts", settings: ("account", "b"));
        Assert.Equal(StepOutcomeKind.NewValueNeeded, (await _harness.RunAsync(apply)).Kind);
        Assert.True((await _harness.RunAsync(apply, Plans.Undo("RevokeNew", "accounts"))).Succeeded);
        Assert.Equal("somebody-else's", World.Accounts["b"]);
        Assert.True((await _harness.RunAsync(Plans.Step("Generate", "accounts"), Plans.Undo("DiscardPending", "accounts"))).Succeeded);
        // Another value is another one, under another label.
        World.Refuse = _ => null;
        Assert.True((await _harness.RunAsync(Plans.Step("Generate", "accounts"), attempt: 2)).Succeeded);
        Assert.Equal("rotunda-app-1-salt-g2", (await _harness.Ledger.GetNewCredentialAsync("app-1", default))!.Label);
    }

    [Fact]
    public async Task An_old_value_that_is_not_stored_is_not_put_back()
    {
        World.Accounts["a"] = "unknown";
        await _harness.AdoptAsync("unknown", "a", "a", stored: false);
        await _harness.StartAsync(Strategy.InPlace);
        await _harness.RunAsync(Plans.Step("Generate", "accounts"));
        var apply = Plans.Step("Apply", "accounts", settings: ("account", "a"));
        Assert.True((await _harness.RunAsync(apply)).Succeeded);
        Assert.Equal(StepOutcomeKind.Rejected, (await _harness.RunAsync(apply, Plans.Undo("ReapplyOld", "accounts"))).Kind);
        Assert.Equal([CredentialState.Active, CredentialState.Pending], await _harness.StatesAsync());
    }

    [Fact]
    public async Task Evidence_is_an_unbroken_quiet_time_that_survives_restarts()
    {
        await IssuedAsync();
        var gate = Plans.Step("Evidence", settings: ("quietFor", "1h"));
        async Task<StepOutcomeKind> AskAsync(int attempt, Use use, int minutes)
        {
            _harness.Time.Advance(TimeSpan.FromMinutes(minutes));
            _harness.Restart();
            World.Use = new UseReport(use, "as reported");
            return (await _harness.RunAsync(gate, attempt: attempt)).Kind;
        }

        Assert.Equal(StepOutcomeKind.RetryLater, await AskAsync(1, Use.NotUsed, 0));
        Assert.Equal(StepOutcomeKind.RetryLater, await AskAsync(2, Use.InUse, 50));
        Assert.Equal(StepOutcomeKind.RetryLater, await AskAsync(3, Use.NotUsed, 50));
        Assert.Equal(StepOutcomeKind.RetryLater, await AskAsync(4, Use.NotUsed, 50));
        Assert.Equal(StepOutcomeKind.Done, await AskAsync(5, Use.NotUsed, 10));
    }

    [Fact]
    public async Task Evidence_believes_a_provider_that_tells_the_last_use()
    {
        await IssuedAsync();
        World.Use = new UseReport(Use.NotUsed, "two hours ago", _harness.Time.GetUtcNow().AddHours(-2));
        Assert.Equal(StepOutcomeKind.Done, (await _harness.RunAsync(Plans.Step("Evidence", settings: ("quietFor", "1h")))).Kind);
    }

    private async Task<FakeKey> AdoptKeyAsync()
    {
        var key = World.Add(null);
        await _harness.AdoptAsync(key.Value, key.Id, null);
        return key;
    }

    private async Task IssuedAsync(bool loseAnswer = false)
    {
        await AdoptKeyAsync();
        await _harness.StartAsync(Strategy.Overlap);
        World.LoseAnswerOf = loseAnswer ? 1 : 0;
        Assert.Equal(!loseAnswer, (await _harness.RunAsync(Plans.Step("Issue"))).Succeeded);
    }

    private async Task RunAllAsync(params string[] kinds)
    {
        foreach (var kind in kinds)
        {
            var outcome = await _harness.RunAsync(Plans.Step(kind));
            Assert.True(outcome.Succeeded, $"{kind}: {outcome.Reason}");
        }
    }

    private Task<StepOutcome> UndoAsync(string kind, string of) => _harness.RunAsync(Plans.Step(of), Plans.Undo(kind));
}
