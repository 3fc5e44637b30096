using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Planning;

/// <summary>What comes before the new value is made: taking over, checking everything, asking a person, and in the worst case
/// ending the old credential.</summary>
internal static class Opening
{
    /// <summary>The id of the step that <see cref="ReencryptShape.DrawRehearsal"/> draws first.</summary>
    private const string Preflight = "preflight";

    /// <summary>What was checked so short a time ago is not checked again behind an approval.</summary>
    private const string StillGood = "1h";

    public static void Draw(PlanDraft draft)
    {
        AddTakeOver(draft);
        AddValidation(draft);
        LeftInUse.AddGates(draft);
        if (draft.Policy.Strategy == Strategy.ReEncrypt)
        {
            ReencryptShape.DrawRehearsal(draft);
        }
        AddApproval(draft);
        AddRevokeFirst(draft);
        Levelling.Draw(draft);
    }

    /// <summary>Also without an emergency: one that failed before it had taken over leaves its predecessor's credentials to
    /// whoever comes next.</summary>
    public static void AddTakeOver(PlanDraft draft)
    {
        var isHalfDone = draft.Snapshot.Credentials.Any(c => c.State is CredentialState.Minting or CredentialState.Pending);
        if (!draft.Request.Supersedes && !isHalfDone)
        {
            return;
        }
        draft.Add(
            "take-over", StepKinds.TakeOver,
            draft.Request.Supersedes
                ? "Stop the rotation under way and take over its credentials"
                : "Take over what an earlier rotation left half done",
            settings: PlanDraft.Settings((StepSettings.ExpectedActive, Accounts.ExpectedActive(draft))));
    }

    /// <param name="again">After a wait for a person: whoever was checked long before is checked once more.</param>
    /// <param name="suffix">Of the steps' ids.</param>
    public static void AddValidation(PlanDraft draft, bool withConsumers = true, bool again = false, string suffix = "")
    {
        var (id, tail, within) = again ? ("recheck" + suffix, ", unless that was done within the hour", StillGood) : ("validate", "", null);
        draft.Add(
            id,
            StepKinds.Validate,
            $"{Check(again)} the provider {draft.Provider.Id} and the store {draft.Policy.Store}{tail}",
            provider: draft.Policy.Provider,
            settings: PlanDraft.Settings((StepSettings.Within, within)),
            group: id);
        foreach (var target in draft.Policy.Targets)
        {
            draft.Add(
                $"{id}-{target.Name}",
                StepKinds.Validate,
                $"{Check(again)} the target {target.Name}{tail}",
                target.Name,
                target.Provider,
                PlanDraft.Settings((StepSettings.OnDrift, DriftNotes.Stops(draft)), (StepSettings.Within, within)),
                group: id);
        }
        foreach (var consumer in withConsumers ? draft.Policy.Consumers : [])
        {
            draft.Add(
                $"{id}-{consumer.Name}",
                StepKinds.Validate,
                $"{Check(again)} the consumer {consumer.Name}{tail}",
                consumer.Name,
                consumer.Provider,
                PlanDraft.Settings(
                    (StepSettings.WhenDown, GoesOnWithout(draft, consumer) ? StepSettings.Proceed : null), (StepSettings.Within, within)),
                group: id);
        }
    }

    private static string Check(bool again) => again ? "Check again" : "Check";

    /// <summary>A leaked credential is not kept alive because a consumer of it is down; and what a target holds instead of the value in
    /// use may be why it is.</summary>
    private static bool GoesOnWithout(PlanDraft draft, ConsumerBinding consumer) =>
        draft.IsEmergency || draft.Request.Instead is not null || LeasedShape.HasEnded(draft)
        || (consumer.WhenDown ?? draft.Policy.WhenDown) == WhenDown.Proceed;

    public static void AddApproval(PlanDraft draft)
    {
        var (approval, rehearsed) = (draft.Policy.Approval, draft.Policy.Strategy == Strategy.ReEncrypt);
        if (draft.IsEmergency || (approval is null && !rehearsed))
        {
            return;
        }
        // In place the old value dies when the new one is applied: asking before a later revoke would be asking too late. And nobody's
        // data is touched without a person who has seen what the rehearsal found.
        if (rehearsed || approval!.Before == ApprovalMoment.Start || draft.Policy.Strategy == Strategy.InPlace || EndingOld.Is(draft))
        {
            draft.Add(
                "approve-start", StepKinds.Approval, "Approval to start",
                settings: PlanDraft.Settings(
                    [
                        (StepSettings.ApproveWhat, "start"),
                        (StepSettings.Shows, rehearsed ? $"{ReencryptShape.Rehearsal},{Preflight}" : null),
                        (StepSettings.ShowsWarnings, rehearsed ? "true" : null),
                        .. ApprovalRule.Settings(approval),
                    ]),
                timeout: approval?.Timeout, waits: true);
            AddValidation(draft, again: true);
        }
    }

    private static void AddRevokeFirst(PlanDraft draft)
    {
        if (!draft.Request.RevokeFirst)
        {
            return;
        }
        if (EndingOld.Is(draft) && EndingOld.Left(draft) == TimeSpan.Zero)
        {
            draft.Warn("The old credential ends as the new one is issued: consumers are locked out until the new one is delivered.");
            return;
        }
        if (draft.Policy.Strategy is not (Strategy.Overlap or Strategy.Alternate or Strategy.Supplied or Strategy.Leased)
            || !draft.CanRevoke)
        {
            draft.Warn(
                $"Revoking first is not possible with strategy {CatalogWords.Of(draft.Policy.Strategy)} at {draft.Provider.Id}: the old "
                    + "credential ends only where it would in any rotation.");
            return;
        }
        draft.Warn(
            "The old credential is revoked before there is a new one: consumers are locked out until the new one is delivered, and "
                + "nothing after the revoke can be undone.");
        draft.ForwardOnly = true;
        draft.Add(
            "revoke-first", StepKinds.Revoke, "Revoke the old credential at once", provider: draft.Policy.Provider,
            settings: PlanDraft.Settings((StepSettings.RevokeFirst, "true")));
    }
}
