using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Testing.Simulation;

/// <summary>The design's promises, as checks on the model world.</summary>
public static class ModelPromises
{
    /// <summary>
    /// Promise 1, after every effect. In place there is a documented gap between apply and deliver: checked at rest only, and
    /// not while what a superseded rotation left in that gap waits for one that comes as far as to level it.
    /// </summary>
    public static void NoLockOut(ModelWorld world, bool atRest, bool levelled = false)
    {
        if (world.Strategy == Strategy.InPlace && (!atRest || (!levelled && world.Rows.Any(r => r.State == CredentialState.Pending))))
        {
            return;
        }

        var elsewhere = world.UsedElsewhere.Where(value => !world.Live.ContainsKey(value)).Select(value => $"v{value}").FirstOrDefault();
        Require(elsewhere is null, $"Locked out: the provider refuses {elsewhere}, which somebody else uses.");
        foreach (var (name, holds) in world.Targets.Where(t => !t.Value.IsAstray))
        {
            var refusedBy = world.Strategy is Strategy.DualKey or Strategy.ReEncrypt
                ? world.Targets.Where(t => !t.Value.IsAstray && !t.Value.Accepts(holds.Primary)).Select(t => t.Key).FirstOrDefault()
                : world.Live.ContainsKey(holds.Primary) ? null : "the provider";
            Require(refusedBy is null, $"Locked out: {refusedBy} refuses what {name} holds.");
            var unread = world.Strategy == Strategy.ReEncrypt
                ? world.Stored.Where(under => !holds.Accepts(under)).Select(under => $"v{under}").FirstOrDefault()
                : null;
            Require(unread is null, $"Locked out: {name} cannot read a row that is under {unread}.");
        }
    }

    /// <summary>Promise 2, before an effect that ends the old credential.</summary>
    public static void NoEarlyRevoke(ModelWorld world, StepInput input)
    {
        var number = input.Number;
        var plan = world.Plans[number];
        var ends = input.Undo is null
            && (input.Step.Kind is StepKinds.Revoke or StepKinds.Disable or StepKinds.DropBackup
                || (input.Step.Kind == StepKinds.Deliver
                    && input.Step.Undo.Count == 0
                    && !input.Step.Settings.ContainsKey(StepSettings.Level)));
        if (!ends || number < world.Fence || plan.Trigger == RotationTrigger.Emergency)
        {
            return;
        }

        var records = world.RecordsOf(number).ToList();
        var isRetirement = plan.Strategy == Strategy.Retire;
        // A deliver run makes nothing: it ends what a rotation before it left, once the value in use is at all targets.
        var isDelivery = plan.Strategy == Strategy.Deliver;
        Require(
            isRetirement || isDelivery || world.NewOf(number) is { State: CredentialState.Active }, "Revoked before the promotion.");
        Require(
            !isDelivery || world.Targets.Values.All(holds => holds.Primary == world.Active.Value),
            "Revoked before every target had the value in use.");
        Require(
            !isRetirement || world.Targets.Values.All(holds => holds.IsAstray),
            "Revoked before it was taken away from its targets.");
        var before = plan.Steps.TakeWhile(s => s.Id != input.Step.Id);
        if (before.FirstOrDefault(s => s.Kind == StepKinds.Grace) is { } grace && !Has(RotationActions.GraceSkipped))
        {
            // From the plan itself, and not only from what the interpreter says of it.
            var from = isRetirement ? world.WithdrawnAt : isDelivery ? world.DeliveredAt : world.PromotedAt;
            var planned = from[number] + DurationOf(grace);
            var recorded = records.Where(r => r.Action is RotationActions.GraceStarted or RotationActions.GraceExtended).Max(r => r.Until);
            var until = recorded > planned ? recorded : planned;
            var ended = records.Count(r => r.Action == RotationActions.GraceEnded);
            Require(
                until <= world.Now && ended == before.Count(s => s.Kind == StepKinds.Grace),
                $"Revoked before the grace period's end ({until}).");
        }

        if (plan.Steps.Any(s => s.Kind == StepKinds.Evidence))
        {
            Require(
                world.Proven.Contains(number) || Has(RotationActions.EvidenceSkipped) || Has(RotationActions.EvidenceTimedOut),
                "Revoked without evidence.");
        }

        if (plan.Steps.Any(s => s.Kind == StepKinds.Hold))
        {
            Require(world.Released.Contains(number) || Has(RotationActions.HoldSkipped), "Revoked while it was held.");
        }

        foreach (var given in records.Where(r => r.Action == RotationActions.ApprovalGiven))
        {
            Require(given.Actor != plan.RequestedBy, "Approved by who requested it.");
        }

        var asked = plan.Steps.Count(s => s.Kind == StepKinds.Approval);
        Require(records.Count(r => r.Action == RotationActions.ApprovalGiven) == asked, "Revoked without approval.");

        bool Has(string action) => records.Any(r => r.Action == action);
    }

