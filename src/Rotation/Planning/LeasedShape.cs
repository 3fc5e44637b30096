using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Planning;

/// <summary>
/// Leases end by themselves. Each is one credential and each replacement one rotation: the next lease is taken, proven and delivered
/// while the one in use still lives, and that one is revoked after the grace. Renewals are no part of a plan: they go on between
/// rotations, and during them.
/// </summary>
internal static class LeasedShape
{
    public static void Draw(PlanDraft draft)
    {
        StrategyShapes.AddIssue(draft);
        var hasEnded = HasEnded(draft);
        draft.Warn(
            "Each lease is renewed in time until its maximum, and the next one is due before that. While its provider does not answer, "
                + "none can be renewed.");
        draft.Warn(
            "A lease cannot be labelled. If the answer to the step that takes it is lost, that lease is listed as an orphan with the time "
                + "at which it ends by itself, and another is taken.");
        if (hasEnded)
        {
            // The way back would deliver what is dead.
            draft.ForwardOnly = true;
            draft.Warn(
                "The lease in use has ended already: consumers are locked out until the new one is delivered, and there is no way back.");
        }
        else if (Latest(draft) is { } end)
        {
            draft.Warn(
                $"The lease in use ends by itself at {RotationSchedule.Show(end)} at the latest: the new one has to be everywhere "
                    + "by then.");
        }
        StrategyShapes.AddVerify(draft);
        DeliveryPhase.Draw(draft, number: 1, Delivered.New, before: Delivered.Old);
        Closing.Draw(draft, Grace(draft, hasEnded));
    }

    /// <summary>True if the lease in use is dead by what the ledger knows.</summary>
    public static bool HasEnded(PlanDraft draft) =>
        draft.Policy.Strategy == Strategy.Leased
        && draft.Snapshot.Active is { } active
        && (active.Lease?.EndedAt is not null || active.ExpiresAt <= draft.Request.At);

    private static DateTimeOffset? Latest(PlanDraft draft) => draft.Snapshot.Active switch
    {
        { Lease: { } lease, ExpiresAt: { } end } => lease.Latest(end),
        { ExpiresAt: { } end } => end,
        _ => null,
    };

    /// <summary>Half of what the lease in use has left at most: the one after the next must be able to begin in time.</summary>
    private static TimeSpan Grace(PlanDraft draft, bool hasEnded)
    {
        var grace = draft.Policy.Grace;
        if (hasEnded)
        {
            return TimeSpan.Zero;
        }
        if (!draft.IsEmergency && (Latest(draft) - draft.Request.At) / 2 is { } half && half < grace)
        {
            draft.Warn(
                $"The grace of {DurationText.Format(grace)} is more than half of what the lease in use has left, so it is "
                    + $"{DurationText.Format(Whole(half))}.");
            return Whole(half) > TimeSpan.Zero ? Whole(half) : TimeSpan.Zero;
        }
        return grace;
    }

    private static TimeSpan Whole(TimeSpan time) => TimeSpan.FromSeconds(Math.Floor(time.TotalSeconds));
}
