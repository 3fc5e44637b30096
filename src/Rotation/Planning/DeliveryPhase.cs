using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Planning;

/// <summary>
/// One round of bringing values to consumers: the targets group after group, then the consumers one after the other, so
/// that a bad value stops at the first consumer that does not come back. Consumers with a group have their turn as soon as the
/// targets up to it have the value: a canary.
/// </summary>
internal static class DeliveryPhase
{
    /// <summary>The number of the phase that levels the targets, before the first.</summary>
    private const int Levels = 0;

    /// <param name="afterWayBack">What to undo, instead of bringing consumers back, once all targets of the phase are as before.</param>
    /// <param name="withConsumers">False where they stand still: they read what is delivered when they are started again.</param>
    public static void Draw(
        PlanDraft draft,
        int number,
        Delivered delivered,
        Delivered before,
        Action<List<PlannedUndo>>? afterWayBack = null,
        bool withConsumers = true)
    {
        var isFirst = true;
        Unreadable.Check(draft);
        var waiting = withConsumers ? draft.Policy.Consumers.ToList() : [];
        foreach (var group in draft.Policy.Targets.GroupBy(t => t.Group).OrderBy(g => g.Key))
        {
            AddConsumers(draft, waiting.Where(c => !isFirst && c.Group < group.Key), number, delivered);
            waiting.RemoveAll(c => !isFirst && c.Group < group.Key);
            foreach (var target in group)
            {
                draft.Add(
                    $"deliver-{target.Name}-{number}", StepKinds.Deliver, Title(draft, target, delivered), target.Name, target.Provider,
                    WithDrift(draft, Unreadable.Settings(draft, target, delivered)),
                    $"deliver-{number}-{group.Key}",
                    undo: WayBack(draft, target, number, before, isFirst, afterWayBack, withConsumers));
                isFirst = false;
            }
            AddConfirmations(draft, group, number, delivered);
        }
        AddConsumers(draft, waiting, number, delivered);
    }

    private static string Title(PlanDraft draft, TargetBinding target, Delivered delivered) =>
        draft.Follows(target.Provider)
            ? $"Leave it to another target to bring {What(draft, delivered)} to {target.Name}"
            : $"Deliver {What(draft, delivered)} to {target.Name}{Derived(target)}";

    /// <summary>What of it is not the value as it is.</summary>
    private static string Derived(TargetBinding target) =>
        target.Derived.Count == 0 ? "" : $", as {string.Join(" and ", target.Derived)}";

    private static string What(PlanDraft draft, Delivered delivered) =>
        draft.Request.Instead is null ? delivered.ToString() : "the value in use alone";

    /// <summary>Puts the value in use back at all targets. Needs no way back: this is where the way back would lead.</summary>
    public static void DrawLevel(PlanDraft draft, Delivered delivered)
    {
        var settings = new Dictionary<string, string>(delivered.Settings, StringComparer.Ordinal) { [StepSettings.Level] = "true" };
        foreach (var group in draft.Policy.Targets.GroupBy(t => t.Group).OrderBy(g => g.Key))
        {
            foreach (var target in group)
            {
                draft.Add(
                    $"deliver-{target.Name}-{Levels}",
                    StepKinds.Deliver,
                    $"Put {(delivered.Secondary is null ? "the value in use" : delivered)} back at {target.Name}",
                    target.Name,
                    target.Provider, settings, $"deliver-{Levels}-{group.Key}");
            }
            AddConfirmations(draft, group, Levels, delivered);
        }
        AddConsumers(draft, draft.Policy.Consumers, Levels, delivered);
    }

