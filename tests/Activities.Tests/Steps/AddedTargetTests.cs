using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>
/// A target that the catalog got after the plan was frozen, and that a person has filled: neither the way there nor the way back locks out
/// whoever reads it. The world's one target stands for it. What holds the revoke for such a target: <see cref="HoldTests"/>.
/// </summary>
public sealed class AddedTargetTests : IDisposable
{
    private const string Old = "the-old-value";
    private readonly StepHarness _harness = new();
    private readonly PlannedStep _issue = Plans.Step("Issue");
    private readonly PlannedStep _generate = Plans.Step("Generate", "generated");
    private readonly PlannedStep _both = Deliver("deliver-1", StepSettings.Old, StepSettings.New);
    private readonly PlannedStep _use = Deliver("deliver-2", StepSettings.New, StepSettings.Old);
    private readonly PlannedUndo _revokeNew = Plans.Undo("RevokeNew");
    private readonly PlannedUndo _unpromote = Plans.Undo("Unpromote");

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task The_new_credential_is_not_taken_back_while_an_added_target_has_it()
    {
        var promote = await IssuedAsync();
        Assert.True((await _harness.RunAsync(promote, _unpromote)).Succeeded);
        var value = _harness.World.Target = await _harness.NewValueAsync();

        var held = await _harness.RunAsync(_issue, _revokeNew);

        Assert.Equal(StepOutcomeKind.RetryLater, held.Kind);
        Assert.Contains("the target added, which the catalog got since, has the new value", held.Reason);
        Assert.DoesNotContain(value, held.Reason);
        Assert.All(_harness.World.Keys, key => Assert.True(key.Live));

        _harness.World.Target = _harness.World.Keys[0].Value;
        Assert.True((await _harness.RunAsync(_issue, _revokeNew, attempt: 2)).Succeeded);
        Assert.Equal([true, false], _harness.World.Keys.Select(key => key.Live));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("filled with something else")]
    public async Task It_is_taken_back_where_the_added_target_never_got_it(string? there)
    {
        var promote = await IssuedAsync();
        await _harness.RunAsync(promote, _unpromote);
        _harness.World.Target = there;

        Assert.True((await _harness.RunAsync(_issue, _revokeNew)).Succeeded);
        Assert.Equal([true, false], _harness.World.Keys.Select(key => key.Live));
    }

    [Fact]
    public async Task A_target_that_cannot_be_read_holds_it_once_the_new_value_was_in_use()
    {
        var promote = await IssuedAsync(type: "none-such");
        await _harness.RunAsync(promote, _unpromote);

        Assert.Equal(StepOutcomeKind.RetryLater, (await _harness.RunAsync(_issue, _revokeNew)).Kind);

        // Taken out of the catalog meanwhile.
        _harness.InForce.Catalog = Catalog(Strategy.Overlap, added: null);
        Assert.True((await _harness.RunAsync(_issue, _revokeNew, attempt: 2)).Succeeded);
    }

    [Fact]
    public async Task What_never_left_the_store_is_taken_back_at_once()
    {
        var old = _harness.World.Add(null);
        await _harness.AdoptAsync(old.Value, old.Id, null);
        await _harness.StartAsync(Strategy.Overlap, steps: [_issue]);
        Assert.True((await _harness.RunAsync(_issue)).Succeeded);
        _harness.InForce.Catalog = null;

        Assert.True((await _harness.RunAsync(_issue, _revokeNew)).Succeeded);
    }

    /// <summary>Two keys: the one that is used has to be accepted everywhere, on the way back as well.</summary>
    [Fact]
    public async Task With_two_keys_the_way_back_waits_for_an_added_target_that_uses_the_new_one()
    {
        await UsedAsync();
        var value = await _harness.NewValueAsync();
        var useOld = Redeliver(StepSettings.Old, StepSettings.New);
        var dropNew = Redeliver(StepSettings.Old, null);

        _harness.World.Target = value;
        Assert.Equal(StepOutcomeKind.RetryLater, (await _harness.RunAsync(_use, useOld)).Kind);
        Assert.Equal(value, _harness.World.Target);

        _harness.World.Target = $"{value}+{Old}";
        Assert.True((await _harness.RunAsync(_use, useOld, attempt: 2)).Succeeded);

        _harness.World.Target = $"{value}+{Old}";
        var held = await _harness.RunAsync(_both, dropNew);
        Assert.Equal(StepOutcomeKind.RetryLater, held.Kind);
        Assert.Contains("added", held.Reason);

        _harness.World.Target = $"{Old}+{value}";
        Assert.True((await _harness.RunAsync(_both, dropNew, attempt: 2)).Succeeded);
        Assert.Equal(Old, _harness.World.Target);
    }

