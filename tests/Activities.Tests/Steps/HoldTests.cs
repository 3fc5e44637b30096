using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Rotunda.Activities.Clocks;
using Rotunda.Rotation.Catalog;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>The last look before the old credential ends: at the targets of the catalog in force, which the frozen plan may not
/// know, and at the clock.</summary>
public sealed class HoldTests : IDisposable
{
    private readonly StepHarness _harness = new();
    private readonly PlannedStep _hold = Plans.Step("Hold", provider: null);
    private readonly PlannedStep _revoke = Plans.Step("Revoke");

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task A_target_that_was_moved_since_the_plan_holds_the_revoke_until_it_has_the_value()
    {
        await PromotedAsync();
        _harness.InForce.Catalog = Catalog("/srv/moved.env");
        _harness.World.Target = "the-old-value";

        var held = await _harness.RunAsync(_hold);

        Assert.Equal(StepOutcomeKind.RetryLater, held.Kind);
        Assert.Contains("env of the catalog in force never got the new value (not there)", held.Reason);
        Assert.Contains("rotunda deliver app", held.Reason);

        // Whoever brings it there, a person or a deliver run.
        _harness.World.Target = await _harness.CurrentValueAsync();
        Assert.True((await _harness.RunAsync(_hold, attempt: 2)).Succeeded);
    }

    [Fact]
    public async Task What_the_plan_delivers_to_is_not_looked_at_again()
    {
        await PromotedAsync();
        _harness.InForce.Catalog = Catalog(null);
        _harness.World.Target = "drifted, which is told elsewhere";

        Assert.True((await _harness.RunAsync(_hold)).Succeeded);
    }

    [Fact]
    public async Task A_target_that_cannot_be_looked_at_holds_it_too_and_no_value_is_told()
    {
        await PromotedAsync();
        _harness.InForce.Catalog = Catalog("/srv/moved.env", type: "none-such");

        var held = await _harness.RunAsync(_hold);

        Assert.Equal(StepOutcomeKind.RetryLater, held.Kind);
        Assert.DoesNotContain(await _harness.CurrentValueAsync(), held.Reason);
    }

    [Fact]
    public async Task An_emergency_goes_on_and_what_it_passed_over_is_on_record()
    {
        await PromotedAsync();
        _harness.InForce.Catalog = Catalog("/srv/moved.env");
        _harness.World.Target = null;
        var look = Plans.Step("Hold", provider: null, settings: (StepSettings.OnHold, StepSettings.Proceed));

        var outcome = await _harness.RunAsync(look);

        Assert.True(outcome.Succeeded);
        Assert.Contains("env of the catalog in force never got the new value", outcome.Facts!["passedOver"]);
    }

    [Fact]
    public async Task Without_a_catalog_nothing_is_revoked()
    {
        await PromotedAsync();
        _harness.InForce.Catalog = null;

        Assert.Equal(StepOutcomeKind.RetryLater, (await _harness.RunAsync(_hold)).Kind);
    }

    /// <summary>Plans of earlier releases are under way for weeks, and have no step that holds.</summary>
    [Fact]
    public async Task The_revoke_of_an_older_plan_looks_by_itself()
    {
        await PromotedAsync();
        _harness.InForce.Catalog = Catalog("/srv/moved.env");
        _harness.World.Target = "the-old-value";

        Assert.Equal(StepOutcomeKind.RetryLater, (await _harness.RunAsync(_revoke)).Kind);
        Assert.All(_harness.World.Keys, key => Assert.True(key.Live));

        _harness.World.Target = await _harness.CurrentValueAsync();
        Assert.True((await _harness.RunAsync(_revoke, attempt: 2)).Succeeded);
        Assert.False(_harness.World.Keys[0].Live);
    }

    /// <summary>With dual keys the old one ends where the last delivery takes it away from whoever checks it, before any revoke.</summary>
    [Fact]
    public async Task The_delivery_of_an_older_plan_that_takes_the_old_key_away_looks_by_itself()
    {
        await _harness.AdoptAsync("the-old-value", null, null);
        var generate = Plans.Step("Generate", "generated");
        var both = Deliver(StepSettings.New, StepSettings.Old);
        var promote = Plans.Step("Promote", "generated");
        var last = Deliver(StepSettings.New, null);
        await _harness.StartAsync(Strategy.DualKey, steps: [generate, both, promote, last]);
        await AllAsync(generate, both, promote);
        var before = _harness.World.Target;
        _harness.InForce.Catalog = Catalog("/srv/added.env", type: "none-such");

        var held = await _harness.RunAsync(last);

        Assert.Equal(StepOutcomeKind.RetryLater, held.Kind);
        Assert.Contains("The revoke is held", held.Reason);
        Assert.Equal(before, _harness.World.Target);

        _harness.InForce.Catalog = Catalog(null);
        Assert.True((await _harness.RunAsync(last, attempt: 2)).Succeeded);
        Assert.Equal(await _harness.CurrentValueAsync(), _harness.World.Target);
    }

