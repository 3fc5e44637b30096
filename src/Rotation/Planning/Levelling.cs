using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Planning;

/// <summary>
/// What a rotation does about targets that an earlier one, superseded before its promotion, left half delivered. Some hold the
/// value in use, some that rotation's pending value, and both work. They must be level before anything ends either of them.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>Overlap: nothing. The pending credential works until the revoke, by when every target holds the new one. But where an account
/// has two values at most, as alternate: the new value ends the pending one.</item>
/// <item>Alternate: {old} everywhere first. The pending value is on the idle account, which the new value is about to overwrite.</item>
/// <item>Dual-key: {old, taken-over} everywhere first. Some targets may sign with the pending key already, so it must be accepted
/// until the last of them signs with the old one again; {old} alone, or {old, new}, would refuse it. What was signed with it
/// before is refused from the next phase on, for which {old, new} needs the place: a warning.</item>
/// <item>In place: not before. The one account may have either value, so levelling would be one more outage, and in an emergency
/// would bring the very value to life that is to end. Applying and delivering the new value levels everything. But the way back
/// must not trust what stood at the targets: it sets and delivers the value in use everywhere. Where nothing is applied,
/// the targets are all there is: as alternate.</item>
/// <item>Re-encrypt: as dual-key, and then every row is put back under the value in use, so that {old, new} opens all of them. With
/// consumers stopped meanwhile, nothing: the rows are moved from both keys at once. But the way back delivers the value in use.</item>
/// <item>Revoke first: nothing. There is no value in use to put back.</item>
/// </list>
/// </remarks>
internal static class Levelling
{
    public static void Draw(PlanDraft draft)
    {
        var strategy = draft.Policy.Strategy;
        if (!draft.MayBeHalfDelivered
            || strategy is Strategy.Supplied or Strategy.Leased
            || (strategy == Strategy.Overlap && !draft.Provider.HoldsTwo)
            || draft.Policy.Targets.Count == 0)
        {
            return;
        }
        if (draft.ForwardOnly)
        {
            draft.Warn(
                "Targets to which the rotation before this one has delivered are not put back first, as the value in use is revoked: they "
                    + "fail from when the new value is set until it is delivered to them.");
        }
        else if (!draft.KnowsOldValue)
        {
            draft.Warn(
                "The value in use is not stored here, so targets to which the rotation before this one has delivered cannot be put back "
                    + "first: they fail until the new value is delivered to them.");
        }
        else if (strategy == Strategy.ReEncrypt)
        {
            ReencryptShape.DrawLevel(draft);
        }
        else if (IsOnTheWayBack(draft))
        {
            draft.Warn(
                "The rotation before this one may have set its value already. Consumers that hold another one fail until the new value is "
                    + "set and delivered.");
        }
        else if (strategy == Strategy.DualKey)
        {
            draft.Warn("Tokens that were signed with the key of the rotation before this one are refused once {old, new} is delivered.");
            DeliveryPhase.DrawLevel(draft, Delivered.OldThenTakenOver);
        }
        else
        {
            DeliveryPhase.DrawLevel(draft, Delivered.Old);
        }
    }

    /// <summary>True in place, and where consumers are stopped for a move of their data: there only the way back levels.</summary>
    public static bool IsOnTheWayBack(PlanDraft draft) =>
        draft.MayBeHalfDelivered && draft.KnowsOldValue
        && ((draft.Policy.Strategy == Strategy.InPlace && draft.Can(Abilities.ApplyValues))
            || (draft.Policy.Strategy == Strategy.ReEncrypt && ReencryptShape.IsOffline(draft)));

    /// <summary>The way back of Apply: from here on every target, also one not reached this time, may hold a value that is gone.</summary>
    public static List<PlannedUndo> WayBack(PlanDraft draft)
    {
        var undo = draft.Policy.Targets.Select(target => Redeliver(draft, target, $"undo-apply-{target.Name}")).ToList();
        undo.Add(Accounts.ReapplyOld(draft, "undo-apply", levels: true));
        DeliveryPhase.AddConsumersBack(draft, undo, number: 1, Delivered.Old);
        return undo;
    }

    public static PlannedUndo Redeliver(PlanDraft draft, TargetBinding target, string id) => PlanDraft.Undo(
        id, StepKinds.Redeliver, $"Deliver the old value to {target.Name}", target.Name, target.Provider,
        new Dictionary<string, string>(Delivered.Old.Settings, StringComparer.Ordinal) { [StepSettings.Level] = "true" });
}
