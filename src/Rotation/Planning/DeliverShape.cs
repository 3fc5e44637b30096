using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Planning;

/// <summary>
/// Brings the value in use to its targets again. Nothing new is made and nothing ends, so there is no promotion, grace or revoke. The
/// way back puts back what was found at the targets: if consumers do not come up with the value from the store, it was right.
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
        DriftNotes.Write(draft);
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
        DeliveryPhase.DrawAgain(draft, Phase, Delivered.Old);
        draft.Add("finish", StepKinds.Finish, "Close the books");
    }
}
