using Rotunda.Activities.Supplied;
using Rotunda.Ledger;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>Values that people give: tried before they are delivered, and accounted for.</summary>
public sealed class SuppliedTests : SuppliedWorld
{
    private static readonly PlannedUndo s_revokeNew = Plans.Undo(StepKinds.RevokeNew, "supplied");

    [Fact]
    public async Task A_value_is_stored_as_pending_tried_and_delivered_nowhere_before()
    {
        var ask = await StartAsync("supplied");
        Assert.Equal("No value has been given yet.", (await Harness.RunAsync(ask)).Reason);

        var made = Harness.World.Add("by hand");
        Assert.Equal(IntakeKind.Taken, (await GiveAsync(made.Value)).Kind);

        Assert.Equal([CredentialState.Active, CredentialState.Pending], await Harness.StatesAsync());
        Assert.Equal("the-old-value", await Harness.CurrentValueAsync());
        Assert.Equal(StepOutcomeKind.Done, (await Harness.RunAsync(ask, attempt: 2)).Kind);
        Assert.Equal("the-old-value", Harness.World.Target);
        var rows = await Harness.Ledger.ReadRotationAsync("app-1", None);
        Assert.Equal("paula", rows.Single(row => row.Action == AuditActions.ValueProvided).Actor);
        Assert.DoesNotContain(rows, row => row.Detail?.Contains(made.Value, StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task What_its_system_refuses_is_kept_nowhere_and_another_is_taken()
    {
        var ask = await StartAsync("supplied");
        await GiveAsync("no-key-of-this-system");

        var refused = await Harness.RunAsync(ask);

        Assert.Equal(StepOutcomeKind.RetryLater, refused.Kind);
        Assert.True(refused.Facts!.ContainsKey(StepFacts.Refusal));
        Assert.DoesNotContain("no-key-of-this-system", refused.Reason);
        Assert.Equal([CredentialState.Active, CredentialState.Revoked], await Harness.StatesAsync());
        Assert.Equal(1, Harness.CountKept());
        Assert.Equal("No value has been given yet.", (await Harness.RunAsync(ask, attempt: 2)).Reason);
        Assert.Equal(IntakeKind.Taken, (await GiveAsync(Harness.World.Add("by hand").Value)).Kind);
        Assert.Equal(StepOutcomeKind.Done, (await Harness.RunAsync(ask, attempt: 3)).Kind);
    }

    [Fact]
    public async Task The_value_in_use_is_no_new_one()
    {
        var ask = await StartAsync("supplied");
        await GiveAsync("the-old-value");

        var refused = await Harness.RunAsync(ask);

        Assert.Contains("in use already", refused.Reason);
        Assert.Equal("the-old-value", await Harness.CurrentValueAsync());
    }

    [Theory]
    [InlineData("supplied", CredentialState.Orphan)]
    [InlineData("shown", CredentialState.Revoked)]
    public async Task One_that_works_and_cannot_do_what_it_has_to_is_ended_or_listed(string provider, CredentialState end)
    {
        var ask = await StartAsync(provider);
        Harness.World.Lacks = "it may not write";
        await GiveAsync(Harness.World.Add("by hand").Value);

        var refused = await Harness.RunAsync(ask);

        Assert.Contains("it may not write", refused.Reason);
        Assert.Equal([CredentialState.Active, end], await Harness.StatesAsync());
    }

    [Fact]
    public async Task One_that_cannot_be_tried_now_is_tried_again()
    {
        var ask = await StartAsync("supplied");
        Harness.World.Verdict = global::Rotunda.Providers.Contract.Validity.CannotTell;
        await GiveAsync(Harness.World.Add("by hand").Value);

        var outcome = await Harness.RunAsync(ask);

        Assert.Equal((StepOutcomeKind.RetryLater, true), (outcome.Kind, outcome.Facts!.ContainsKey(StepFacts.Given)));
        Assert.Equal([CredentialState.Active, CredentialState.Pending], await Harness.StatesAsync());
    }

    [Theory]
    [InlineData("supplied", CredentialState.Orphan)]
    [InlineData("shown", CredentialState.Revoked)]
    public async Task The_way_back_ends_it_or_lists_it(string provider, CredentialState end)
    {
        var ask = await StartAsync(provider);
        await GiveAsync(Harness.World.Add("by hand").Value);
        await Harness.RunAsync(ask);

        Assert.True((await Harness.RunAsync(ask, Plans.Undo(StepKinds.RevokeNew, provider))).Succeeded);
        Assert.True((await Harness.RunAsync(ask, Plans.Undo(StepKinds.DiscardPending, provider))).Succeeded);

        Assert.Equal([CredentialState.Active, end], await Harness.StatesAsync());
    }

    [Fact]
    public async Task The_way_back_of_a_rotation_that_got_no_value_leaves_nothing()
    {
        var ask = await StartAsync("supplied");

        Assert.True((await Harness.RunAsync(ask, s_revokeNew)).Succeeded);
        Assert.Equal([CredentialState.Active], await Harness.StatesAsync());
        Assert.Equal(1, Harness.CountKept());
    }

    [Fact]
    public async Task The_old_one_has_ended_when_it_is_refused_whoever_says_what()
    {
        var confirm = await ToTheEndAsync("supplied", "the-old-value");
        Assert.Contains("still works", (await Harness.RunAsync(confirm)).Reason);
        await SayAsync(RotationActions.RevokeConfirmed);
        Assert.Contains("still works", (await Harness.RunAsync(confirm, attempt: 2)).Reason);
        Assert.Equal([CredentialState.Revoking, CredentialState.Active], await Harness.StatesAsync());

        Harness.World.Keys[0].Live = false;
        Assert.Equal(StepOutcomeKind.Done, (await Harness.RunAsync(confirm, attempt: 3)).Kind);

        Assert.Equal([CredentialState.Revoked, CredentialState.Active], await Harness.StatesAsync());
        Assert.Equal(1, Harness.CountKept());
    }

    [Fact]
    public async Task A_person_s_word_is_taken_where_it_cannot_be_tried()
    {
        var confirm = await ToTheEndAsync("untried", "the-old-value");
        Assert.Equal(StepOutcomeKind.RetryLater, (await Harness.RunAsync(confirm)).Kind);

        await SayAsync(RotationActions.RevokeConfirmed);

        Assert.Equal(StepOutcomeKind.Done, (await Harness.RunAsync(confirm, attempt: 2)).Kind);
        Assert.Equal([CredentialState.Revoked, CredentialState.Active], await Harness.StatesAsync());
    }

    [Fact]
    public async Task What_a_person_leaves_is_listed()
    {
        var confirm = await ToTheEndAsync("supplied", "the-old-value");

        await SayAsync(RotationActions.RevokeLeft);

        Assert.Equal(StepOutcomeKind.Done, (await Harness.RunAsync(confirm)).Kind);
        Assert.Equal([CredentialState.Orphan, CredentialState.Active], await Harness.StatesAsync());
    }

    [Fact]
    public async Task Where_the_system_ends_what_it_is_shown_nobody_is_asked()
    {
        var confirm = await ToTheEndAsync("shown", "the-old-value");

        Assert.Equal(StepOutcomeKind.AlreadyDone, (await Harness.RunAsync(confirm)).Kind);
        Assert.Equal([CredentialState.Revoked, CredentialState.Active], await Harness.StatesAsync());
        Assert.False(Harness.World.Keys[0].Live);
    }
}
