using Rotunda.Activities.Supplied;
using Rotunda.Files;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>Values that people give are taken whole, whatever dies and whoever gives another meanwhile.</summary>
public sealed class SuppliedTakingTests : SuppliedWorld
{
    private static readonly PlannedUndo s_revokeNew = Plans.Undo(StepKinds.RevokeNew, "supplied");

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
        var value = Harness.World.Add("by hand").Value;
        Harness.Crashes.Handler = hit => _ = hit == "intake.stored" ? throw new SimulatedCrashException(hit) : 0;
        await Assert.ThrowsAsync<SimulatedCrashException>(() => GiveAsync(value));
        Harness.Crashes.Handler = _ => { };
        Harness.Restart();

        Assert.Equal(StepOutcomeKind.Done, (await Harness.RunAsync(ask)).Kind);
        Assert.Equal(IntakeKind.AlreadyTaken, (await GiveAsync(value)).Kind);
    }

    [Fact]
    public async Task Another_value_after_a_taking_that_died_takes_the_place_of_what_was_stored()
    {
        var ask = await StartAsync("supplied");
        Harness.Crashes.Handler = hit => _ = hit == "intake.stored" ? throw new SimulatedCrashException(hit) : 0;
        await Assert.ThrowsAsync<SimulatedCrashException>(() => GiveAsync("a-value-with-a-typing-error"));
        Harness.Crashes.Handler = _ => { };
        Harness.Restart();

        Assert.Equal(IntakeKind.Taken, (await GiveAsync(Harness.World.Add("by hand").Value)).Kind);

        Assert.Equal(StepOutcomeKind.Done, (await Harness.RunAsync(ask)).Kind);
        Assert.Equal(2, Harness.CountKept());
        Assert.Equal([CredentialState.Active, CredentialState.Orphan, CredentialState.Pending], await Harness.StatesAsync());
    }

    [Theory]
    [InlineData("intake.intended", true)]
    [InlineData("intake.intended", false)]
    [InlineData("intake.stored", true)]
    [InlineData("intake.stored", false)]
    public async Task Of_two_values_that_are_given_at_once_one_is_taken_whole_and_the_other_is_told(string point, bool tried)
    {
        var ask = await StartAsync("supplied");
        var (first, second) = (Harness.World.Add("by hand").Value, Harness.World.Add("by another hand").Value);
        IntakeResult? within = null;
        Harness.Crashes.Handler = hit =>
        {
            if (hit == point)
            {
                Harness.Crashes.Handler = _ => { };
                within = GiveAsync(second).GetAwaiter().GetResult();
                _ = tried ? Harness.RunAsync(ask).GetAwaiter().GetResult() : null;
            }
        };

        Assert.Equal(IntakeKind.Busy, (await GiveAsync(first)).Kind);

        Assert.Equal(IntakeKind.Taken, within!.Kind);
        Assert.Equal(StepOutcomeKind.Done, (await Harness.RunAsync(ask, attempt: 2)).Kind);
        Assert.Equal(second, await Harness.NewValueAsync());
        Assert.Equal(2, Harness.CountKept());
    }

    [Theory]
    [InlineData("intake.intended")]
    [InlineData("intake.stored")]
    public async Task One_value_that_is_sent_twice_at_once_is_kept_once(string point)
    {
        var ask = await StartAsync("supplied");
        var value = Harness.World.Add("by hand").Value;
        Harness.Crashes.Handler = hit =>
        {
            if (hit == point)
            {
                Harness.Crashes.Handler = _ => { };
                Assert.Equal(IntakeKind.Taken, GiveAsync(value).GetAwaiter().GetResult().Kind);
            }
        };

        Assert.True((await GiveAsync(value)).Kind is IntakeKind.Taken or IntakeKind.AlreadyTaken);

        Assert.Equal(StepOutcomeKind.Done, (await Harness.RunAsync(ask)).Kind);
        Assert.Equal(value, await Harness.NewValueAsync());
        Assert.Equal(2, Harness.CountKept());
    }

    [Fact]
    public async Task What_the_rotation_finds_of_a_taking_that_goes_on_is_the_same_value()
    {
        var ask = await StartAsync("supplied");
        var value = Harness.World.Add("by hand").Value;
        Harness.Crashes.Handler = hit =>
        {
            if (hit == "intake.stored")
            {
                Harness.Crashes.Handler = _ => { };
                Assert.Equal(StepOutcomeKind.Done, Harness.RunAsync(ask).GetAwaiter().GetResult().Kind);
            }
        };

        Assert.True((await GiveAsync(value)).Kind is IntakeKind.Taken or IntakeKind.AlreadyTaken);

        Assert.Equal(value, await Harness.NewValueAsync());
        Assert.Equal(2, Harness.CountKept());
    }

    [Fact]
    public async Task A_value_given_twice_is_taken_once_and_another_is_not_taken_meanwhile()
    {
        await StartAsync("supplied");
        var value = Harness.World.Add("by hand").Value;

        Assert.Equal(IntakeKind.Taken, (await GiveAsync(value)).Kind);
        Assert.Equal(IntakeKind.AlreadyTaken, (await GiveAsync(value)).Kind);
        Assert.Equal(IntakeKind.Busy, (await GiveAsync("another-value-of-somebody")).Kind);
        Assert.Equal(2, Harness.CountKept());
    }

    [Theory]
    [InlineData("intake.intended")]
    [InlineData("intake.stored")]
    public async Task What_was_given_to_a_server_that_died_is_listed_by_the_way_back(string point)
    {
        var ask = await StartAsync("supplied");
        Harness.Crashes.Handler = hit => _ = hit == point ? throw new SimulatedCrashException(hit) : 0;
        await Assert.ThrowsAsync<SimulatedCrashException>(() => GiveAsync(Harness.World.Add("by hand").Value));
        Harness.Crashes.Handler = _ => { };
        Harness.Restart();

        Assert.True((await Harness.RunAsync(ask, s_revokeNew)).Succeeded);
        Assert.True((await Harness.RunAsync(ask, Plans.Undo(StepKinds.DiscardPending, "supplied"))).Succeeded);

        Assert.Equal([CredentialState.Active, CredentialState.Orphan], await Harness.StatesAsync());
        Assert.Equal(1, Harness.CountKept());
    }

    [Fact]
    public async Task What_was_given_to_a_server_that_died_is_ended_by_the_emergency_that_takes_over()
    {
        await StartAsync("supplied");
        Harness.Crashes.Handler = hit => _ = hit == "intake.stored" ? throw new SimulatedCrashException(hit) : 0;
        await Assert.ThrowsAsync<SimulatedCrashException>(() => GiveAsync(Harness.World.Add("by hand").Value));
        Harness.Crashes.Handler = _ => { };
        Harness.Restart();
        var revoke = Plans.Step(StepKinds.Revoke, "supplied", settings: [(StepSettings.Confirms, "true")]);
        await Harness.StartAsync(Strategy.Supplied, supersede: true, revoke);
        var fresh = await Harness.Ledger.BeginGivenAsync("app-2", "another", None);
        await Harness.Ledger.RecordMintedAsync(fresh.Id, null, null, "another", new SecretRef("embedded", "app", "9"), None);
        await Harness.Ledger.PromoteAsync("app-2", None);

        var outcome = await Harness.RunAsync(revoke);

        Assert.True(outcome.Succeeded, outcome.Reason);
        Assert.Equal([CredentialState.Revoking, CredentialState.Revoking, CredentialState.Active], await Harness.StatesAsync());
    }

    [Fact]
    public async Task A_value_that_comes_as_the_rotation_ends_is_not_lost()
    {
        var ask = await StartAsync("supplied");
        var value = Harness.World.Add("by hand").Value;
        Harness.Crashes.Handler = hit =>
        {
            if (hit == "intake.stored")
            {
                Harness.Crashes.Handler = _ => { };
                Harness.RunAsync(ask, s_revokeNew).GetAwaiter().GetResult();
            }
        };

        Assert.Equal(IntakeKind.NotAsked, (await GiveAsync(value)).Kind);

        Assert.Equal([CredentialState.Active, CredentialState.Orphan], await Harness.StatesAsync());
        Assert.Equal(1, Harness.CountKept());
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
        Assert.Equal([CredentialState.Active], await Harness.StatesAsync());
    }
}
