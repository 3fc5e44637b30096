using System.Globalization;
using Rotunda.Api.Views;
using Rotunda.Ledger;
using Rotunda.Orchestration;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>Reads where an open rotation is, and says it in a sentence and in the command to type next.</summary>
public sealed class OpenRotations(IOrchestrationClient client)
{
    /// <summary>Steps that come again and again though nothing is wrong: looks, reminders, slices of rows. They are no attempts.</summary>
    private static readonly HashSet<string> s_repeats = new(StringComparer.Ordinal)
    {
        StepKinds.Evidence, StepKinds.Ask, StepKinds.ConfirmRevoked, StepKinds.Rehearse, StepKinds.Backup, StepKinds.Migrate,
        StepKinds.VerifyRows, StepKinds.RestoreRows,
    };

    /// <summary>Whether it is no attempt anew where a step of this kind is run again.</summary>
    public static bool IsRepeated(string stepKind) => s_repeats.Contains(stepKind);

    /// <summary>The progress that its orchestration shows; null before it has begun, or where it has none.</summary>
    public async Task<(OpenRotation View, RotationStatus? Progress)> ReadAsync(RotationRecord rotation, CancellationToken cancellationToken)
    {
        var instance = await client.GetAsync(rotation.Id, withInputsAndOutputs: false, cancellationToken);
        var progress = Words.Status(instance?.CustomStatus) is { } status && !status.State.IsFinal() ? status : null;
        var step = progress is { Step: > 0 } ? rotation.Plan.Steps.ElementAtOrDefault(progress.Step - 1) : null;
        // The ledger's detail is a problem where the rotation is stuck; elsewhere it may be the reason that somebody gave.
        var problem = progress?.Problem ?? (rotation.State == RotationState.Stuck ? rotation.Detail : null);
        var view = new OpenRotation(
            rotation.Id, rotation.State, progress?.Step ?? 0, rotation.Plan.Steps.Count, progress?.StepTitle,
            step is null || IsRepeated(step.Kind) ? 0 : progress?.Attempt ?? 0,
            step?.Retry is { Within: null } budget ? budget.Attempts : 0,
            progress?.WaitingFor, progress?.WaitingUntil ?? rotation.Until, problem);
        return (view, progress);
    }

    /// <summary>"step 5 of 12: Deliver the new value to app-env (attempt 2 of 6); waits for another attempt".</summary>
    public static string Sentence(OpenRotation open)
    {
        if (open.Step == 0)
        {
            return open.State == RotationState.Planned ? "on record, and about to start" : Words.Of(open.State);
        }

        var attempt = open.Attempt < 2 ? ""
            : open.Attempts >= open.Attempt ? $" (attempt {open.Attempt} of {open.Attempts})"
            : $" (attempt {open.Attempt})";
        var waits = open.WaitingFor is null ? ""
            : $"; waits for {open.WaitingFor}" + (open.WaitingUntil is { } until ? $", until {Show(until)}" : "");
        return $"step {open.Step} of {open.Steps}: {open.StepTitle}{attempt}{waits}";
    }

    private static string Show(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
