using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>The attempts of a rotation as the audit tells them.</summary>
internal sealed class StepTrail
{
    private const int RotationsLookedBack = 10;
    private static readonly TimeSpan LongestUnheard = TimeSpan.FromMinutes(2);
    private readonly List<Attempt> _attempts = [];

    public IReadOnlyList<Attempt> Attempts => _attempts;

    public static async Task<StepTrail> ReadAsync(ILedger ledger, string rotationId, CancellationToken cancellationToken)
    {
        var trail = new StepTrail();
        foreach (var row in await ledger.ReadRotationAsync(rotationId, cancellationToken))
        {
            trail.Add(row);
        }

        return trail;
    }

    /// <summary>The last delivery of any rotation to the target: its facts, and whether the rotation that made it succeeded. Empty
    /// if there was none lately.</summary>
    public static async Task<(IReadOnlyDictionary<string, string> Facts, bool Succeeded)> LastDeliveryAsync(
        ILedger ledger,
        string secret,
        string target,
        CancellationToken cancellationToken)
    {
        // The newest has it nearly always, and each one that is read brings its whole plan along.
        var looked = 0;
        foreach (var limit in (int[])[1, RotationsLookedBack])
        {
            var newest = await ledger.ListRotationsAsync(new RotationFilter(secret, Limit: limit), cancellationToken);
            foreach (var rotation in newest.Skip(looked))
            {
                if ((await ReadAsync(ledger, rotation.Id, cancellationToken)).LastDelivery(target) is { } last)
                {
                    return (last.Facts ?? new Dictionary<string, string>(), rotation.State == RotationState.Succeeded);
                }
            }

            looked = newest.Count;
        }

        return (new Dictionary<string, string>(), false);
    }

    /// <summary>
    /// True if an attempt of such a step (not of an undo) that was under way then, or later, was not answered with "nothing
    /// happened". An attempt without an end (the process died) counts; the one that asks is left out by its id and number.
    /// </summary>
    public bool MayHaveHappened(string kind, DateTimeOffset since, StepContext asking) =>
        _attempts.Exists(attempt => MayHaveHappened(attempt, kind, since, asking));

    /// <summary>As the other, of the step that asks alone.</summary>
    public bool MayHaveHappened(DateTimeOffset since, StepContext asking) =>
        _attempts.Exists(attempt => attempt.StepId == asking.Input.Step.Id
            && MayHaveHappened(attempt, asking.Input.Step.Kind, since, asking));

    /// <summary>When the last attempt that may have happened was over at the latest; null if there was none. One without an end was cut
    /// off with its process, before whatever was begun next.</summary>
    public DateTimeOffset? OverAt(string kind, DateTimeOffset since, StepContext asking)
    {
        var index = _attempts.FindLastIndex(attempt => MayHaveHappened(attempt, kind, since, asking));
        return index < 0 ? null
            : _attempts[index].EndedAt ?? _attempts.Skip(index + 1).FirstOrDefault()?.At ?? _attempts[index].At + LongestUnheard;
    }

    private bool MayHaveHappened(Attempt attempt, string kind, DateTimeOffset since, StepContext asking) =>
        attempt.Detail.Kind == kind && attempt.Detail.Undo is null && (attempt.EndedAt is null
            || attempt.EndedAt >= since)
            && attempt.Outcome is not (StepOutcomeKind.Rejected or StepOutcomeKind.RetryLater or StepOutcomeKind.NewValueNeeded
                or StepOutcomeKind.Fenced)
            && !IsCurrent(attempt, asking);

    /// <summary>The last delivery of values to the target, on the way there or back; null if there was none.</summary>
    public Attempt? LastDelivery(string? target) => _attempts
        .FindLast(attempt => attempt.Detail.Kind is StepKinds.Deliver or StepKinds.Redeliver && attempt.Detail.Target == target
            && attempt.Outcome is StepOutcomeKind.Done or StepOutcomeKind.AlreadyDone);

    /// <summary>When the part that is asked about was last checked, and found well enough to begin; null if never.</summary>
    public DateTimeOffset? CheckedAt(StepContext asking) => LastCheck(asking.Target)?.EndedAt;

