using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Planning;

/// <summary>What a person should know before the plan runs.</summary>
internal static class PlanWarnings
{
    public static void BeforeSteps(PlanDraft draft)
    {
        WarnOfSkips(draft);
        WarnOfOld(draft);
        WarnOfOrphans(draft);
        WarnOfProof(draft);
        WarnOfApproval(draft);
        WarnOfData(draft);
        WarnOfCosts(draft);
    }

    /// <summary>True if something may remain at the provider that no code can end.</summary>
    public static bool MustRevokeByHand(PlanDraft draft) =>
        !draft.CanRevoke && !IsGenerated(draft);

    /// <summary>Made here and known to no system but the targets: leaving them is its end.</summary>
    private static bool IsGenerated(PlanDraft draft) =>
        draft.Can(Abilities.GenerateValues) && !draft.Can(Abilities.IssueCredentials) && !draft.Can(Abilities.ApplyValues);

    private static void WarnOfSkips(PlanDraft draft)
    {
        if (!draft.IsEmergency)
        {
            return;
        }
        var (policy, incident) = (draft.Policy, draft.Request.Incident);
        if (policy.Approval is { } approval)
        {
            draft.Warn(
                $"Emergency {incident}: the approval before {(approval.Before == ApprovalMoment.Start ? "the start" : "the revoke")} is "
                    + "skipped. It is to be reviewed afterwards.");
        }
        else if (policy.Strategy == Strategy.ReEncrypt)
        {
            draft.Warn($"Emergency {incident}: the approval of what the rehearsal finds is skipped. It is to be reviewed afterwards.");
        }
        if (PolicyRules.GraceOf(policy) is var grace && grace > TimeSpan.Zero && !EndingOld.Is(draft))
        {
            draft.Warn($"Emergency {incident}: the grace of {DurationText.Format(grace)} is skipped. {AfterRevoke(policy.Strategy)}");
        }
        if (policy.DisableFor is { } trial)
        {
            draft.Warn(
                $"Emergency {incident}: the old credential is not disabled for {DurationText.Format(trial)} first: its revoke "
                    + "cannot be taken "
                    + "back.");
        }
        if (policy.Evidence is not null && policy.Strategy != Strategy.InPlace)
        {
            draft.Warn($"Emergency {incident}: the evidence that consumers moved is not waited for.");
        }
        if (draft.Request.RevokeFirst && draft.Provider.Carries is { Count: > 0 } carries)
        {
            draft.Warn(
                $"Emergency {incident}: the old credential is gone before the new one is made, so nothing is carried over from it "
                    + $"({string.Join(", ", carries)}): what the new one is to have must be in the catalog.");
        }
        if (policy.Consumers.Count > 0)
        {
            draft.Warn($"Emergency {incident}: a consumer that is down before the start is not waited for.");
        }
        if (policy.Window is { } window && !RotationWindows.IsOpen(window, draft.Request.At))
        {
            draft.Warn($"Emergency {incident}: it runs outside its window ({RotationWindows.Describe(window)}).");
        }
        if (Openings.FreezeAt(policy, draft.Request.At) is { } freeze)
        {
            draft.Warn($"Emergency {incident}: it runs in the change freeze {freeze.Name}.");
        }
    }

    private static string AfterRevoke(Strategy strategy) => strategy switch
    {
        Strategy.DualKey => "Tokens signed with the old key are refused as soon as it is revoked.",
        Strategy.ReEncrypt => "There is no way back once the rows are verified.",
        _ => "Consumers that still hold the old credential fail as soon as it is revoked.",
    };

    private static void WarnOfOld(PlanDraft draft)
    {
        // Generated values end by leaving the targets, whatever is known of them.
        if (draft.Policy.Strategy is Strategy.InPlace or Strategy.DualKey or Strategy.ReEncrypt
            || IsGenerated(draft)
            || EndingOld.Is(draft))
        {
            return;
        }
        var active = draft.Snapshot.Active;
        if (MustRevokeByHand(draft) && draft.Policy.Strategy == Strategy.Supplied)
        {
            draft.Warn(
                $"{draft.Provider.Id} cannot revoke by API: at the end a person ends the old credential there, and says so "
                    + $"(rotunda confirm {draft.Policy.Name}-{draft.Snapshot.NextNumber}).");
        }
        else if (MustRevokeByHand(draft))
        {
            draft.Warn($"{draft.Provider.Id} cannot revoke by API: the old credential is listed as to be revoked by hand.");
        }
        else if (draft.Policy.Strategy is Strategy.Overlap or Strategy.Supplied or Strategy.Leased && active is null)
        {
            draft.Warn(
                "No credential in use is known. If there is one, this rotation does not revoke it: revoke it by hand, or say what it is "
                    + "in \"current:\" first.");
        }
        else if (draft.Policy.Strategy == Strategy.Overlap && draft.Can(Abilities.RevokeByValue))
        {
            if (!draft.KnowsOldValue)
            {
                draft.Warn(
                    "The value in use is not stored here, and what has to be shown cannot be taken away without it: it is listed as to be "
                        + "revoked by hand. Give it by \"current: value\" first.");
            }
        }
        else if (draft.Policy.Strategy is Strategy.Overlap or Strategy.Leased && active!.ProviderCredentialId is null)
        {
            draft.Warn("Nothing tells the provider's id of the credential in use: it is listed as to be revoked by hand.");
        }
    }

