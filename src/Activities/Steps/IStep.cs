using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Providers.References;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>
/// One kind of step. Called by the step runner, which has recorded the intent and passed the fence, bounds the time,
/// turns exceptions into Unknown, and records what came of it.
/// </summary>
public interface IStep
{
    /// <summary>One of <see cref="StepKinds"/>; the activity's name.</summary>
    string Kind { get; }

    Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken);
}

/// <param name="Rotation">With its plan.</param>
/// <param name="Settings">Of the step, or of the undo when one is run.</param>
/// <param name="Binding">The system the step (or undo) talks to; null where none is.</param>
/// <param name="Call">For that system; null where none is.</param>
public sealed record StepContext(
    StepInput Input,
    RotationRecord Rotation,
    SecretRecord Secret,
    IReadOnlyDictionary<string, string> Settings,
    ProviderBinding? Binding,
    ProviderCall? Call)
{
    /// <summary>Knows every value this activity has touched, so that none leaves it in a message.</summary>
    public SecretScope Scope { get; init; } = new();

    /// <summary>Resolves references of the systems it talks to; what they lead to is known to the scope.</summary>
    public required IReferenceResolver References { get; init; }

    /// <summary>The kind of the step, or of the undo when one is run.</summary>
    public string Kind => Input.Undo?.Kind ?? Input.Step.Kind;

    public string? Target => Input.Undo is null ? Input.Step.Target : Input.Undo.Target ?? Input.Step.Target;

    /// <summary>True for a step setting that is "true".</summary>
    public bool IsSet(string setting) => Settings.GetValueOrDefault(setting) == "true";

    public RotationPlan Plan => Rotation.Plan;
}
