using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>A consumer that is down before anything was changed.</summary>
public sealed class DownConsumerTests : IDisposable
{
    private const string Why = "http://app-1:8080 could not be reached.";
    private static readonly PlannedStep Look = Plans.Step(StepKinds.Validate, "target", "app");
    private static readonly PlannedStep LookAndProceed =
        Plans.Step(StepKinds.Validate, "target", "app", null, (StepSettings.WhenDown, StepSettings.Proceed));

    private static readonly PlannedStep Restart = Plans.Step(StepKinds.RestartConsumers, "target", "app");
    private static readonly PlannedStep Check = Plans.Step(StepKinds.VerifyConsumers, "target", "app", null, ("primary", "old"));
    private readonly StepHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task It_is_looked_at_once_more_and_then_the_rotation_is_refused_with_its_name()
    {
        await StartAsync(down: true);
        var first = await _harness.RunAsync(Look);
        Assert.Equal((StepOutcomeKind.RetryLater, Why), (first.Kind, first.Reason));

        var second = await _harness.RunAsync(Look, attempt: 2);
        Assert.Equal(StepOutcomeKind.Rejected, second.Kind);
        Assert.Contains($"The consumer app is down, before anything was changed: {Why}", second.Reason);
        Assert.Contains("whenDown: proceed", second.Reason);
    }

    [Fact]
    public async Task One_that_was_only_restarting_is_no_hindrance()
    {
        await StartAsync(down: true);
        Assert.Equal(StepOutcomeKind.RetryLater, (await _harness.RunAsync(Look)).Kind);
        _harness.World.Down = null;
        Assert.True((await _harness.RunAsync(Look, attempt: 2)).Succeeded);
    }

    [Theory]
    [InlineData(StepOutcomeKind.RetryLater)]
    [InlineData(StepOutcomeKind.Unknown)]
    public async Task Where_the_policy_goes_on_it_is_waited_for_neither_on_the_way_there_nor_back(StepOutcomeKind failure)
    {
        await StartAsync(down: true);
        Assert.Equal(Why, (await _harness.RunAsync(LookAndProceed)).Facts![StepFacts.Down]);
        _harness.World.Refuse = _ => new StepOutcome(failure, "no answer");
        foreach (var step in new[] { Restart, Check })
        {
            var there = await _harness.RunAsync(step);
            var back = await _harness.RunAsync(step, Plans.Undo(step.Kind, "target", "app") with { Settings = step.Settings });
            foreach (var outcome in new[] { there, back })
            {
                Assert.True(outcome.Succeeded, outcome.Reason);
                Assert.Contains("not waited for: no answer", outcome.Facts![StepFacts.Down]);
            }
        }
    }

    [Fact]
    public async Task One_that_came_back_is_heard_again()
    {
        await StartAsync(down: true);
        Assert.True((await _harness.RunAsync(LookAndProceed)).Succeeded);
        _harness.World.Refuse = _ => StepOutcome.Rejected("cannot work with the value");
        Assert.Equal(StepOutcomeKind.Rejected, (await _harness.RunAsync(Check)).Kind);

        _harness.World.Down = null;
        _harness.World.Refuse = _ => StepOutcome.RetryLater("has the old value");
        Assert.Equal(StepOutcomeKind.RetryLater, (await _harness.RunAsync(Check, attempt: 2)).Kind);
    }

    [Fact]
    public async Task One_that_was_up_before_the_start_is_waited_for()
    {
        await StartAsync(down: false);
        Assert.True((await _harness.RunAsync(LookAndProceed)).Succeeded);
        _harness.World.Down = Why;
        _harness.World.Refuse = _ => StepOutcome.RetryLater("no answer");
        Assert.Equal(StepOutcomeKind.RetryLater, (await _harness.RunAsync(Restart)).Kind);
        var back = Plans.Undo(StepKinds.VerifyConsumers, "target", "app") with { Settings = Check.Settings };
        Assert.Equal(StepOutcomeKind.RetryLater, (await _harness.RunAsync(Check, back)).Kind);
    }

    private async Task StartAsync(bool down)
    {
        await _harness.AdoptAsync("old-value-1234", "key-0", null);
        await _harness.StartAsync(Strategy.Overlap, false, Look, Restart, Check);
        _harness.World.Down = down ? Why : null;
    }
}
