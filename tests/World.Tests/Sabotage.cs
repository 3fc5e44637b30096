using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.World.Tests;

/// <summary>Breaks one rule of the product on purpose, so that a test can see that the world tells. Nothing by default. One for each
/// world.</summary>
internal sealed class Sabotage
{
    /// <summary>Steps of these kinds say that they are done, and do nothing.</summary>
    public IReadOnlyCollection<string> Idle { get; init; } = [];

    /// <summary>Changes a plan before it is started.</summary>
    public Func<RotationPlan, RotationPlan> Plan { get; init; } = plan => plan;

    /// <summary>Methods of the ledger that do nothing.</summary>
    public IReadOnlyCollection<string> Forgets { get; init; } = [];

    /// <summary>Changes an outcome on its way to the history.</summary>
    public Func<StepOutcome, WorldRun, StepOutcome> Outcome { get; init; } = (outcome, _) => outcome;

    /// <summary>The ledger lets everybody begin a step, whoever has taken over.</summary>
    public bool IsUnfenced { get; init; }

    /// <summary>Nobody is told that it was taken over.</summary>
    public bool Deaf { get; init; }

    /// <summary>The watch looks at this promise alone, as another one may break first by the same sabotage; null for all.</summary>
    public string? Only { get; init; }

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
    public object? InLedger(string method) => 
        Forgets.Contains(method) || (IsUnfenced && method == nameof(Ledger.ILedger.BeginStepAsync)) ? Task.CompletedTask : null;
}
