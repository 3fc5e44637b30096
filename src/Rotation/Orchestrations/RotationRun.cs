using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Orchestrations;

/// <summary>What a rotation has come to: rebuilt by each replay, never stored.</summary>
internal sealed class RotationRun(RotationPlan plan, ResumePoint? resume = null)
{
    private readonly List<PlannedStep> _started = [.. (resume?.Started ?? []).SelectMany(id => plan.Steps.Where(step => step.Id == id))];
    private readonly Dictionary<string, int> _attempts = new(resume?.Attempts ?? new Dictionary<string, int>(), StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _findings = new(resume?.Findings ?? new Dictionary<string, IReadOnlyDictionary<string, string>>(), StringComparer.Ordinal);
    private readonly HashSet<string> _undone = new(resume?.Undone ?? [], StringComparer.Ordinal);
    private ResumePoint? _gate = resume;

    public RotationPlan Plan { get; } = plan;

    public RotationState State { get; set; } = RotationState.Running;

    public bool IsEmergency => Plan.Trigger == RotationTrigger.Emergency;

    /// <summary>When the new credential became the current one.</summary>
    public DateTimeOffset? PromotedAt { get; private set; } = resume?.PromotedAt;

    public bool Promoted => PromotedAt is not null;

    /// <summary>A step that revokes or retires the old credential for good has been started: there is no way back.</summary>
    public bool Retired { get; private set; } = resume?.Retired ?? false;

    /// <summary>The steps that were started and are not undone, oldest first.</summary>
    public IReadOnlyList<PlannedStep> Started => _started;

    public Situation At(Place place) => new(place, Promoted, Retired, Plan.RequestedBy);

    /// <summary>A step counts for the way back from here on, whatever comes of it.</summary>
    public void Start(PlannedStep step)
    {
        if (!_started.Contains(step))
        {
            _started.Add(step);
        }

        _undone.ExceptWith(step.Undo.Select(undo => $"{step.Id}/{undo.Id}"));
        Retired |= EndsTheOld(step);
    }

    /// <param name="facts">What it found, if it is known here.</param>
    public void Finish(PlannedStep step, DateTimeOffset at, IReadOnlyDictionary<string, string>? facts = null)
    {
        if (facts is not null)
        {
            _findings[step.Id] = facts;
        }

        if (step.Kind == StepKinds.Promote)
        {
            PromotedAt = at;
        }
    }

    /// <summary>What steps that have succeeded found, for people; null if they found nothing to tell. What several tell, the first does.</summary>
    /// <param name="stepIds">As <see cref="StepSettings.Shows"/> names them.</param>
    public string? FoundBy(string? stepIds)
    {
        var found = Ids(stepIds).Where(_findings.ContainsKey).ToList();
        return found.Count == 0 ? null
            : string.Join(", ", found.SelectMany(id => _findings[id]).Where(f => f.Key != StepFacts.Cursor).DistinctBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key} {f.Value}"));
    }

    /// <summary>What the steps found that another step shows; null if nothing.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>? FindingsShown()
    {
        var shown = Plan.Steps.SelectMany(step => Ids(step.Settings.GetValueOrDefault(StepSettings.Shows))).Where(_findings.ContainsKey)
            .Distinct(StringComparer.Ordinal).ToDictionary(id => id, id => _findings[id], StringComparer.Ordinal);
        return shown.Count == 0 ? null : shown;
    }

    /// <summary>The undo has succeeded already, before the rotation was carried over to here.</summary>
    public bool IsUndone(PlannedStep step, PlannedUndo undo) => _undone.Contains($"{step.Id}/{undo.Id}");

    public void Forget(PlannedStep undone) => _started.Remove(undone);

    /// <summary>
    /// Counts on through resumes and new values: from the second attempt on, a step looks whether it has happened.
    /// </summary>
    public int NextAttempt(string id) => _attempts[id] = _attempts.GetValueOrDefault(id) + 1;

    /// <summary>When the first wait ends and since when the first gate asks, if it had begun before; nulls ever after.</summary>
    public (DateTimeOffset? Until, DateTimeOffset? Since) TakeGate()
    {
        var gate = _gate;
        _gate = null;
        return (gate?.Until, gate?.GateSince);
    }

    private static string[] Ids(string? stepIds) => stepIds?.Split(',') ?? [];

    private bool EndsTheOld(PlannedStep step) =>
        step.Kind == StepKinds.Revoke
        || step.Settings.GetValueOrDefault(StepSettings.ForwardOnly) == "true"
        || (Promoted && step.Kind is StepKinds.Deliver or StepKinds.DropBackup && step.Undo.Count == 0);
}
