using System.Text.Json;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Tests.Orchestrations;

/// <summary>A standing is all of a rotation's place in its plan that decides what it does next.</summary>
/// <param name="Open">The steps of the present batch that have not succeeded, or the undo that is under way.</param>
/// <param name="Started">The steps that a rollback would undo, in their order.</param>
/// <param name="Findings">What is shown to who approves.</param>
/// <param name="Waits">For whom or what it waits, until when; null while a step is tried.</param>
internal sealed record Standing(
    RotationState State, string Open, string Started, DateTimeOffset? PromotedAt, bool OldIsGoing, int NewValues, string? Findings,
    string? Waits)
{
    public const string Proof = "proof that nobody uses the old credential";
    public const string Held = "what holds the revoke";

    public static Standing Of(RotationPlan plan, RotationRun run, RotationStatus status)
    {
        // A paused rotation does not go on by itself where it is carried over to: there it is stuck, until the resume.
        var paused = run.State == RotationState.Paused || status.Problem?.StartsWith("paused by", StringComparison.Ordinal) == true;
        return new Standing(
            paused ? RotationState.Stuck : run.State,
            OpenOf(plan, run, status),
            string.Join(' ', run.Started.Where(step => step.Undo.Count > 0).Select(step => step.Id)),
            run.PromotedAt, run.OldIsGoing, run.NewValues,
            run.FindingsShown() is { } shown ? JsonSerializer.Serialize(shown) : null,
            paused ? "paused" : WaitsOf(status));
    }

    private static string? WaitsOf(RotationStatus status) => status.WaitingFor switch
    {
        // The pause before another attempt is not carried over: the step is tried again at once.
        null or "another attempt" => null,
        // When it looks next is drawn anew.
        "another look" => $"another look: {status.Problem}",
        "a person" => $"a person: {status.Problem}",
        var other => $"{other} until {status.WaitingUntil:O}",
    };

    private static string OpenOf(RotationPlan plan, RotationRun run, RotationStatus status)
    {
        if (status.Step == 0)
        {
            return "";
        }

        var step = plan.Steps[status.Step - 1];
        if (step.Undo.Any(undo => undo.Id == status.StepId))
        {
            return $"undo {status.StepId}";
        }

        var start = 0;
        while (!BatchRunner.BatchAt(plan.Steps, start).Contains(step))
        {
            start += BatchRunner.BatchAt(plan.Steps, start).Count;
        }

        return string.Join(' ', BatchRunner.BatchAt(plan.Steps, start).Where(one => !run.IsDone(one)).Select(one => one.Id));
    }
}
