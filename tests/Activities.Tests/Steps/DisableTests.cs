using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>The trial cut-off: what it disables, what it leaves alone, and the way back.</summary>
public sealed class DisableTests : IDisposable
{
    private static readonly PlannedStep Disable = Plans.Step("Disable", "listing");
    private static readonly PlannedUndo Enable = Plans.Undo("Enable", "listing");
    private readonly StepHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Nothing_is_disabled_before_the_new_credential_is_in_place()
    {
        var old = await StartAsync();
        Assert.Equal(StepOutcomeKind.Rejected, (await _harness.RunAsync(Disable)).Kind);
        await MustAsync(Plans.Step("Issue", "listing"));
        Assert.Equal(StepOutcomeKind.Rejected, (await _harness.RunAsync(Disable)).Kind);
        Assert.True(old.Works);
    }

    [Fact]
    public async Task The_old_one_stops_working_and_works_again_also_if_the_answer_was_lost()
    {
        var old = await PromotedAsync();
        _harness.World.LoseAnswerOf = _harness.World.Calls + 1;
        Assert.Equal(StepOutcomeKind.Unknown, (await _harness.RunAsync(Disable)).Kind);
        Assert.False(old.Works);
        Assert.NotNull((await _harness.Ledger.ListCredentialsAsync("app", default))[0].DisabledAt);

        await MustAsync(Disable, Enable);
        await MustAsync(Disable, Enable);
        Assert.True(old.Works);
        Assert.All(await _harness.Ledger.ListCredentialsAsync("app", default), credential => Assert.Null(credential.DisabledAt));
        Assert.Equal([CredentialState.Previous, CredentialState.Active], await _harness.StatesAsync());
    }

    [Fact]
    public async Task What_is_gone_meanwhile_cannot_be_given_back_and_says_so()
    {
        var old = await PromotedAsync();
        await MustAsync(Disable);
        old.Live = false;
        var back = await _harness.RunAsync(Disable, Enable);
        Assert.Equal((StepOutcomeKind.Rejected, "it is gone"), (back.Kind, back.Reason));
        await MustAsync(Plans.Step("Revoke", "listing"));
    }

    [Fact]
    public async Task A_provider_that_cannot_is_refused()
    {
        await PromotedAsync();
        Assert.Contains("cannot disable credentials", (await _harness.RunAsync(Plans.Step("Disable"))).Reason);
    }

    /// <summary>A plan of a release that had no step which holds: what it disables has ended for whoever uses it.</summary>
    [Fact]
    public async Task The_trial_of_an_older_plan_looks_by_itself_whether_the_old_one_may_end()
    {
        var old = await PromotedAsync();
        _harness.InForce.Catalog = null;

        var held = await _harness.RunAsync(Disable);

        Assert.Equal(StepOutcomeKind.RetryLater, held.Kind);
        Assert.True(old.Works);
    }

    private async Task<FakeKey> StartAsync()
    {
        var key = _harness.World.Add(null);
        await _harness.AdoptAsync(key.Value, key.Id, null);
        await _harness.StartAsync(Strategy.Overlap);
        return key;
    }

    private async Task<FakeKey> PromotedAsync()
    {
        var old = await StartAsync();
        await MustAsync(Plans.Step("Issue", "listing"));
        await MustAsync(Plans.Step("Promote", "listing"));
        return old;
    }

    private async Task MustAsync(PlannedStep step, PlannedUndo? undo = null)
    {
        var outcome = await _harness.RunAsync(step, undo);
        Assert.True(outcome.Succeeded, $"{outcome.Kind}: {outcome.Reason}");
    }
}
