using Rotunda.Api.Views;
using Rotunda.Ledger;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>The plan of a rotation as a line of steps: where each is, since when, and what it said last.</summary>
internal static class StepLine
{
    public static IReadOnlyList<StepView> Of(RotationRecord rotation, IReadOnlyList<AuditRow> audit, RotationStatus? progress)
    {
        var tracks = rotation.Plan.Steps.ToDictionary(step => step.Id, _ => new Track(), StringComparer.Ordinal);
        foreach (var row in audit)
        {
            if (row.StepId is { } id && StepDetail.Of(row) is { } detail && tracks.TryGetValue(id, out var track))
            {
                track.Take(row, detail);
            }
            else if (WaitOf(row.Action) is var (kind, began))
            {
                // The interpreter's own records name no step: they come in the plan's order.
                rotation.Plan.Steps.Where(step => step.Kind == kind).Select(step => tracks[step.Id])
                    .FirstOrDefault(wait => wait.State != StepState.Done)?.Wait(row, began);
            }
        }

        var reached = Reached(rotation, tracks, progress);
        var views = new List<StepView>();
        for (var index = 0; index < rotation.Plan.Steps.Count; index++)
        {
            views.Add(View(rotation, tracks, progress, index, reached));
        }

        return views;
    }

    private static (string Kind, bool Began)? WaitOf(string action) => action switch
    {
        RotationActions.ApprovalRequested => (StepKinds.Approval, true),
        RotationActions.ApprovalGiven or RotationActions.ApprovalRejected or RotationActions.ApprovalTimedOut =>
            (StepKinds.Approval, false),
        RotationActions.GraceStarted => (StepKinds.Grace, true),
        RotationActions.GraceEnded or RotationActions.GraceSkipped => (StepKinds.Grace, false),
        RotationActions.WaitStarted => (StepKinds.Wait, true),
        RotationActions.WaitEnded => (StepKinds.Wait, false),
        _ => null,
    };

    /// <summary>The furthest step that was begun.</summary>
    private static int Reached(RotationRecord rotation, Dictionary<string, Track> tracks, RotationStatus? progress)
    {
        var steps = rotation.Plan.Steps;
        var begun = Enumerable.Range(0, steps.Count).LastOrDefault(index => tracks[steps[index].Id].StartedAt is not null, -1);
        return rotation.State == RotationState.Succeeded ? steps.Count : Math.Max(begun, (progress?.Step ?? 0) - 1);
    }

    private static StepView View(
        RotationRecord rotation,
        Dictionary<string, Track> tracks,
        RotationStatus? progress,
        int index,
        int reached)
    {
        var step = rotation.Plan.Steps[index];
        var track = tracks[step.Id];
        var isHere = !rotation.State.IsFinal() && progress?.StepId == step.Id;
        var state = track.Undone ? StepState.Undone
            : isHere && progress!.WaitingFor is not null ? rotation.State == RotationState.Stuck ? StepState.Failed : StepState.Waiting
            : track.State ?? (IsWaited(step) ? Passed(rotation, index, reached, isHere) : StepState.ToCome);
        return new StepView(
            step.Id, step.Kind, step.Title, step.Target, step.Group, state, track.Attempts, track.StartedAt,
            state is StepState.Running or StepState.Waiting ? null : track.EndedAt,
            track.Reason,
            [.. step.Undo.Select(undo => undo.Title)],
            track.Facts);
    }

    /// <summary>The interpreter itself waits there.</summary>
    private static bool IsWaited(PlannedStep step) => step.Kind is StepKinds.Approval or StepKinds.Grace or StepKinds.Wait;

    private static StepState Passed(RotationRecord rotation, int index, int reached, bool isHere) =>
        index < reached ? StepState.Done
        : index > reached ? StepState.ToCome
        : isHere ? StepState.Running
        : rotation.State.IsFinal() ? StepState.Failed
        : StepState.Waiting;

    /// <summary>What the audit tells of one step.</summary>
    private sealed class Track
    {
        public StepState? State { get; private set; }

        public int Attempts { get; private set; }

        public DateTimeOffset? StartedAt { get; private set; }

        public DateTimeOffset? EndedAt { get; private set; }

        public string? Reason { get; private set; }

        public IReadOnlyDictionary<string, string>? Facts { get; private set; }

        public bool Undone { get; private set; }

        /// <summary>A record of the interpreter: it waits, or has waited.</summary>
        public void Wait(AuditRow row, bool began)
        {
            if (began)
            {
                StartedAt ??= row.At;
                (State, EndedAt) = (StepState.Waiting, null);
                return;
            }

            var refused = row.Action is RotationActions.ApprovalRejected or RotationActions.ApprovalTimedOut;
            (State, EndedAt) = (refused ? StepState.Failed : StepState.Done, row.At);
        }

        public void Take(AuditRow row, StepDetail detail)
        {
            if (detail.Undo is not null)
            {
                Undone |= detail.Outcome is StepOutcomeKind.Done or StepOutcomeKind.AlreadyDone;
                return;
            }

            if (detail.Outcome is not { } outcome)
            {
                StartedAt ??= row.At;
                (State, Attempts, Undone) = (StepState.Running, Math.Max(Attempts, detail.Attempt), false);
                return;
            }

            StartedAt ??= row.At;
            (EndedAt, Reason, Facts) = (row.At, detail.Reason, detail.Facts);
            State = outcome switch
            {
                StepOutcomeKind.Done or StepOutcomeKind.AlreadyDone => StepState.Done,
                StepOutcomeKind.Continue => StepState.Running,
                StepOutcomeKind.RetryLater => StepState.Waiting,
                _ => StepState.Failed,
            };
        }
    }
}
