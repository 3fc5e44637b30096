using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Planning;

/// <summary>From the promotion to the end of the old credential.</summary>
internal static class Closing
{
    /// <param name="grace">Ignored in an emergency.</param>
    /// <param name="beforeRevoke">What else ends the old value, once the grace, the evidence and the approval are through.</param>
    public static void Draw(PlanDraft draft, TimeSpan grace, Action? beforeRevoke = null)
    {
        AddPromote(draft);
        AddGates(draft, grace);
        AddHold(draft);
        if (AddTrial(draft))
        {
            AddHold(draft, "hold-again");
        }
        draft.PastReturn = true;
        beforeRevoke?.Invoke();
        var byHand = PlanWarnings.MustRevokeByHand(draft);
        draft.Add(
            "revoke", StepKinds.Revoke, RevokeTitle(draft, byHand), provider: draft.Policy.Provider,
            settings: PlanDraft.Settings(
                (StepSettings.ByHand, byHand ? "true" : null),
                (StepSettings.Confirms, draft.Policy.Strategy == Strategy.Supplied ? "true" : null)));
    }

    /// <summary>In place there is no grace and nothing left to revoke: applying the new value ended the old one.</summary>
    public static void DrawInPlace(PlanDraft draft)
    {
        AddPromote(draft);
        draft.PastReturn = true;
        var why = draft.Can(Abilities.ApplyValues) ? "it stopped working when the new one was applied" : "it is gone from the targets";
        draft.Add(
            "revoke", StepKinds.Revoke, $"Mark the old value as revoked ({why})", provider: draft.Policy.Provider,
            settings: PlanDraft.Settings((StepSettings.InPlace, "true")));
    }

    public static void AddPromote(PlanDraft draft) =>
        draft.Add(
            "promote",
            StepKinds.Promote,
            $"Make the new value current in {draft.Policy.Store}",
            provider: draft.Policy.Provider,
            undo:
            [
                PlanDraft.Undo(
                    "undo-promote",
                    StepKinds.Unpromote,
                    $"Make the old value current in {draft.Policy.Store} again",
                    provider: draft.Policy.Provider),
            ]);

    /// <param name="what">What is let live on.</param>
    /// <param name="suffix">Of the steps' ids.</param>
    public static void AddGates(PlanDraft draft, TimeSpan grace, string what = "the old credential", string suffix = "")
    {
        if (draft.IsEmergency || NothingIsOld(draft))
        {
            return;
        }
        var policy = draft.Policy;
        if (grace > TimeSpan.Zero)
        {
            draft.Add(
                "grace" + suffix, StepKinds.Grace, $"Let {what} live on for {DurationText.Format(grace)}",
                settings: PlanDraft.Settings((StepSettings.Duration, DurationText.Format(grace))), waits: true);
        }
        if (policy.Evidence is { } evidence && draft.Can(Abilities.ReportUse))
        {
            draft.Add(
                "evidence" + suffix,
                StepKinds.Evidence,
                $"Wait until nothing has used {what} for {DurationText.Format(evidence.QuietFor)}",
                provider: policy.Provider,
                settings: PlanDraft.Settings(
                    (StepSettings.QuietFor, DurationText.Format(evidence.QuietFor)),
                    (StepSettings.OnTimeout, evidence.OnTimeout == EvidenceTimeoutAction.Proceed ? "proceed" : "stuck"),
                    (StepSettings.Others, suffix.Length > 0 ? "true" : null)),
                timeout: evidence.Timeout,
                retry: PlanDraft.Polling(evidence.Timeout, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(15)));
        }
        if (policy.Approval is { Before: ApprovalMoment.Revoke } approval)
        {
            draft.Add(
                "approve-revoke" + suffix, StepKinds.Approval, $"Approval to revoke {what}",
                settings: PlanDraft.Settings([(StepSettings.ApproveWhat, "revoke"), .. ApprovalRule.Settings(approval)]),
            timeout: approval.Timeout, waits: true);
        }
    }

    /// <summary>A trial cut-off before the end: whoever still uses the old credential fails while it can be given back.</summary>
    /// <param name="all">The secret ends: all of its credentials are disabled.</param>
    /// <returns>True if there is one.</returns>
    public static bool AddTrial(PlanDraft draft, bool all = false)
    {
        if (draft.IsEmergency || draft.Policy.DisableFor is not { } time || !draft.Can(Abilities.DisableCredentials))
        {
            return false;
        }
        if (!all && draft.Snapshot.Active?.ProviderCredentialId is null)
        {
            draft.Warn("Nothing tells the provider's id of the credential in use, so there is no trial cut-off before its end.");
            return false;
        }
        var (what, span) = (all ? "all of its credentials" : "the old credential", DurationText.Format(time));
        draft.Add(
            "disable",
            StepKinds.Disable,
            $"Disable {what}, as a trial",
            provider: draft.Policy.Provider,
            settings: PlanDraft.Settings((StepSettings.Retire, all ? "true" : null)),
            undo: [PlanDraft.Undo("enable", StepKinds.Enable, $"Enable {what} again", provider: draft.Policy.Provider)]);
        draft.Add(
            "trial", StepKinds.Grace, $"Wait {span} for whoever still needs {(all ? "them" : "it")}: until then a rollback brings it back",
            settings: PlanDraft.Settings((StepSettings.Duration, span), (StepSettings.From, StepSettings.Here)), waits: true);
        return true;
    }

    /// <summary>Of a hold that looks at the clock alone.</summary>
    public static Dictionary<string, string> ClockOnly => PlanDraft.Settings((StepSettings.ClockOnly, "true"));

    /// <summary>The last look before anything ends the old credential. An emergency does not wait for what it finds.</summary>
    public static void AddHold(PlanDraft draft, string id = "hold")
    {
        if (NothingIsOld(draft))
        {
            return;
        }
        var clockOnly = draft.Request.Instead == Strategy.Retire;
        var about = clockOnly || draft.Policy.Targets.Count == 0 ? "" : ", and that every target of the catalog has the new value";
        draft.Add(
            id,
            StepKinds.Hold,
            draft.IsEmergency
                ? "Look which targets of the catalog never got the new value"
                : $"Make sure that the clock is right{about}",
            settings: PlanDraft.Settings(
                (StepSettings.OnHold, draft.IsEmergency ? StepSettings.Proceed : null),
                (StepSettings.ClockOnly, clockOnly ? "true" : null)));
    }

    /// <summary>The first value of a secret that is made here: no system holds an older one, so there is nothing to wait or to
    /// ask for.</summary>
    private static bool NothingIsOld(PlanDraft draft) =>
        draft.Snapshot.Credentials.Count == 0 && !draft.Can(Abilities.IssueCredentials) && !draft.Can(Abilities.ApplyValues)
        && draft.Policy.Strategy != Strategy.Supplied;

    private static string RevokeTitle(PlanDraft draft, bool byHand)
    {
        if (draft.ForwardOnly || NothingIsOld(draft))
        {
            return "Revoke whatever else may still be live";
        }
        if (byHand && draft.Policy.Strategy == Strategy.Supplied)
        {
            return "Put on record that a person has to end the old credential";
        }
        if (byHand)
        {
            return "List the old credential as to be revoked by hand";
        }
        return draft.CanRevoke
            ? $"Revoke the old credential{Accounts.OldOf(draft)}"
            : "Mark the old value as revoked (it is gone from the targets)";
    }
}
