using Microsoft.Extensions.DependencyInjection;
using Rotunda.Activities.Supplied;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>A secret whose values people give.</summary>
public abstract class SuppliedWorld : IDisposable
{
    protected static readonly CancellationToken None = CancellationToken.None;
    private int _records;

    internal StepHarness Harness { get; } = new();

    public void Dispose()
    {
        Harness.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected async Task<PlannedStep> StartAsync(string provider, StepHarness? harness = null)
    {
        var ask = Plans.Step(StepKinds.Ask, provider);
        await StartAsync(harness ?? Harness, ask, Plans.Step(StepKinds.Finish, null));
        return ask;
    }

    private async Task StartAsync(StepHarness harness, params PlannedStep[] steps)
    {
        await harness.AdoptAsync("the-old-value", id: null, account: null);
        await harness.StartAsync(Strategy.Supplied, steps: steps);
        await harness.Ledger.RecordStateAsync(
            new RecordInput("app-1", 1, 1, RotationState.WaitingForValue, RotationActions.ValueRequested, Actors.Rotunda, null, null),
            None);
        _records = 1;
    }

    /// <summary>The new value is in use, and the old one is to end.</summary>
    protected async Task<PlannedStep> ToTheEndAsync(string provider, string old)
    {
        var ask = Plans.Step(StepKinds.Ask, provider);
        var promote = Plans.Step(StepKinds.Promote, provider);
        var revoke = Plans.Step(StepKinds.Revoke, provider, settings: [(StepSettings.Confirms, "true")]);
        var confirm = Plans.Step(StepKinds.ConfirmRevoked, provider);
        Harness.World.Keys.Add(new FakeKey("old", null, old));
        await StartAsync(Harness, ask, promote, revoke, confirm);
        await GiveAsync(Harness.World.Add("by hand").Value);
        foreach (var step in new[] { ask, promote, revoke })
        {
            var outcome = await Harness.RunAsync(step);
            Assert.True(outcome.Succeeded, outcome.Reason);
        }

        return confirm;
    }

    protected Task SayAsync(string action) => Harness.Ledger.RecordStateAsync(
        new RecordInput("app-1", 1, ++_records, RotationState.WaitingForRevoke, action, "paula", "done", null), None);

    private protected async Task<IntakeResult> GiveAsync(string text, StepHarness? harness = null)
    {
        harness ??= Harness;
        using var value = SecretValue.FromText(text);
        var rotation = (await harness.Ledger.GetRotationAsync("app-1", None))!;
        return await harness.Services.GetRequiredService<ValueIntake>().TakeAsync(rotation, value, "paula", None);
    }
}
