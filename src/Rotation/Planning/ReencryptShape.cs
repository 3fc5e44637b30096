using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Planning;

/// <summary>
/// The shape of a rotation of a key over stored data. Online, consumers can read with two keys: they get {old, new}, then
/// {new, old}, and only then rows are moved, so that each of them can open each row at any time. Offline, they stand still.
/// </summary>
/// <remarks>
/// What looks and writes nothing comes before the approval, as the person who approves is shown what it found. The way back has
/// to end what writes with the new key before it moves the rows back, or it would never be done: so the first delivery of
/// {new, old}, after which the first row may be under the new key, carries the rows too, in its way back.
/// </remarks>
internal static class ReencryptShape
{
    /// <summary>The id of the step whose findings the approval shows.</summary>
    public const string Rehearsal = "rehearse";

    private const int Announce = 1;
    private const int Switch = 2;
    private const int Retire = 3;
    private static readonly TimeSpan s_counting = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan s_dumping = TimeSpan.FromHours(12);
    private static readonly TimeSpan s_leastSlice = TimeSpan.FromMinutes(5);

    /// <summary>Half-way, a database that is away or an open transaction is waited for longer than a step of another kind would
    /// be.</summary>
    private static readonly RetryBudget s_patience =
        PlanDraft.Polling(TimeSpan.FromHours(1), TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1));

    public static bool IsOffline(PlanDraft draft) => draft.Policy.Migration == MigrationMode.Offline;

    /// <summary>Before the approval: nothing of it writes.</summary>
    public static void DrawRehearsal(PlanDraft draft)
    {
        var provider = draft.Policy.Provider;
        draft.Add(
            "preflight",
            StepKinds.Preflight,
            "Check rights, space, counts and a sample of the rows",
            provider: provider,
            timeout: s_counting);
        Add(draft, Rehearsal, StepKinds.Rehearse, "Rehearse in memory: open every row, seal it with a key made for this, open it again");
    }

    public static void Draw(PlanDraft draft)
    {
        StrategyShapes.AddGenerate(draft);
        draft.Add(
            "backup",
            StepKinds.Backup,
            "Keep every row as it is in a side table",
            provider: draft.Policy.Provider,
            timeout: s_dumping,
            undo:
            [PlanDraft.Undo("undo-backup", StepKinds.DropBackup, "Drop the side table", provider: draft.Policy.Provider)]);
        if (IsOffline(draft))
        {
            DrawOffline(draft);
        }
        else
        {
            DrawOnline(draft);
        }
        Add(draft, "verify-rows", StepKinds.VerifyRows, "Verify that every row opens with the new key alone");
        Closing.Draw(draft, draft.Policy.Grace, beforeRevoke: () => DrawEnd(draft));
    }

    /// <summary>Some rows may be under the key of the rotation before this one, which {old, new} would not open.</summary>
    public static void DrawLevel(PlanDraft draft)
    {
        if (IsOffline(draft))
        {
            return;
        }
        DeliveryPhase.DrawLevel(draft, Delivered.OldThenTakenOver);
        Add(
            draft,
            "level-rows",
            StepKinds.RestoreRows,
            "Put every row back under the key in use",
            settings: PlanDraft.Settings((StepSettings.Level, "true")));
    }

    private static void DrawOnline(PlanDraft draft)
    {
        DeliveryPhase.Draw(draft, Announce, Delivered.OldThenNew, before: Delivered.Old, afterWayBack: undo =>
        {
            DeliveryPhase.AddConsumersBack(draft, undo, Announce, Delivered.Old);
            undo.Add(
                Restore(
                    draft,
                    "undo-announce-rows",
                    "Look once more that every row is under the old key",
                    (StepSettings.IfRestored, "true")));
        });
        DeliveryPhase.Draw(draft, Switch, Delivered.NewThenOld, before: Delivered.OldThenNew, afterWayBack: undo =>
        {
            AddWritersBack(draft, undo, "undo-switch");
            undo.Add(Restore(draft, "undo-switch-rows"));
        });
        var back = draft.Policy.Targets.Select(target => PlanDraft.Undo(
            $"undo-migrate-{target.Name}",
            StepKinds.Redeliver,
            $"Deliver {Delivered.OldThenNew} to {target.Name} again",
            target.Name,
            target.Provider,
            Unreadable.Settings(draft, target, Delivered.OldThenNew))).ToList();
        AddWritersBack(draft, back, "undo-migrate");
        back.Add(Restore(draft, "undo-migrate-rows"));
        Add(draft, "migrate", StepKinds.Migrate, "Move every row to the new key", back);
    }

    private static void DrawOffline(PlanDraft draft)
    {
        RequireScaling(draft);
        draft.Warn(
            $"{string.Join(", ", draft.Policy.Consumers.Select(c => c.Name))} {(draft.Policy.Consumers.Count == 1 ? "stands" : "stand")} "
                + "still while the rows are moved. The approval shows how long the rehearsal took.");
        foreach (var consumer in draft.Policy.Consumers)
        {
            AddScale(draft, consumer, toZero: true);
        }
        Add(draft, "migrate", StepKinds.Migrate, "Move every row to the new key", [Restore(draft, "undo-migrate-rows")]);
        DeliveryPhase.Draw(draft, Announce, Delivered.New, before: Delivered.Old, withConsumers: false);
        foreach (var consumer in draft.Policy.Consumers)
        {
            AddScale(draft, consumer, toZero: false);
        }
        foreach (var consumer in draft.Policy.Consumers.Where(c => draft.Can(c.Provider, Abilities.CheckConsumers)))
        {
            draft.Add(
                $"check-{consumer.Name}-{Announce}",
                StepKinds.VerifyConsumers,
                $"Verify that {consumer.Name} works with {Delivered.New}",
                consumer.Name,
                consumer.Provider,
                Delivered.New.Settings, retry: DeliveryPhase.CheckBudget(draft, consumer));
        }
    }

    private static void DrawEnd(PlanDraft draft)
    {
        if (draft.Policy.Grace > TimeSpan.Zero && !draft.IsEmergency)
        {
            // Someone may have written with the old key since. Once it is dropped, consumers could not read that.
            Add(draft, "verify-rows-again", StepKinds.VerifyRows, "Verify again that every row opens with the new key alone");
        }
        if (!IsOffline(draft))
        {
            DeliveryPhase.Draw(draft, Retire, Delivered.New, before: Delivered.NewThenOld);

            // Until then an instance may have written with the old key; after the revoke nobody at all could read that.
            Add(draft, "verify-rows-last", StepKinds.VerifyRows, "Verify a last time that every row opens with the new key alone");
        }
        draft.Add("drop-backup", StepKinds.DropBackup, "Drop the side table", provider: draft.Policy.Provider);
    }

    private static void AddScale(PlanDraft draft, ConsumerBinding consumer, bool toZero)
    {
        var (down, up) = ($"Stop {consumer.Name}", $"Start {consumer.Name}, as many as before");
        draft.Add(
            $"scale-{(toZero ? "down" : "up")}-{consumer.Name}",
            StepKinds.ScaleConsumers,
            toZero ? down : up,
            consumer.Name,
            consumer.Provider,
            Scale(toZero),
            retry: DeliveryPhase.CheckBudget(draft, consumer),
            undo:
            [
                PlanDraft.Undo(
                    $"undo-scale-{(toZero ? "down" : "up")}-{consumer.Name}",
                    StepKinds.ScaleConsumers,
                    toZero ? up : down,
                    consumer.Name,
                    consumer.Provider,
                    Scale(!toZero)),
            ]);
    }

    private static Dictionary<string, string> Scale(bool toZero) =>
        PlanDraft.Settings((StepSettings.Scale, toZero ? StepSettings.ToZero : StepSettings.Back));

    /// <summary>Before rows go back, all that write must do so with the old key again.</summary>
    private static void AddWritersBack(PlanDraft draft, List<PlannedUndo> undo, string id)
    {
        foreach (var target in draft.Policy.Targets.Where(t => draft.Can(t.Provider, Abilities.ConfirmSync)))
        {
            undo.Add(PlanDraft.Undo(
                $"{id}-confirm-{target.Name}",
                StepKinds.ConfirmSync,
                $"Wait until {target.Name} has it",
                target.Name,
                target.Provider,
                Delivered.OldThenNew.Settings) with
            {
                Retry = DeliveryPhase.ConfirmBudget(target),
            });
        }
        foreach (var consumer in draft.Policy.Consumers.Where(c => draft.Can(c.Provider, Abilities.RestartConsumers)))
        {
            undo.Add(
                PlanDraft.Undo(
                    $"{id}-restart-{consumer.Name}",
                    StepKinds.RestartConsumers,
                    $"Restart {consumer.Name}",
                    consumer.Name,
                    consumer.Provider,
                    Delivered.OldThenNew.Settings));
        }
        foreach (var consumer in draft.Policy.Consumers.Where(c => draft.Can(c.Provider, Abilities.CheckConsumers)))
        {
            undo.Add(PlanDraft.Undo(
                $"{id}-check-{consumer.Name}",
                StepKinds.VerifyConsumers,
                $"Verify that {consumer.Name} works with {Delivered.OldThenNew}",
                consumer.Name,
                consumer.Provider,
                Delivered.OldThenNew.Settings) with
            {
                Retry = DeliveryPhase.CheckBudget(draft, consumer),
            });
        }
    }

    private static PlannedUndo Restore(
        PlanDraft draft,
        string id,
        string title = "Put every row back under the old key",
        params (string, string?)[] settings) =>
        PlanDraft.Undo(id, StepKinds.RestoreRows, title, provider: draft.Policy.Provider, settings: PlanDraft.Settings(settings)) with
        {
            Retry = s_patience,
        };

    private static void Add(
        PlanDraft draft,
        string id,
        string kind,
        string title,
        IReadOnlyList<PlannedUndo>? undo = null,
        IReadOnlyDictionary<string, string>? settings = null) =>
        draft.Add(
            id, kind, title, provider: draft.Policy.Provider, settings: settings, undo: undo,
            retry: kind is StepKinds.Migrate or StepKinds.VerifyRows or StepKinds.RestoreRows ? s_patience : null,
            timeout: draft.Policy.StepTimeout > s_leastSlice ? draft.Policy.StepTimeout : s_leastSlice);

    private static void RequireScaling(PlanDraft draft)
    {
        if (draft.Policy.Consumers.Count == 0 || draft.Policy.Consumers.Any(c => !draft.Can(c.Provider, Abilities.ScaleConsumers)))
        {
            throw new ArgumentException(
                "An offline migration needs consumers that can all be stopped. Validate the catalog first.",
                nameof(draft));
        }
    }
}