    [Fact]
    public async Task With_two_keys_the_new_one_is_not_used_before_an_added_target_accepts_it()
    {
        await AnnouncedAsync();
        _harness.World.Target = Old;

        var refused = await _harness.RunAsync(_use);

        Assert.Equal(StepOutcomeKind.Rejected, refused.Kind);
        Assert.Contains("The catalog got added after this rotation was planned", refused.Reason);
        Assert.Contains("rotunda rotate app", refused.Reason);
        Assert.Equal(Old, _harness.World.Target);

        var value = await _harness.NewValueAsync();
        _harness.World.Target = $"{Old}+{value}";
        Assert.True((await _harness.RunAsync(_use, attempt: 2)).Succeeded);
        Assert.Equal($"{value}+{Old}", _harness.World.Target);
    }

    /// <summary>Refused would mean that nothing was done.</summary>
    [Fact]
    public async Task A_delivery_whose_answer_was_lost_is_not_refused()
    {
        await AnnouncedAsync();
        var catalog = _harness.InForce.Catalog;
        _harness.InForce.Catalog = Catalog(Strategy.DualKey, added: null);
        _harness.World.LoseAnswerOf = _harness.World.Calls + 1;
        Assert.Equal(StepOutcomeKind.Unknown, (await _harness.RunAsync(_use)).Kind);
        _harness.InForce.Catalog = catalog;
        _harness.World.Target = Old;

        Assert.True((await _harness.RunAsync(_use, attempt: 2)).Succeeded);
    }

    [Fact]
    public async Task With_one_value_at_a_time_it_is_not_replaced_while_an_added_target_has_the_old_one()
    {
        await _harness.AdoptAsync(Old, "a", "a");
        _harness.World.Accounts["a"] = Old;
        var apply = Plans.Step("Apply", "accounts", settings: (StepSettings.Account, "a"));
        await _harness.StartAsync(Strategy.InPlace, steps: [_generate, apply]);
        Assert.True((await _harness.RunAsync(_generate)).Succeeded);
        _harness.InForce.Catalog = Catalog(Strategy.InPlace, "target");

        Assert.Equal(StepOutcomeKind.Rejected, (await _harness.RunAsync(apply)).Kind);
        Assert.Equal(Old, _harness.World.Accounts["a"]);

        // Nobody has filled it yet, so nobody reads it.
        _harness.World.Target = null;
        Assert.True((await _harness.RunAsync(apply, attempt: 2)).Succeeded);
        Assert.NotEqual(Old, _harness.World.Accounts["a"]);
    }

    /// <summary>A rotation whose new key was in use, and the catalog that got a target since.</summary>
    private async Task<PlannedStep> IssuedAsync(string type = "target")
    {
        var old = _harness.World.Add(null);
        await _harness.AdoptAsync(old.Value, old.Id, null);
        var deliver = Plans.Step("Deliver", "target", "env");
        var promote = Plans.Step("Promote");
        await _harness.StartAsync(Strategy.Overlap, steps: [_issue, deliver, promote]);
        await AllAsync(_issue, deliver, promote);
        _harness.InForce.Catalog = Catalog(Strategy.Overlap, type);
        return promote;
    }

    private async Task AnnouncedAsync()
    {
        await _harness.AdoptAsync(Old, null, null);
        await _harness.StartAsync(Strategy.DualKey, steps: [_generate, _both, _use]);
        await AllAsync(_generate, _both);
        _harness.InForce.Catalog = Catalog(Strategy.DualKey, "target");
    }

    private async Task UsedAsync()
    {
        await AnnouncedAsync();
        var catalog = _harness.InForce.Catalog;
        _harness.InForce.Catalog = Catalog(Strategy.DualKey, added: null);
        await AllAsync(_use);
        _harness.InForce.Catalog = catalog;
    }

    private async Task AllAsync(params PlannedStep[] steps)
    {
        foreach (var step in steps)
        {
            Assert.True((await _harness.RunAsync(step)).Succeeded, step.Id);
        }
    }

    private static PlannedStep Deliver(string id, string primary, string secondary) => Plans.Step(
        "Deliver", "target", "env", id, (StepSettings.Primary, primary), (StepSettings.Secondary, secondary));

    private static PlannedUndo Redeliver(string primary, string? secondary) => Plans.Undo("Redeliver", "target", "env") with
    {
        Settings = secondary is null
            ? new Dictionary<string, string> { [StepSettings.Primary] = primary }
            : new Dictionary<string, string> { [StepSettings.Primary] = primary, [StepSettings.Secondary] = secondary },
    };

    /// <param name="added">The type of the target that it got; null for none.</param>
    private static RotationCatalog Catalog(Strategy strategy, string? added)
    {
        var known = new TargetBinding("env", new ProviderBinding("target", []), 0, TimeSpan.FromMinutes(5));
        var policy = new Policy
        {
            Name = "app",
            Strategy = strategy,
            Provider = new ProviderBinding("fake", []),
            Targets = added is null
                ? [known]
                : [known, known with { Name = "added", Provider = new ProviderBinding(added, new JsonObject { ["path"] = "/srv/added" }) }],
        };
        return new RotationCatalog(new Dictionary<string, Policy> { ["app"] = policy }, "hash", "/");
    }
}
