using Microsoft.Extensions.DependencyInjection;
using Rotunda.Activities.Drift;
using Rotunda.Providers.References;
using Rotunda.Rotation.Catalog;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>A look from outside of any rotation: at targets, and with the value in use at the provider.</summary>
public sealed class DriftLookTests : IDisposable
{
    private readonly StepHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task A_password_that_somebody_set_outside_is_found_at_the_provider()
    {
        await _harness.AdoptAsync("the-value-in-use", "app", "app");
        _harness.World.Accounts["app"] = "the-value-in-use";
        Assert.Equal([("env", Standing.Same), (DriftFinding.AtProvider, Standing.Same)], await LookAsync("accounts", Strategy.InPlace));

        _harness.World.Accounts["app"] = "set by terraform";

        Assert.Equal([("env", Standing.Same), (DriftFinding.AtProvider, Standing.Differs)], await LookAsync("accounts", Strategy.InPlace));
    }

    [Fact]
    public async Task A_provider_that_cannot_be_asked_has_not_drifted_and_tells_no_value()
    {
        var key = _harness.World.Add(null);
        await _harness.AdoptAsync(key.Value, key.Id, null);
        _harness.World.Before = (_, _) =>
        {
            SecretScope.Current!.RegisterToken("ghs_minted-just-now");
            throw new InvalidOperationException($"down, asked with {key.Value} as ghs_minted-just-now");
        };

        Assert.Equal((DriftFinding.AtProvider, Standing.CannotTell), (await LookAsync("fake", Strategy.Overlap))[1]);

        var finding = (await _harness.Ledger.GetSecretAsync("app", default))!.Drift!.Findings[1];
        Assert.Equal("down, asked with *** as ***", finding.Detail);
    }

    [Theory]
    [InlineData(StepSettings.New, StepSettings.Old, "{0}+the-old-value")]
    [InlineData(StepSettings.New, null, "{0}")]
    public async Task In_a_grace_period_the_targets_hold_what_was_delivered_last(string primary, string? secondary, string expected)
    {
        await _harness.AdoptAsync("the-old-value", null, null);
        var generate = Plans.Step("Generate", "generated");
        (string, string)[] settings = secondary is null ? [("primary", primary)] : [("primary", primary), ("secondary", secondary)];
        var deliver = Plans.Step("Deliver", "target", "env", settings: settings);
        var promote = Plans.Step("Promote", "generated");
        await _harness.StartAsync(Strategy.DualKey, steps: [generate, deliver, promote, Plans.Step("Grace", null)]);
        foreach (var step in new[] { generate, deliver, promote })
        {
            Assert.True((await _harness.RunAsync(step)).Succeeded);
        }

        Assert.Empty(await LookAsync("generated", Strategy.DualKey));
        await _harness.Ledger.RecordStateAsync(
            new RecordInput("app-1", 1, 1, RotationState.Grace, RotationActions.GraceStarted, "rotunda", null, null), default);

        Assert.Equal([("env", Standing.Same)], await LookAsync("generated", Strategy.DualKey));
        Assert.Equal(string.Format(null, expected, await _harness.CurrentValueAsync()), _harness.World.Target);
        _harness.World.Target = "edited";
        Assert.Equal([("env", Standing.Differs)], await LookAsync("generated", Strategy.DualKey));
    }

    private async Task<IReadOnlyList<(string, Standing)>> LookAsync(string provider, Strategy strategy)
    {
        var policy = new Policy
        {
            Name = "app",
            Strategy = strategy,
            Provider = new ProviderBinding(provider, []),
            Targets = [new TargetBinding("env", new ProviderBinding("target", []), 0, TimeSpan.FromMinutes(5))],
        };
        var catalog = new RotationCatalog(new Dictionary<string, Policy> { ["app"] = policy }, "hash", "/");
        var report = await _harness.Services.GetRequiredService<DriftLook>().LookAsync(catalog, policy, default);
        return [.. (report?.Findings ?? []).Select(finding => (finding.Place, finding.Standing))];
    }
}
