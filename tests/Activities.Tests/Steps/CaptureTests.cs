using Rotunda.Activities.Tests.Providers.Aws;
using Rotunda.Providers.Stores.Aws;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>What stood at targets before a rotation: kept for its way back, and not for ever.</summary>
public sealed class CaptureTests : IAsyncLifetime
{
    private const int MoreThanTheLabelsOfOneSecret = 22;
    private static readonly PlannedStep Generate = Plans.Step("Generate", "generated");
    private FakeVendor _vendor = null!;
    private FakeSecretsManager _aws = null!;

    private IEnumerable<string> Captures => _aws.Secrets.Keys.Where(name => name.Contains("-capture-", StringComparison.Ordinal));

    public async ValueTask InitializeAsync()
    {
        _vendor = await FakeVendor.StartAsync();
        _aws = new FakeSecretsManager(_vendor);
    }

    public async ValueTask DisposeAsync()
    {
        _vendor.AssertClean();
        await _vendor.DisposeAsync();
    }

    [Fact]
    public async Task Rotations_that_are_rolled_back_time_and_again_never_fill_the_store_and_the_next_one_succeeds()
    {
        using var harness = await AdoptedAsync();
        for (var round = 1; round <= MoreThanTheLabelsOfOneSecret; round++)
        {
            await DeliveredAsync(harness, "env");
            Assert.Single(Captures);
            await BackAsync(harness);
            Assert.Equal("the-old-value", harness.World.Target);
        }

        await DeliveredAsync(harness, "env");
        await MustAsync(harness.RunAsync(Plans.Step("Promote", "generated")));
        await MustAsync(harness.RunAsync(Plans.Step("Revoke", "generated")));
        await MustAsync(harness.RunAsync(Plans.Step("Finish", null)));
        Assert.Empty(Captures);
        Assert.Equal(harness.World.Target, await harness.CurrentValueAsync());
    }

    [Fact]
    public async Task One_rotation_may_have_more_targets_than_a_secret_may_have_labels()
    {
        using var harness = await AdoptedAsync();
        await DeliveredAsync(harness, [.. Enumerable.Range(1, MoreThanTheLabelsOfOneSecret).Select(number => $"env-{number}")]);
        Assert.Equal(MoreThanTheLabelsOfOneSecret, Captures.Count());
    }

    [Fact]
    public async Task What_an_earlier_rotation_kept_is_not_worth_failing_for()
    {
        using var harness = await AdoptedAsync();
        await DeliveredAsync(harness, "env");
        await BackAsync(harness);
        await StartedAsync(harness);
        // A call to describe, when it looks for what is left.
        _aws.Refusals.Enqueue(("DescribeSecret", "AccessDeniedException"));

        await MustAsync(harness.RunAsync(Plans.Step("Deliver", "target", "env")));

        Assert.Empty(_aws.Refusals);
        Assert.Equal(2, Captures.Count());
    }

    [Fact]
    public async Task A_way_back_that_is_taken_twice_still_finds_what_stood_there()
    {
        using var harness = await AdoptedAsync();
        await DeliveredAsync(harness, "env");
        for (var time = 0; time < 2; time++)
        {
            await UndoneAsync(harness);
            Assert.Equal("the-old-value", harness.World.Target);
        }
    }

    private async Task<StepHarness> AdoptedAsync()
    {
        var harness = new StepHarness(new StepStore(
            "aws",
            new ProviderBinding(
                "aws-secrets-manager",
                new()
                {
                    ["region"] = "eu-central-1",
                    ["accessKeyId"] = FakeSecretsManager.KeyId,
                    ["secretAccessKey"] = "env:KEY",
                    ["address"] = _vendor.Address,
                }),
            () => new AwsProvider(),
            variable => variable == "KEY" ? FakeSecretsManager.Key : null)
        {
            CountKept = secret => _aws.Secrets[secret].Versions.Count(version => version.Labels.Count > 0),
        });
        await harness.AdoptAsync("the-old-value", null, null);
        return harness;
    }

    private static async Task StartedAsync(StepHarness harness)
    {
        await harness.StartAsync(Strategy.DualKey, steps: [Generate]);
        await MustAsync(harness.RunAsync(Plans.Step("Validate", "generated")));
        await MustAsync(harness.RunAsync(Generate));
    }

    private static async Task DeliveredAsync(StepHarness harness, params IReadOnlyList<string> targets)
    {
        await StartedAsync(harness);
        foreach (var target in targets)
        {
            await MustAsync(harness.RunAsync(Plans.Step("Deliver", "target", target)));
        }
    }

    private static async Task UndoneAsync(StepHarness harness)
    {
        await MustAsync(harness.RunAsync(Plans.Step("Deliver", "target", "env"), Plans.Undo("Redeliver", "target", "env")));
        await MustAsync(harness.RunAsync(Generate, Plans.Undo("DiscardPending", "generated")));
    }

    private static async Task BackAsync(StepHarness harness)
    {
        await UndoneAsync(harness);
        var plan = harness.Plan;
        await harness.Ledger.RecordStateAsync(
            new RecordInput(
                plan.RotationId,
                plan.Number,
                1,
                RotationState.RolledBack,
                RotationActions.RolledBack,
                Actors.Rotunda,
                null,
                null), default);
    }

    private static async Task MustAsync(Task<StepOutcome> step)
    {
        var outcome = await step;
        Assert.True(outcome.Succeeded, $"{outcome.Kind}: {outcome.Reason}");
    }
}
