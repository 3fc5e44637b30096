using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Planning;

/// <summary>Who is told besides, where nobody answers, as a plan's step has it.</summary>
/// <param name="After">Counted from when it was asked.</param>
/// <param name="To">Names of channels.</param>
public sealed record Escalation(TimeSpan After, IReadOnlyList<string> To)
{
    /// <summary>Null where nobody is.</summary>
    public static Escalation? Of(PlannedStep step) =>
        step.Settings.GetValueOrDefault(StepSettings.EscalateTo) is { } to
        && DurationText.TryParse(step.Settings.GetValueOrDefault(StepSettings.EscalateAfter), out var after)
            ? new Escalation(after, to.Split(','))
            : null;

    internal static IEnumerable<(string Name, string? Value)> Settings(EscalationPolicy? policy) =>
    [
        (StepSettings.EscalateAfter, policy is null ? null : DurationText.Format(policy.After)),
        (StepSettings.EscalateTo, policy is null ? null : string.Join(',', policy.To)),
    ];
}