    /// <summary>Promises 3 and 4, and that the world is as the final state says.</summary>
    public static void AtTheEnd(ModelWorld world, RotationPlan plan, RotationResult result, ModelRow activeBefore)
    {
        var isRetired = plan.Strategy == Strategy.Retire && result.State == RotationState.Succeeded;
        Require(
            world.Rows.Count(r => r.State == CredentialState.Active) == (isRetired ? 0 : 1),
            isRetired ? "Retired, but a credential is active." : "Not exactly one active credential.");
        Require(isRetired || !world.Disabled.ContainsKey(world.Active.Value), "The active credential is left disabled.");
        foreach (var (value, label) in world.Live.Where(live => live.Value != ModelWorld.Others))
        {
            var accounted = world.Rows.Any(r => r.Value == value && r.State != CredentialState.Revoked)
                || world.Rows.Any(r => r.Rotation == label && r.Value == 0 && r.State == CredentialState.Minting);
            Require(accounted, $"v{value} is live and not accounted for.");
        }

        var records = world.RecordsOf(plan.Number).ToList();
        Require(records.Select(r => r.Sequence).SequenceEqual(Enumerable.Range(1, records.Count)), "A record is missing.");
        Require(
            records[^1].State == result.State && records[^1].Action == RotationActions.Of(result.State),
            "The last record is not the end.");
        if (result.State == RotationState.Superseded)
        {
            return;
        }

        if (isRetired)
        {
            Require(world.Rows.All(r => r.State == CredentialState.Revoked) && world.Live.Count == 0, "Retired, but a credential is left.");
            return;
        }

        Require(!world.Backups.Contains(plan.Number), "It has ended, but what it kept of the stored rows is left.");

        // What a superseded rotation left half moved waits for one that comes as far as to level it; until then targets read both.
        var isLevel = result.State == RotationState.Succeeded || world.Rows.All(r => r.State != CredentialState.Pending);
        Require(
            world.Strategy != Strategy.ReEncrypt || !isLevel || world.Stored.All(under => under == world.Active.Value),
            "It has ended, but a stored row is not under the value in use.");
        NoLockOut(world, atRest: true, levelled: world.Applied.Contains(plan.Number));
        var own = world.Rows.Where(r => r.Rotation == plan.Number && r.State != CredentialState.Revoked).ToList();
        if (result.State == RotationState.Succeeded)
        {
            Succeeded(world, plan, own);
        }
        else
        {
            Require(own.Count == 0, $"Undone, but {string.Join(" ", own)} is left.");
            Require(world.Active == activeBefore, "Undone, but another credential is active than before.");
            Require(world.Live.Values.All(label => label != plan.Number), "Undone, but a new credential still works.");
        }
    }

    private static void Succeeded(ModelWorld world, RotationPlan plan, List<ModelRow> own)
    {
        var active = world.Active;
        Require(
            plan.Strategy == Strategy.Deliver ? own.Count == 0 : own.Count == 1 && own[0] == active,
            "Succeeded, but its credential is not the active one.");
        Require(
            world.Targets.Values.All(t => t == new ModelDelivery(active.Value)),
            "Succeeded, but a target does not hold exactly the new value.");
        if (plan.Steps.Any(s => s.Kind == StepKinds.Revoke))
        {
            Require(world.Rows.All(r => r == active || r.State == CredentialState.Revoked), "Succeeded, but an old credential is left.");
        }
    }

    private static TimeSpan DurationOf(PlannedStep grace) =>
        DurationText.TryParse(grace.Settings[StepSettings.Duration], out var duration)
            ? duration
            : throw new PromiseBrokenException("A grace period without a duration.");

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new PromiseBrokenException(otherwise);
        }
    }
}