    /// <summary>The deliver run that takes the held rotation over does the rest of it.</summary>
    [Fact]
    public async Task The_run_that_takes_over_revokes_what_was_in_use_before()
    {
        await PromotedAsync();
        var deliver = Plans.Step("Deliver", "target", "moved", settings: (StepSettings.Primary, StepSettings.Old));
        var revoke = Plans.Step("Revoke", settings: (StepSettings.Others, "true"));
        var snapshot = (await _harness.Ledger.GetSnapshotAsync("app", default))!;
        await _harness.StartAsync(
            Plans.Plan("app", snapshot.NextNumber, Strategy.Deliver, deliver, revoke) with { SecretStrategy = Strategy.Overlap },
            supersede: true);

        Assert.True((await _harness.RunAsync(deliver)).Succeeded);
        Assert.Equal(await _harness.CurrentValueAsync(), _harness.World.Target);
        Assert.True((await _harness.RunAsync(revoke)).Succeeded);

        Assert.Equal([false, true], _harness.World.Keys.Select(key => key.Live));
        Assert.Equal([CredentialState.Revoked, CredentialState.Active], await _harness.StatesAsync());
    }

    /// <summary>With dual keys both stand at the new target, as tokens of the one before still live.</summary>
    [Fact]
    public async Task The_run_that_takes_over_delivers_the_one_before_beside_the_value_in_use()
    {
        await _harness.AdoptAsync("the-old-value", null, null);
        var generate = Plans.Step("Generate", "generated");
        var promote = Plans.Step("Promote", "generated");
        await _harness.StartAsync(Strategy.DualKey, steps: [generate, promote]);
        await AllAsync(generate, promote);
        var deliver = Plans.Step(
            "Deliver",
            "target",
            "moved",
            settings: [(StepSettings.Primary, StepSettings.Old), (StepSettings.Secondary, StepSettings.Previous)]);
        await _harness.StartAsync(
            Plans.Plan("app", 2, Strategy.Deliver, deliver) with { SecretStrategy = Strategy.DualKey }, supersede: true);

        await AllAsync(deliver);

        Assert.Equal($"{await _harness.CurrentValueAsync()}+the-old-value", _harness.World.Target);
    }

