using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Planning;

/// <summary>
/// Brings the value in use to its targets again. Nothing new is made, so there is no promotion; and nothing ends, unless a rotation has
/// left that to do: the one that is taken over, as its revoke is held, or one that another took over, which came to nothing. The way back
/// puts back what was found at the targets: if consumers do not come up with the value from the store, it was right.
/// </summary>
internal static class DeliverShape
{
    private const int Phase = 1;

    /// <exception cref="ArgumentException">There is nothing to deliver.</exception>
    public static void Draw(PlanDraft draft)
    {
        var policy = draft.Policy;
        if (policy.Targets.Count == 0)
        {
            throw new ArgumentException($"{policy.Name} has no targets to deliver to.", nameof(draft));
        }
        if (!draft.KnowsOldValue)
        {
            throw new ArgumentException(
                $"The value in use of {policy.Name} is not in the store, so it cannot be delivered. Tell where it is with \"current: "
                    + "value\" before the secret is adopted, or rotate it.",
                nameof(draft));
        }
        if (draft.Request.Supersedes && policy.Strategy == Strategy.ReEncrypt)
        {
            throw new ArgumentException(
                $"A rotation of {policy.Name} is under way that moves stored data, and a deliver run cannot end that in its place. Write "
                    + "the keys to the new target by hand, as another target has them: the rotation finds them there and goes on.",
                nameof(draft));
        }
        DriftNotes.Write(draft);
        if (draft.Request.Supersedes)
        {
            Opening.AddTakeOver(draft);
        }
        Opening.AddValidation(draft);
        if (policy.Approval is { Before: ApprovalMoment.Start })
        {
            Opening.AddApproval(draft);
        }
        if (draft.Can(Abilities.VerifyCredentials))
        {
            draft.Add(
                "verify",
                StepKinds.Verify,
                $"Verify that the value in use works at {draft.Provider.Id}",
                provider: policy.Provider,
                settings: Delivered.Old.Settings);
        }
        var endsOld = draft.Request.Supersedes || (LeftInUse.Is(draft) && policy.Strategy != Strategy.ReEncrypt);
        // Alone it would end the one before at once.
        var isDual = policy.Strategy == Strategy.DualKey && endsOld;
        DeliveryPhase.DrawAgain(draft, Phase, isDual ? Delivered.InUseThenPrevious : Delivered.Old);
        if (endsOld)
        {
            DrawRest(draft, isDual);
        }
        draft.Add("finish", StepKinds.Finish, "Close the books");
    }

    /// <summary>
    /// What the rotation before had left to do. The grace period is the whole one: whoever reads a target that never got the
    /// value has it only now.
    /// </summary>
    private static void DrawRest(PlanDraft draft, bool isDual)
    {
        var what = draft.Request.Supersedes
            ? "This takes the rotation under way over, whose new value is in use"
            : "The credential before the one in use still works, as its rotation was taken over by one that came to nothing";
        draft.Warn(
            $"{what}: the grace period of {DurationText.Format(Grace(draft))} begins again, and the credential before it is revoked by "
                + "this run. There is no way back to it, and a rollback only puts back what was found at the targets.");
        Closing.AddGates(draft, Grace(draft));
        Closing.AddHold(draft);
        draft.PastReturn = true;
        if (isDual)
        {
            DeliveryPhase.Draw(draft, Phase + 1, Delivered.Old, before: Delivered.InUseThenPrevious);
        }
        draft.Add(
            "revoke",
            StepKinds.Revoke,
            PlanWarnings.MustRevokeByHand(draft)
                ? "List the credential that was in use before as to be revoked by hand"
                : "Revoke every credential but the one in use",
            provider: draft.Policy.Provider,
            settings: PlanDraft.Settings(
                (StepSettings.Others, "true"),
                (StepSettings.ByHand, PlanWarnings.MustRevokeByHand(draft) ? "true" : null)));
    }

    private static TimeSpan Grace(PlanDraft draft) => PolicyRules.GraceOf(draft.Policy);
}
