using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>The end of a secret: taken away from its targets with a way back, then revoked for good.</summary>
public sealed class RetireTests : IDisposable
{
    private static readonly PlannedStep Withdraw =
        Plans.Step("Deliver", "target", "env", settings: (StepSettings.Withdraw, "true"));

    private static readonly PlannedStep Revoke = Plans.Step("Revoke", settings: (StepSettings.Retire, "true"));
    private static readonly PlannedUndo Back = Plans.Undo("Redeliver", "target", "env") with
    {
        Settings = new Dictionary<string, string> { [StepSettings.Found] = "true" },
    };

    private readonly StepHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task What_is_taken_away_comes_back_as_it_was()
    {
        await StartAsync(Strategy.Overlap);
        _harness.World.Target = "whatever stands there";
        await MustAsync(Withdraw);
        await MustAsync(Withdraw);
        Assert.Null(_harness.World.Target);
        await MustAsync(Withdraw, Back);
        Assert.Equal("whatever stands there", _harness.World.Target);
    }

    [Fact]
    public async Task The_credential_in_use_is_revoked_too_and_again_without_harm()
    {
        var key = await StartAsync(Strategy.Overlap);
        await MustAsync(Withdraw);
        await MustAsync(Revoke);
        await MustAsync(Revoke);
        await MustAsync(Plans.Step("Finish", null));
        Assert.False(key.Live);
        Assert.Equal([CredentialState.Revoked], await _harness.StatesAsync());
    }

    [Fact]
    public async Task Without_retiring_the_one_in_use_is_never_revoked()
    {
        var key = await StartAsync(Strategy.Overlap);
        Assert.Equal(StepOutcomeKind.Rejected, (await _harness.RunAsync(Plans.Step("Revoke"))).Kind);
        Assert.True(key.Live);
    }

    [Fact]
    public async Task In_place_the_account_is_locked()
    {
        await _harness.AdoptAsync("the-old-value", "app", "app");
        _harness.World.Accounts["app"] = "the-old-value";
        var revoke = Plans.Step("Revoke", "accounts", settings: (StepSettings.Retire, "true"));
        await StartAsync(Strategy.InPlace, revoke);
        await MustAsync(revoke);
        Assert.Null(_harness.World.Accounts["app"]);
        Assert.Equal([CredentialState.Revoked], await _harness.StatesAsync());
    }

    [Fact]
    public async Task What_cannot_be_revoked_stays_listed_until_a_person_hands_it_over()
    {
        await _harness.AdoptAsync("the-old-value", null, null);
        await StartAsync(Strategy.Overlap, Revoke);
        await MustAsync(Revoke);
        Assert.Equal([CredentialState.Orphan], await _harness.StatesAsync());
    }

    private async Task<FakeKey> StartAsync(Strategy strategy)
    {
        var key = _harness.World.Add(null);
        await _harness.AdoptAsync(key.Value, key.Id, null);
        await StartAsync(strategy, Withdraw, Revoke);
        return key;
    }

    private Task StartAsync(Strategy strategy, params PlannedStep[] steps) =>
        _harness.StartAsync(Plans.Plan("app", 1, Strategy.Retire, steps) with { SecretStrategy = strategy });

    private async Task MustAsync(PlannedStep step, PlannedUndo? undo = null)
    {
        var outcome = await _harness.RunAsync(step, undo);
        Assert.True(outcome.Succeeded, $"{outcome.Kind}: {outcome.Reason}");
    }
}
