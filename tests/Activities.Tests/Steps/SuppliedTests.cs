using Microsoft.Extensions.DependencyInjection;
using Rotunda.Activities.Supplied;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Rotation.Orchestrations;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>Values that people give: taken whatever dies meanwhile, tried before they are delivered, and accounted for.</summary>
public sealed class SuppliedTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly PlannedUndo s_revokeNew = Plans.Undo(StepKinds.RevokeNew, "supplied");
    private readonly StepHarness _harness = new();
    private int _records;

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task A_value_is_stored_as_pending_tried_and_delivered_nowhere_before()
    {
        var ask = await StartAsync("supplied");
        Assert.Equal("No value has been given yet.", (await _harness.RunAsync(ask)).Reason);

        var made = _harness.World.Add("by hand");
        Assert.Equal(IntakeKind.Taken, (await GiveAsync(made.Value)).Kind);

        Assert.Equal([CredentialState.Active, CredentialState.Pending], await _harness.StatesAsync());
        Assert.Equal("the-old-value", await _harness.CurrentValueAsync());
        Assert.Equal(StepOutcomeKind.Done, (await _harness.RunAsync(ask, attempt: 2)).Kind);
        Assert.Equal("the-old-value", _harness.World.Target);
        var rows = await _harness.Ledger.ReadRotationAsync("app-1", None);
        Assert.Equal("paula", rows.Single(row => row.Action == AuditActions.ValueProvided).Actor);
        Assert.DoesNotContain(rows, row => row.Detail?.Contains(made.Value, StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Whatever_dies_while_it_is_taken_the_same_value_given_again_is_levelled()
    {
        foreach (var point in new[] { "intake.intended", "intake.stored", "intake.recorded" })
        {
            using var harness = new StepHarness();
            var ask = await StartAsync("supplied", harness);
            var value = harness.World.Add("by hand").Value;
            harness.Crashes.Handler = hit => _ = hit == point ? throw new SimulatedCrashException(hit) : 0;
            await Assert.ThrowsAsync<SimulatedCrashException>(() => GiveAsync(value, harness));
            harness.Crashes.Handler = _ => { };
            harness.Restart();

            var again = await GiveAsync(value, harness);

            Assert.True(again.Kind is IntakeKind.Taken or IntakeKind.AlreadyTaken, point);
            Assert.Equal([CredentialState.Active, CredentialState.Pending], await harness.StatesAsync());
            Assert.Equal(2, harness.CountKept());
            Assert.Equal(StepOutcomeKind.Done, (await harness.RunAsync(ask)).Kind);
        }
    }

    [Fact]
    public async Task A_value_whose_taking_died_once_it_was_stored_is_found_by_the_rotation_itself()
    {
        var ask = await StartAsync("supplied");
        var value = _harness.World.Add("by hand").Value;
        _harness.Crashes.Handler = hit => _ = hit == "intake.stored" ? throw new SimulatedCrashException(hit) : 0;
        await Assert.ThrowsAsync<SimulatedCrashException>(() => GiveAsync(value));
        _harness.Crashes.Handler = _ => { };
        _harness.Restart();

        Assert.Equal(StepOutcomeKind.Done, (await _harness.RunAsync(ask)).Kind);
        Assert.Equal(IntakeKind.AlreadyTaken, (await GiveAsync(value)).Kind);
    }

    [Fact]
    public async Task Another_value_after_a_taking_that_died_takes_the_place_of_what_was_stored()
    {
        var ask = await StartAsync("supplied");
        _harness.Crashes.Handler = hit => _ = hit == "intake.stored" ? throw new SimulatedCrashException(hit) : 0;
        await Assert.ThrowsAsync<SimulatedCrashException>(() => GiveAsync("a-value-with-a-typing-error"));
        _harness.Crashes.Handler = _ => { };
        _harness.Restart();

        Assert.Equal(IntakeKind.Taken, (await GiveAsync(_harness.World.Add("by hand").Value)).Kind);

        Assert.Equal(2, _harness.CountKept());
        Assert.Equal(StepOutcomeKind.Done, (await _harness.RunAsync(ask)).Kind);
    }

    [Fact]
    public async Task A_value_given_twice_is_taken_once_and_another_is_not_taken_meanwhile()
    {
        await StartAsync("supplied");
        var value = _harness.World.Add("by hand").Value;

        Assert.Equal(IntakeKind.Taken, (await GiveAsync(value)).Kind);
        Assert.Equal(IntakeKind.AlreadyTaken, (await GiveAsync(value)).Kind);
        Assert.Equal(IntakeKind.Busy, (await GiveAsync("another-value-of-somebody")).Kind);
        Assert.Equal(2, _harness.CountKept());
    }

    [Fact]
    public async Task What_its_system_refuses_is_kept_nowhere_and_another_is_taken()
    {
        var ask = await StartAsync("supplied");
        await GiveAsync("no-key-of-this-system");

        var refused = await _harness.RunAsync(ask);

        Assert.Equal(StepOutcomeKind.RetryLater, refused.Kind);
        Assert.True(refused.Facts!.ContainsKey(StepFacts.Refusal));
        Assert.DoesNotContain("no-key-of-this-system", refused.Reason);
        Assert.Equal([CredentialState.Active, CredentialState.Revoked], await _harness.StatesAsync());
        Assert.Equal(1, _harness.CountKept());
        Assert.Equal("No value has been given yet.", (await _harness.RunAsync(ask, attempt: 2)).Reason);
        Assert.Equal(IntakeKind.Taken, (await GiveAsync(_harness.World.Add("by hand").Value)).Kind);
        Assert.Equal(StepOutcomeKind.Done, (await _harness.RunAsync(ask, attempt: 3)).Kind);
    }

    [Fact]
    public async Task The_value_in_use_is_no_new_one()
    {
        var ask = await StartAsync("supplied");
        await GiveAsync("the-old-value");

        var refused = await _harness.RunAsync(ask);

        Assert.Contains("in use already", refused.Reason);
        Assert.Equal("the-old-value", await _harness.CurrentValueAsync());
    }

    [Theory]
    [InlineData("supplied", CredentialState.Orphan)]
    [InlineData("shown", CredentialState.Revoked)]
    public async Task One_that_works_and_cannot_do_what_it_has_to_is_ended_or_listed(string provider, CredentialState end)
    {
        var ask = await StartAsync(provider);
        _harness.World.Lacks = "it may not write";
        await GiveAsync(_harness.World.Add("by hand").Value);

        var refused = await _harness.RunAsync(ask);

        Assert.Contains("it may not write", refused.Reason);
        Assert.Equal([CredentialState.Active, end], await _harness.StatesAsync());
    }

    [Fact]
    public async Task One_that_cannot_be_tried_now_is_tried_again()
    {
        var ask = await StartAsync("supplied");
        _harness.World.Verdict = global::Rotunda.Providers.Contract.Validity.CannotTell;
        await GiveAsync(_harness.World.Add("by hand").Value);

        var outcome = await _harness.RunAsync(ask);

        Assert.Equal((StepOutcomeKind.RetryLater, true), (outcome.Kind, outcome.Facts!.ContainsKey(StepFacts.Given)));
        Assert.Equal([CredentialState.Active, CredentialState.Pending], await _harness.StatesAsync());
    }

    [Theory]
    [InlineData("supplied", CredentialState.Orphan)]
    [InlineData("shown", CredentialState.Revoked)]
    public async Task The_way_back_ends_it_or_lists_it(string provider, CredentialState end)
    {
        var ask = await StartAsync(provider);
        await GiveAsync(_harness.World.Add("by hand").Value);
        await _harness.RunAsync(ask);

        Assert.True((await _harness.RunAsync(ask, Plans.Undo(StepKinds.RevokeNew, provider))).Succeeded);
        Assert.True((await _harness.RunAsync(ask, Plans.Undo(StepKinds.DiscardPending, provider))).Succeeded);

        Assert.Equal([CredentialState.Active, end], await _harness.StatesAsync());
    }

    [Fact]
    public async Task The_way_back_of_a_rotation_that_got_no_value_leaves_nothing()
    {
        var ask = await StartAsync("supplied");

        Assert.True((await _harness.RunAsync(ask, s_revokeNew)).Succeeded);
        Assert.Equal([CredentialState.Active], await _harness.StatesAsync());
        Assert.Equal(1, _harness.CountKept());
    }

    [Fact]
    public async Task A_value_that_comes_as_the_rotation_ends_is_not_lost()
    {
        var ask = await StartAsync("supplied");
        var value = _harness.World.Add("by hand").Value;
        _harness.Crashes.Handler = hit =>
        {
            if (hit == "intake.stored")
            {
                _harness.Crashes.Handler = _ => { };
                _harness.RunAsync(ask, s_revokeNew).GetAwaiter().GetResult();
            }
        };

        Assert.Equal(IntakeKind.NotAsked, (await GiveAsync(value)).Kind);

        Assert.Equal([CredentialState.Active, CredentialState.Revoked, CredentialState.Orphan], await _harness.StatesAsync());
        Assert.Equal(1, _harness.CountKept());
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("two lines of\na value")]
    [InlineData(" begins-with-a-blank")]
    public async Task What_does_not_look_like_it_is_not_taken(string value)
    {
        await StartAsync("supplied");

        Assert.Equal(IntakeKind.BadShape, (await GiveAsync(value)).Kind);
        Assert.Equal([CredentialState.Active], await _harness.StatesAsync());
    }

    [Fact]
    public async Task The_old_one_has_ended_when_it_is_refused_whoever_says_what()
    {
        var confirm = await ToTheEndAsync("supplied", "the-old-value");
        Assert.Contains("still works", (await _harness.RunAsync(confirm)).Reason);
        await SayAsync(RotationActions.RevokeConfirmed);
        Assert.Contains("still works", (await _harness.RunAsync(confirm, attempt: 2)).Reason);
        Assert.Equal([CredentialState.Revoking, CredentialState.Active], await _harness.StatesAsync());

        _harness.World.Keys[0].Live = false;
        Assert.Equal(StepOutcomeKind.Done, (await _harness.RunAsync(confirm, attempt: 3)).Kind);

        Assert.Equal([CredentialState.Revoked, CredentialState.Active], await _harness.StatesAsync());
        Assert.Equal(1, _harness.CountKept());
    }

    [Fact]
    public async Task A_person_s_word_is_taken_where_it_cannot_be_tried()
    {
        var confirm = await ToTheEndAsync("untried", "the-old-value");
        Assert.Equal(StepOutcomeKind.RetryLater, (await _harness.RunAsync(confirm)).Kind);

        await SayAsync(RotationActions.RevokeConfirmed);

        Assert.Equal(StepOutcomeKind.Done, (await _harness.RunAsync(confirm, attempt: 2)).Kind);
        Assert.Equal([CredentialState.Revoked, CredentialState.Active], await _harness.StatesAsync());
    }

    [Fact]
    public async Task What_a_person_leaves_is_listed()
    {
        var confirm = await ToTheEndAsync("supplied", "the-old-value");

        await SayAsync(RotationActions.RevokeLeft);

        Assert.Equal(StepOutcomeKind.Done, (await _harness.RunAsync(confirm)).Kind);
        Assert.Equal([CredentialState.Orphan, CredentialState.Active], await _harness.StatesAsync());
    }

    [Fact]
    public async Task Where_the_system_ends_what_it_is_shown_nobody_is_asked()
    {
        var confirm = await ToTheEndAsync("shown", "the-old-value");

        Assert.Equal(StepOutcomeKind.AlreadyDone, (await _harness.RunAsync(confirm)).Kind);
        Assert.Equal([CredentialState.Revoked, CredentialState.Active], await _harness.StatesAsync());
        Assert.False(_harness.World.Keys[0].Live);
    }

    private async Task<PlannedStep> StartAsync(string provider, StepHarness? harness = null)
    {
        var ask = Plans.Step(StepKinds.Ask, provider);
        await StartAsync(harness ?? _harness, ask, Plans.Step(StepKinds.Finish, null));
        return ask;
    }

    private async Task StartAsync(StepHarness harness, params PlannedStep[] steps)
    {
        await harness.AdoptAsync("the-old-value", id: null, account: null);
        await harness.StartAsync(Strategy.Supplied, steps: steps);
        await harness.Ledger.RecordStateAsync(
            new RecordInput("app-1", 1, 1, RotationState.WaitingForValue, RotationActions.ValueRequested, Actors.Rotunda, null, null), None);
        _records = 1;
    }

    /// <summary>The new value is in use, and the old one is to end.</summary>
    private async Task<PlannedStep> ToTheEndAsync(string provider, string old)
    {
        var ask = Plans.Step(StepKinds.Ask, provider);
        var promote = Plans.Step(StepKinds.Promote, provider);
        var revoke = Plans.Step(StepKinds.Revoke, provider, settings: [(StepSettings.Confirms, "true")]);
        var confirm = Plans.Step(StepKinds.ConfirmRevoked, provider);
        _harness.World.Keys.Add(new FakeKey("old", null, old));
        await StartAsync(_harness, ask, promote, revoke, confirm);
        await GiveAsync(_harness.World.Add("by hand").Value);
        foreach (var step in new[] { ask, promote, revoke })
        {
            var outcome = await _harness.RunAsync(step);
            Assert.True(outcome.Succeeded, outcome.Reason);
        }

        return confirm;
    }

    private Task SayAsync(string action) => _harness.Ledger.RecordStateAsync(
        new RecordInput("app-1", 1, ++_records, RotationState.WaitingForRevoke, action, "paula", "done", null), None);

    private async Task<IntakeResult> GiveAsync(string text, StepHarness? harness = null)
    {
        harness ??= _harness;
        using var value = SecretValue.FromText(text);
        var rotation = (await harness.Ledger.GetRotationAsync("app-1", None))!;
        return await harness.Services.GetRequiredService<ValueIntake>().TakeAsync(rotation, value, "paula", None);
    }
}