    /// <summary>True if the consumer was down when it was last checked before the start.</summary>
    public bool WasDown(string? consumer) => Found(consumer)?.ContainsKey(StepFacts.Down) == true;

    /// <summary>True if the provider refused the value on record as in use when that was last asked before anything was changed.</summary>
    public bool WasRefused() => Found(null)?.ContainsKey(StepFacts.Refused) == true;

    /// <summary>What the last check before the start found there: a person may have mended what an earlier one found.</summary>
    /// <param name="target">A target or a consumer; null for the provider.</param>
    private IReadOnlyDictionary<string, string>? Found(string? target) => LastCheck(target)?.Facts;

    private Attempt? LastCheck(string? target) => _attempts.FindLast(attempt => attempt.Detail.Kind == StepKinds.Validate
        && attempt.Detail.Target == target
        && attempt.Outcome == StepOutcomeKind.Done);

    /// <summary>All attempts to deliver to the target but the one that asks, the newest first.</summary>
    public IEnumerable<EarlierDelivery> Deliveries(StepContext asking)
    {
        var current = Current(asking);
        return _attempts.Where(attempt => attempt != current && IsDelivery(attempt) && attempt.Detail.Target == asking.Target)
            .Reverse()
            .Select(attempt => new EarlierDelivery(
            attempt.At,
            attempt.EndedAt,
            attempt.Outcome is not (null or StepOutcomeKind.Unknown),
            attempt.Outcome is StepOutcomeKind.Done or StepOutcomeKind.AlreadyDone && attempt.Facts is { } facts
                ? facts
                : new Dictionary<string, string>()));
    }

    /// <summary>When the step (or undo) that asks was begun first, since it last succeeded and since anything was last delivered.</summary>
    public DateTimeOffset? Began(StepContext asking)
    {
        bool IsOwn(Attempt attempt) => attempt.StepId == asking.Input.Step.Id && attempt.Detail.Undo == asking.Input.Undo?.Id;
        var before = _attempts.FindLastIndex(attempt => IsDelivery(attempt)
            || (IsOwn(attempt) && attempt.Outcome is StepOutcomeKind.Done or StepOutcomeKind.AlreadyDone));
        return _attempts.Skip(before + 1).FirstOrDefault(IsOwn)?.At;
    }

    private static bool IsDelivery(Attempt attempt) => attempt.Detail.Kind is StepKinds.Deliver or StepKinds.Redeliver;

    private Attempt? Current(StepContext asking) => _attempts.FindLast(attempt => attempt.Outcome is null
        && attempt.StepId == asking.Input.Step.Id
        && attempt.Detail.Undo == asking.Input.Undo?.Id
        && attempt.Detail.Attempt == asking.Input.Attempt);

    private bool IsCurrent(Attempt attempt, StepContext asking) =>
        attempt.Outcome is null
        && asking.Input.Undo is null
        && attempt.StepId == asking.Input.Step.Id
        && attempt.Detail.Attempt == asking.Input.Attempt
        && ReferenceEquals(attempt, _attempts.FindLast(other => other.StepId == attempt.StepId && other.Detail.Undo is null));

    private void Add(AuditRow row)
    {
        if (StepDetail.Of(row) is not { } detail || row.StepId is null)
        {
            return;
        }

        if (row.Action == AuditActions.StepIntent)
        {
            _attempts.Add(new Attempt(row.StepId, row.At, detail));
        }
        else if (_attempts.FindLast(open => open.StepId == row.StepId
            && open.Detail.Undo == detail.Undo
            && open.Detail.Attempt == detail.Attempt
            && open.Outcome is null) is { } attempt)
        {
            (attempt.Outcome, attempt.EndedAt, attempt.Facts) = (detail.Outcome, row.At, detail.Facts);
        }
    }

    internal sealed class Attempt(string stepId, DateTimeOffset at, StepDetail detail)
    {
        public string StepId { get; } = stepId;

        public DateTimeOffset At { get; } = at;

        public StepDetail Detail { get; } = detail;

        /// <summary>Null: it has not ended, or the process died meanwhile.</summary>
        public StepOutcomeKind? Outcome { get; set; }

        public DateTimeOffset? EndedAt { get; set; }

        /// <summary>What its outcome told besides.</summary>
        public IReadOnlyDictionary<string, string>? Facts { get; set; }
    }
}
