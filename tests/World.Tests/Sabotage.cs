using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.World.Tests;

/// <summary>Breaks one rule of the product on purpose, so that a test can see that the world tells. None by default.</summary>
internal sealed class Sabotage
{
    public static Sabotage None { get; } = new();

    /// <summary>Steps of these kinds say that they are done, and do nothing.</summary>
    public IReadOnlyCollection<string> Idle { get; init; } = [];

    /// <summary>Changes a plan before it is started.</summary>
    public Func<RotationPlan, RotationPlan> Plan { get; init; } = plan => plan;

    /// <summary>Methods of the ledger that do nothing.</summary>
    public IReadOnlyCollection<string> Forgets { get; init; } = [];

    /// <summary>Changes an outcome on its way to the history.</summary>
    public Func<StepOutcome, WorldRun, StepOutcome> Outcome { get; init; } = (outcome, _) => outcome;

    public WorldRun World { get; set; } = null!;

    public async Task<object?> RunAsync(string activity, object? input, Func<Task<object?>> run)
    {
        if (Idle.Contains(activity) && input is StepInput)
        {
            return StepOutcome.Done();
        }

        var result = await run();
        if (input is StepInput step && result is StepOutcome outcome)
        {
            World.Stepped(activity, step, outcome);
            return Outcome(outcome, World);
        }

        return result;
    }

    /// <summary>What the ledger answers instead; null where it answers itself.</summary>
    public object? InLedger(string method) => Forgets.Contains(method) ? Task.CompletedTask : null;
}