    /// <summary>The input of the issue: a two-hour grace, and a clock that is set three hours ahead.</summary>
    [Fact]
    public async Task A_clock_that_jumps_over_the_grace_period_ends_nothing()
    {
        await PromotedAsync();
        _harness.InForce.Catalog = Catalog(null);
        var watch = _harness.Services.GetRequiredService<ClockWatch>();
        await watch.LookAsync(default);
        await GraceAsync(RotationActions.GraceStarted, 1, _harness.Time.GetUtcNow().AddHours(2));
        _harness.SystemClock.Says = false;
        _harness.Time.Jump(_harness.Time.GetUtcNow().AddHours(3));
        await GraceAsync(RotationActions.GraceEnded, 2, null);

        var held = await _harness.RunAsync(_hold);
        Assert.Equal(StepOutcomeKind.RetryLater, held.Kind);
        Assert.Contains("the clock jumped ahead by 3h", held.Reason);
        Assert.Contains("rotunda clock confirm", held.Reason);

        // The time is believed, and yet it has not passed.
        _harness.SystemClock.Says = true;
        held = await _harness.RunAsync(_hold, attempt: 2);
        Assert.Contains("the grace period is not over", held.Reason);
        _harness.Time.Advance(TimeSpan.FromMinutes(119));
        Assert.False((await _harness.RunAsync(_hold, attempt: 3)).Succeeded);
        _harness.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await _harness.RunAsync(_hold, attempt: 4)).Succeeded);
    }

    /// <summary>It jumped back before the grace period began, which nobody had noticed yet, and is set right in it.</summary>
    [Fact]
    public async Task A_jump_from_before_the_grace_period_does_not_make_up_for_one_in_it()
    {
        await PromotedAsync();
        _harness.InForce.Catalog = Catalog(null);
        var watch = _harness.Services.GetRequiredService<ClockWatch>();
        await watch.LookAsync(default);
        _harness.Time.Jump(_harness.Time.GetUtcNow().AddHours(-3));
        var start = Plans.Plan("app", 1);
        await _harness.Runner.RecordAsync(
            new RecordInput(
                start.RotationId, 1, 1, RotationState.Grace, RotationActions.GraceStarted, "rotunda", null,
                _harness.Time.GetUtcNow().AddHours(4)),
            default);
        await watch.LookAsync(default);
        _harness.Time.Advance(TimeSpan.FromHours(1));
        _harness.Time.Jump(_harness.Time.GetUtcNow().AddHours(3));
        await watch.LookAsync(default);

        Assert.Contains("the grace period is not over", (await _harness.RunAsync(_hold)).Reason);
        _harness.Time.Advance(TimeSpan.FromHours(3));
        Assert.True((await _harness.RunAsync(_hold, attempt: 2)).Succeeded);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_again_leaves_the_grace_period_as_it_was()
    {
        await PromotedAsync();
        _harness.InForce.Catalog = Catalog(null);
        var watch = _harness.Services.GetRequiredService<ClockWatch>();
        await watch.LookAsync(default);
        await GraceAsync(RotationActions.GraceStarted, 1, _harness.Time.GetUtcNow().AddHours(2));
        _harness.Time.Jump(_harness.Time.GetUtcNow().AddHours(3));
        await watch.LookAsync(default);
        _harness.Time.Jump(_harness.Time.GetUtcNow().AddHours(-3));

        Assert.Contains("the grace period is not over", (await _harness.RunAsync(_hold)).Reason);
        _harness.Time.Advance(TimeSpan.FromHours(2));
        Assert.True((await _harness.RunAsync(_hold, attempt: 2)).Succeeded);
    }

    [Fact]
    public async Task A_grace_period_that_a_person_skipped_is_not_waited_for()
    {
        await PromotedAsync();
        _harness.InForce.Catalog = Catalog(null);
        await GraceAsync(RotationActions.GraceStarted, 1, _harness.Time.GetUtcNow().AddHours(2));
        await GraceAsync(RotationActions.GraceSkipped, 2, null);

        Assert.True((await _harness.RunAsync(_hold)).Succeeded);
    }

    private Task GraceAsync(string action, int sequence, DateTimeOffset? until) => _harness.Ledger.RecordStateAsync(
        new RecordInput("app-1", 1, sequence, RotationState.Grace, action, "rotunda", null, until), default);

    /// <summary>A rotation up to its grace period: the new key is in use, the old one lives.</summary>
    private async Task PromotedAsync()
    {
        var old = _harness.World.Add(null);
        await _harness.AdoptAsync(old.Value, old.Id, null);
        var issue = Plans.Step("Issue");
        var deliver = Plans.Step("Deliver", "target", "env");
        var promote = Plans.Step("Promote");
        await _harness.StartAsync(Strategy.Overlap, steps: [issue, deliver, promote, _hold, _revoke]);
        await AllAsync(issue, deliver, promote);
    }

    private static PlannedStep Deliver(string primary, string? secondary) => Plans.Step(
        "Deliver", "target", "env",
        settings: secondary is null
            ? [(StepSettings.Primary, primary)]
            : [(StepSettings.Primary, primary), (StepSettings.Secondary, secondary)]);

    private async Task AllAsync(params PlannedStep[] steps)
    {
        foreach (var step in steps)
        {
            Assert.True((await _harness.RunAsync(step)).Succeeded, step.Id);
        }
    }

    private static RotationCatalog Catalog(string? movedTo, string type = "target")
    {
        var settings = movedTo is null ? new JsonObject() : new JsonObject { ["path"] = movedTo };
        var policy = new Policy
        {
            Name = "app",
            Strategy = Strategy.Overlap,
            Provider = new ProviderBinding("fake", []),
            Targets = [new TargetBinding("env", new ProviderBinding(type, settings), 0, TimeSpan.FromMinutes(5))],
        };
        return new RotationCatalog(new Dictionary<string, Policy> { ["app"] = policy }, "hash", "/");
    }
}
