using Rotunda.Rotation.Catalog;

namespace Rotunda.Rotation.Planning;

/// <summary>
/// The end of a secret that has left the catalog. A person approves; then its value is taken away from its targets while it still works,
/// so that whoever misses it speaks up during the grace period, and a rollback brings it back. Only then it is revoked.
/// </summary>
internal static class RetireShape
{
    /// <exception cref="ArgumentException">There is nothing to retire.</exception>
    public static void Draw(PlanDraft draft)
    {
        if (!draft.Snapshot.Credentials.Any(credential => credential.MayBeLive))
        {
            throw new ArgumentException($"No credential of {draft.Policy.Name} is live: there is nothing to retire.", nameof(draft));
        }
        Warn(draft);
        Opening.AddValidation(draft, withConsumers: false);
        draft.Add(
            "approve-start", StepKinds.Approval, "Approval to retire the secret",
            settings: PlanDraft.Settings(
            [
                (StepSettings.ApproveWhat, "start"), (StepSettings.ShowsWarnings, "true"),
                .. ApprovalRule.Settings(draft.Policy.Approval),
            ]),
            timeout: draft.Policy.Approval?.Timeout, waits: true);
        Opening.AddValidation(draft, withConsumers: false, again: true);
        AddWithdrawals(draft);
        Closing.AddGates(draft, PolicyRules.GraceOf(draft.Policy));
        Closing.AddHold(draft);
        if (Closing.AddTrial(draft, all: true))
        {
            Closing.AddHold(draft, "hold-again");
        }
        draft.PastReturn = true;
        var byHand = PlanWarnings.MustRevokeByHand(draft);
        draft.Add(
            "revoke",
            StepKinds.Revoke,
            byHand ? "List its credentials as to be revoked by hand" : "Revoke all of its credentials",
            provider: draft.Policy.Provider,
            settings: PlanDraft.Settings((StepSettings.Retire, "true"), (StepSettings.ByHand, byHand ? "true" : null)));
        draft.Add("finish", StepKinds.Finish, "Close the books");
    }

    private static void AddWithdrawals(PlanDraft draft)
    {
        foreach (var target in draft.Policy.Targets.Where(target => CanBeTakenAway(draft, target)))
        {
            draft.Add(
                $"withdraw-{target.Name}",
                StepKinds.Deliver,
                $"Take the value away from {target.Name}",
                target.Name,
                target.Provider,
                PlanDraft.Settings((StepSettings.Withdraw, "true")),
                "withdraw",
                undo:
                [
                    PlanDraft.Undo(
                        $"undo-withdraw-{target.Name}",
                        StepKinds.Redeliver,
                        $"Put back what stood at {target.Name}",
                        target.Name,
                        target.Provider,
                        PlanDraft.Settings((StepSettings.Found, "true"))),
                ]);
        }
    }

    private static bool CanBeTakenAway(PlanDraft draft, TargetBinding target) =>
        !Unreadable.Is(draft, target) && !draft.Follows(target.Provider);

    private static void Warn(PlanDraft draft)
    {
        draft.Warn("This ends the secret: once its credentials are revoked there is no way back. Whoever still uses them fails.");
        foreach (var target in draft.Policy.Targets.Where(target => !CanBeTakenAway(draft, target)))
        {
            draft.Warn($"What stands at {target.Name} is not taken away, as it could not be put back. Remove it there by hand.");
        }
        if (PlanWarnings.MustRevokeByHand(draft))
        {
            draft.Warn($"{draft.Provider.Id} cannot revoke by API: the credentials are listed as to be revoked by hand.");
        }
    }
}