    private static void WarnOfOrphans(PlanDraft draft)
    {
        var orphans = draft.Snapshot.Credentials.Count(c => c.State == CredentialState.Orphan);
        if (orphans > 0)
        {
            draft.Warn(
                $"{orphans} orphan{(orphans == 1 ? "" : "s")} of earlier rotations {(orphans == 1 ? "waits" : "wait")} for a person.");
        }
    }

    private static void WarnOfProof(PlanDraft draft)
    {
        if (draft.Policy.Targets.Count == 0)
        {
            draft.Warn("There are no targets: the new value is only published in the store.");
        }
        var isProved = draft.Can(Abilities.VerifyCredentials)
            || draft.Policy.Strategy == Strategy.ReEncrypt
            || draft.Policy.Consumers.Any(c => draft.Can(c.Provider, Abilities.CheckConsumers));
        if (!isProved)
        {
            draft.Warn(
                "Nothing proves that the new value works before the old one ends: the provider cannot verify it, and no consumer is "
                    + "checked.");
        }
        if (draft.Policy.Strategy is Strategy.Overlap or Strategy.Alternate && !EndingOld.Is(draft) && !draft.Can(Abilities.ReportUse))
        {
            draft.Warn(
                $"{draft.Provider.Id} cannot report use, so there is no evidence to wait for: a consumer that was missed is locked out "
                    + "when the old credential ends.");
        }
    }

    private static void WarnOfApproval(PlanDraft draft)
    {
        if (draft.Policy.Approval?.Before != ApprovalMoment.Revoke || draft.IsEmergency)
        {
            return;
        }
        if (EndingOld.Is(draft))
        {
            draft.Warn(
                "The approval before the revoke is asked for before the start: the old credential ends by itself once a new one is "
                    + "issued.");
        }
        else if (draft.Policy.Strategy == Strategy.InPlace)
        {
            draft.Warn(
                "The approval before the revoke is asked for before the start: in place the old value ends when the new one is applied.");
        }
    }

    private static void WarnOfCosts(PlanDraft draft)
    {
        var bindings = draft.Policy.Targets.Select(target => (target.Name, target.Provider))
            .Concat(draft.Policy.Consumers.Select(consumer => (consumer.Name, consumer.Provider)))
            .Prepend((draft.Provider.Id, draft.Policy.Provider));
        foreach (var (name, provider) in bindings)
        {
            foreach (var cost in draft.CostsOf(provider))
            {
                draft.Warn($"{name}{cost}");
            }
        }
    }

    /// <summary>What no step can look after: whether the application has read its keys before rows move, and copies of the data
    /// elsewhere.</summary>
    private static void WarnOfData(PlanDraft draft)
    {
        if (draft.Policy.Strategy != Strategy.ReEncrypt)
        {
            return;
        }
        if (draft.Policy.Migration == MigrationMode.Online
            && !draft.Policy.Consumers.Any(c => draft.Can(c.Provider, Abilities.CheckConsumers)))
        {
            // A target confirms what stands there, which says nothing about who has read it.
            draft.Warn(draft.Policy.Consumers.Any(c => draft.Can(c.Provider, Abilities.RestartConsumers))
                ? "No consumer is checked before rows are moved: if one is restarted but has not read the new key, it cannot open the "
                    + "rows that are moved."
                : "No consumer is restarted or checked: rows are moved as soon as the keys are delivered, and whatever has not read the "
                    + "new one by then cannot open them. Name consumers, or be sure that the application reads its keys anew by itself.");
        }
        draft.Warn(
            "Backups of the data from before its end (nightly ones, those for point-in-time recovery, a dump that this rotation writes) "
                + "stay under the old key, which it ends: keep a copy of that key for as long as they are kept.");
    }
}