    /// <summary>Delivers what the targets should hold already. The way back puts back what was found there.</summary>
    public static void DrawAgain(PlanDraft draft, int number, Delivered delivered)
    {
        var isFirst = true;
        foreach (var group in draft.Policy.Targets.GroupBy(t => t.Group).OrderBy(g => g.Key))
        {
            foreach (var target in group)
            {
                var undo = new List<PlannedUndo>();
                if (!Unreadable.Is(draft, target))
                {
                    undo.Add(PlanDraft.Undo(
                        $"undo-deliver-{target.Name}-{number}",
                        StepKinds.Redeliver,
                        $"Put back what was found at {target.Name}",
                        target.Name,
                        target.Provider, PlanDraft.Settings((StepSettings.Found, "true"))));
                }
                if (isFirst)
                {
                    AddConsumersBack(draft, undo, number, Delivered.Found);
                }
                draft.Add(
                    $"deliver-{target.Name}-{number}", StepKinds.Deliver,
                    draft.Follows(target.Provider)
                        ? $"Leave it to another target to bring the value in use to {target.Name}"
                        : $"Deliver the value in use to {target.Name}{Derived(target)}",
                    target.Name,
                    target.Provider,
                    Unreadable.Settings(draft, target, delivered),
                    $"deliver-{number}-{group.Key}",
                    undo: undo);
                isFirst = false;
            }
            AddConfirmations(draft, group, number, delivered);
        }
        AddConsumers(draft, draft.Policy.Consumers, number, delivered);
    }

    private static IReadOnlyDictionary<string, string> WithDrift(PlanDraft draft, IReadOnlyDictionary<string, string> settings) =>
        DriftNotes.Stops(draft) is { } stop && draft.KnowsOldValue
            ? new Dictionary<string, string>(settings, StringComparer.Ordinal) { [StepSettings.OnDrift] = stop }
            : settings;

    private static void AddConfirmations(PlanDraft draft, IGrouping<int, TargetBinding> group, int number, Delivered delivered)
    {
        foreach (var target in group.Where(t => draft.Can(t.Provider, Abilities.ConfirmSync)))
        {
            draft.Add(
                $"confirm-{target.Name}-{number}", StepKinds.ConfirmSync, $"Wait until {target.Name} has it", target.Name, target.Provider,
                delivered.Settings, $"confirm-{number}-{group.Key}", target.ConfirmTimeout,
                retry: ConfirmBudget(target));
        }
    }

    private static void AddConsumers(PlanDraft draft, IEnumerable<ConsumerBinding> consumers, int number, Delivered delivered)
    {
        foreach (var consumer in consumers)
        {
            if (draft.Can(consumer.Provider, Abilities.RestartConsumers))
            {
                draft.Add(
                    $"restart-{consumer.Name}-{number}",
                    StepKinds.RestartConsumers,
                    $"Restart {consumer.Name}",
                    consumer.Name,
                    consumer.Provider,
                    delivered.Settings);
            }
            if (draft.Can(consumer.Provider, Abilities.CheckConsumers))
            {
                draft.Add(
                    $"check-{consumer.Name}-{number}",
                    StepKinds.VerifyConsumers,
                    $"Verify that {consumer.Name} works with {(draft.Request.Instead is null ? delivered : "the value in use")}",
                    consumer.Name,
                    consumer.Provider,
                    delivered.Settings, retry: CheckBudget(draft, consumer));
            }
        }
    }

    /// <summary>
    /// Steps are undone newest first, so the first delivery of a phase is its last to be undone: by then all targets of the
    /// phase are as before, and only then does it help to restart the consumers. That is why this step carries it.
    /// </summary>
    private static List<PlannedUndo> WayBack(
        PlanDraft draft,
        TargetBinding target,
        int number,
        Delivered before,
        bool isFirst,
        Action<List<PlannedUndo>>? after,
        bool withConsumers)
    {
        if (Levelling.IsOnTheWayBack(draft))
        {
            // What stood here may be the other rotation's value, which stops working. The rest of the way back is Apply's.
            return
            [
                Levelling.Redeliver(draft, target, $"undo-deliver-{target.Name}-{number}"),
                .. Arrivals(draft, target, number, Delivered.Old, isFirst),
            ];
        }
        var isUnreadable = Unreadable.Is(draft, target);
        var undo = new List<PlannedUndo>
        {
            PlanDraft.Undo(
                $"undo-deliver-{target.Name}-{number}", StepKinds.Redeliver,
                draft.Follows(target.Provider) ? $"Leave it to another target to bring {before} to {target.Name}"
                : before.Secondary is null && !isUnreadable
                    ? $"Deliver what was there before to {target.Name}"
                    : $"Deliver {before} to {target.Name} again",
                target.Name, target.Provider, Unreadable.Settings(draft, target, before)),
        };
        undo.AddRange(Arrivals(draft, target, number, before, isFirst));
        if (!isFirst)
        {
            return undo;
        }
        if (draft.Policy.Strategy == Strategy.InPlace && draft.Can(Abilities.ApplyValues))
        {
            // In place one value works at a time, so going back is a short outage in whichever order: consumers hold the new
            // value until they are restarted. The targets go first, so that whoever reads them once the old value works again
            // finds it there. The old value is put back here already, before the consumers are restarted and checked with it;
            // the undo of the apply step repeats that without effect, and does it alone if nothing was delivered yet.
            undo.Add(Accounts.ReapplyOld(draft, $"undo-deliver-{number}-reapply"));
        }
        if (after is not null)
        {
            after(undo);
        }
        else if (withConsumers)
        {
            AddConsumersBack(draft, undo, number, before);
        }
        return undo;
    }

