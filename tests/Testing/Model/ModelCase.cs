using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Testing.Simulation;

namespace Rotunda.Testing.Model;

/// <summary>What is searched.</summary>
/// <param name="Options">The rotation.</param>
/// <param name="Verbs">What people may say to it, at any moment.</param>
public sealed record ModelCase(SamplePlanOptions Options, IReadOnlyList<ControlVerb> Verbs)
{
    /// <summary>Changes the plans that are run: to break a rule on purpose. What they are held to stays as the planner drew it.</summary>
    public Func<RotationPlan, RotationPlan> Change { get; init; } = plan => plan;

    /// <summary>Changes where a rotation goes on after it was carried over: to break a rule on purpose.</summary>
    public Func<RotationInput, RotationInput> Resume { get; init; } = input => input;

    /// <summary>False to prove that without the fence a promise breaks.</summary>
    public bool IsFenced { get; init; } = true;
}

/// <summary>Verbs as people type them.</summary>
internal static class ControlNames
{
    public static string Of(ControlVerb verb) => RotationActions.NameOf(verb);
}
