using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>
/// A run holds what a rotation has come to: each replay rebuilds it, nothing stores it. Where the orchestration was started
/// anew, it begins with what the resume point tells.
/// </summary>
internal sealed class RotationRun(RotationPlan plan, ResumePoint? resume = null)
{
    private readonly List<PlannedStep> _started = [.. (resume?.Started ?? []).SelectMany(id => plan.Steps.Where(step => step.Id == id))];
    private readonly Dictionary<string, int> _attempts = new(resume?.Attempts ?? new Dictionary<string, int>(), StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _findings =
        new(resume?.Findings ?? new Dictionary<string, IReadOnlyDictionary<string, string>>(), StringComparer.Ordinal);
    private readonly HashSet<string> _undone = new(resume?.Undone ?? [], StringComparer.Ordinal);
    private readonly HashSet<string> _done = new(resume?.Done ?? [], StringComparer.Ordinal);
    private ResumePoint? _savedGate = resume;

    public RotationPlan Plan { get; } = plan;

    public RotationState State { get; set; } = RotationState.Running;

    /// <summary>Plans of the first interpreter version waited for a person at once, and their histories say so.</summary>
    public bool LooksAgain => Plan.InterpreterVersion >= RotationPlan.LooksAgainSince;

    public bool IsEmergency => Plan.Trigger == RotationTrigger.Emergency;

    /// <summary>When the new credential became the current one.</summary>
    public DateTimeOffset? PromotedAt { get; private set; } = resume?.PromotedAt;

    public bool Promoted => PromotedAt is not null;

    /// <summary>A step that revokes or retires the old credential for good has been started: there is no way back.</summary>
    public bool OldIsGoing { get; private set; } = resume?.OldIsGoing ?? false;

    /// <summary>How many values were replaced since a person last resumed the rotation.</summary>
    public int NewValues { get; private set; } = resume?.NewValues ?? 0;

    /// <summary>The steps that were started and are not undone, oldest first.</summary>
    public IReadOnlyList<PlannedStep> Started => _started;

    /// <summary>The step that was entered last; null before the first.</summary>
    public string? StepId { get; set; }

    public Situation SituationAt(ControlPoint point) => new(point, Promoted, OldIsGoing, Plan.RequestedBy, StepId);

    /// <summary>From now on a rollback undoes this step, even if it fails.</summary>
    public void Start(PlannedStep step)
    {
        if (!_started.Contains(step))
        {
            _started.Add(step);
        }

        _done.Remove(step.Id);
        _undone.ExceptWith(step.Undo.Select(undo => $"{step.Id}/{undo.Id}"));
        OldIsGoing |= EndsTheOld(step);
    }

    /// <summary>The step has succeeded.</summary>
    /// <param name="facts">What it found, if it is known here.</param>
    public void Finish(PlannedStep step, DateTimeOffset at, IReadOnlyDictionary<string, string>? facts = null)
    {
        _done.Add(step.Id);
        if (facts is not null)
        {
            _findings[step.Id] = facts;
        }

        if (step.Kind == StepKinds.Promote)
        {
            PromotedAt = at;
        }
    }

    /// <summary>
    /// What steps that have succeeded found, for people; null if they found nothing to tell. What several tell, the first does.
    /// </summary>
    /// <param name="stepIds">As <see cref="StepSettings.Shows"/> names them.</param>
    public string? FoundBy(string? stepIds)
    {
        var found = Ids(stepIds).Where(_findings.ContainsKey).ToList();
        return found.Count == 0 ? null
            : string.Join(", ", found.SelectMany(id => _findings[id]).Where(fact => fact.Key != StepFacts.Cursor)
                .DistinctBy(fact => fact.Key, StringComparer.Ordinal).Select(fact => $"{fact.Key} {fact.Value}"));
    }

    /// <summary>What the steps found that another step shows; null if nothing.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>? FindingsShown()
    {
        var shown = Plan.Steps.SelectMany(step => Ids(step.Settings.GetValueOrDefault(StepSettings.Shows)))
            .Where(_findings.ContainsKey).Distinct(StringComparer.Ordinal)
            .ToDictionary(id => id, id => _findings[id], StringComparer.Ordinal);
        return shown.Count == 0 ? null : shown;
    }

    /// <summary>The undo has succeeded: a rollback that comes later does not run it again, unless the step is started again.</summary>
    public void FinishUndo(PlannedStep step, string undoId) => _undone.Add($"{step.Id}/{undoId}");

    /// <summary>"{step}/{undo}" of the undos that have succeeded, of steps that are not undone altogether.</summary>
    public IReadOnlyList<string> Undone() =>
    [
        .. _undone.Where(key => _started.Exists(step => key.StartsWith(step.Id + "/", StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The undo has succeeded, and the step was not started again since.</summary>
    public bool IsUndone(PlannedStep step, PlannedUndo undo) => _undone.Contains($"{step.Id}/{undo.Id}");

    /// <summary>The step has succeeded and was neither started again nor undone since.</summary>
    public bool IsDone(PlannedStep step) => _done.Contains(step.Id);

    /// <summary>The step is undone altogether.</summary>
    public void Forget(PlannedStep undone)
    {
        _started.Remove(undone);
        _done.Remove(undone.Id);
    }

    /// <summary>The steps from <paramref name="position"/> on are to run again.</summary>
    public void ReopenFrom(int position) => _done.ExceptWith(Plan.Steps.Skip(position).Select(step => step.Id));

    /// <summary>Another value is to be made.</summary>
    public void ReplaceValue() => NewValues++;

    /// <summary>A person has looked and lets it go on: values may be replaced as often as at the start.</summary>
    public void Resume() => NewValues = 0;

    /// <summary>
    /// Counts on through resumes and new values: from the second attempt on, a step looks whether it has happened.
    /// </summary>
    public int NextAttempt(string id) => _attempts[id] = _attempts.GetValueOrDefault(id) + 1;

    /// <summary>When the first wait ends and since when the first gate asks, if it had begun before; nulls ever after.</summary>
    public (DateTimeOffset? Until, DateTimeOffset? Since) TakeSavedGate()
    {
        var gate = _savedGate;
        _savedGate = null;
        return (gate?.Until, gate?.GateSince);
    }

    private static string[] Ids(string? stepIds) => stepIds?.Split(',') ?? [];

    private bool EndsTheOld(PlannedStep step) =>
        step.Kind is StepKinds.Revoke or StepKinds.ConfirmRevoked
        || step.Settings.GetValueOrDefault(StepSettings.ForwardOnly) == "true"
        || (Promoted && step.Kind is StepKinds.Deliver or StepKinds.DropBackup && step.Undo.Count == 0);
}