    /// <summary>
    /// Its own arrival. The first delivery of a phase, the last to be undone, also waits for the targets that follow others: what they
    /// follow is as before only then, and they may have the new value even if their own step was never reached.
    /// </summary>
    private static IEnumerable<PlannedUndo> Arrivals(PlanDraft draft, TargetBinding target, int number, Delivered before, bool isFirst)
    {
        var own = draft.Follows(target.Provider) ? [] : Arrival(draft, target, number, before);
        var followers =
            isFirst ? draft.Policy.Targets.Where(t => draft.Follows(t.Provider)).OrderBy(t => t.Group) : Enumerable.Empty<TargetBinding>();
        return own.Concat(followers.SelectMany(follower => Arrival(draft, follower, number, before)));
    }

    /// <summary>Nothing further back may end the new value while consumers of such a target may still get it.</summary>
    private static IEnumerable<PlannedUndo> Arrival(PlanDraft draft, TargetBinding target, int number, Delivered before)
    {
        if (draft.KnowsOldValue && draft.IsEventual(target.Provider) && draft.Can(target.Provider, Abilities.ConfirmSync))
        {
            yield return PlanDraft.Undo(
                $"undo-confirm-{target.Name}-{number}",
                StepKinds.ConfirmSync,
                $"Wait until {target.Name} has {before} again",
                target.Name,
                target.Provider,
                before.Settings) with
            {
                Retry = ConfirmBudget(target),
            };
        }
    }

    public static RetryBudget ConfirmBudget(TargetBinding target) =>
        PlanDraft.Polling(target.ConfirmTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));

    /// <summary>Null for the policy's own retries.</summary>
    public static RetryBudget? CheckBudget(PlanDraft draft, ConsumerBinding consumer) =>
        (consumer.CheckTimeout ?? draft.CheckTimeoutOf(consumer.Provider)) is { } timeout
            ? PlanDraft.Polling(timeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1))
            : null;

    public static void AddConsumersBack(PlanDraft draft, List<PlannedUndo> undo, int number, Delivered before)
    {
        foreach (var consumer in draft.Policy.Consumers)
        {
            if (draft.Can(consumer.Provider, Abilities.RestartConsumers))
            {
                undo.Add(
                    PlanDraft.Undo(
                        $"undo-restart-{consumer.Name}-{number}",
                        StepKinds.RestartConsumers,
                        $"Restart {consumer.Name}",
                        consumer.Name,
                        consumer.Provider,
                        before.Settings));
            }
            // The way out of a later phase leads through the first one, whose end is what counts. And without a known old value
            // there is nothing to check the consumer against.
            if (draft.KnowsOldValue && before == Delivered.Old && draft.Can(consumer.Provider, Abilities.CheckConsumers))
            {
                undo.Add(PlanDraft.Undo(
                    $"undo-check-{consumer.Name}-{number}",
                    StepKinds.VerifyConsumers,
                    $"Verify that {consumer.Name} works with {before}",
                    consumer.Name,
                    consumer.Provider,
                    before.Settings) with
                {
                    Retry = CheckBudget(draft, consumer),
                });
            }
        }
    }
}
