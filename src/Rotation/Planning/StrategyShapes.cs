using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Planning;

/// <summary>The shape that each strategy gives a plan (the table in the design).</summary>
internal static class StrategyShapes
{
    public static void Draw(PlanDraft draft)
    {
        PlanWarnings.BeforeSteps(draft);
        DriftNotes.Write(draft);
        Opening.Draw(draft);
        switch (draft.Policy.Strategy)
        {
            case Strategy.Overlap:
                DrawOverlap(draft);
                break;
            case Strategy.Leased:
                LeasedShape.Draw(draft);
                break;
            case Strategy.Alternate:
                DrawAlternate(draft);
                break;
            case Strategy.InPlace:
                DrawInPlace(draft);
                break;
            case Strategy.DualKey:
                DrawDualKey(draft);
                break;
            case Strategy.ReEncrypt:
                ReencryptShape.Draw(draft);
                break;
            case Strategy.Supplied:
                SuppliedShape.Draw(draft);
                break;
            default:
                throw new ArgumentException($"There is no shape for strategy {draft.Policy.Strategy}.", nameof(draft));
        }
        draft.Add("finish", StepKinds.Finish, "Close the books");
    }

    private static void DrawOverlap(PlanDraft draft)
    {
        if (draft.Can(Abilities.IssueCredentials))
        {
            AddIssue(draft);
        }
        else
        {
            AddGenerate(draft);
        }
        if (AppliesBeside(draft))
        {
            AddApplyBeside(draft);
        }
        if (EndingOld.Is(draft))
        {
            EndingOld.Begin(draft);
        }
        AddVerify(draft);
        DeliveryPhase.Draw(draft, number: 1, Delivered.New, before: Delivered.Old);
        if (EndingOld.Is(draft))
        {
            EndingOld.Close(draft);
            return;
        }
        Closing.Draw(draft, draft.Policy.Grace);
    }

    /// <summary>The account takes a value of ours beside the one that it has.</summary>
    private static bool AppliesBeside(PlanDraft draft) => draft.Can(Abilities.ApplyValues) && !draft.Can(Abilities.IssueCredentials);

    /// <summary>Without an account of its own on record: both values are of one, and neither replaces the other.</summary>
    private static void AddApplyBeside(PlanDraft draft)
    {
        if (draft.Provider.HoldsTwo)
        {
            foreach (var third in draft.Snapshot.Credentials.Where(one => one != draft.Snapshot.Active && one.MayBeLive))
            {
                draft.Warn(
                    $"A credential of rotation {third.RotationNumber} may still be live ({third.State}), and there are two values at most. "
                        + "Setting the new value ends it at once.");
            }
        }

        var single = Accounts.Single(draft);
        var (on, from) = single is null ? ("", "") : ($" on {single},", $" from {single}");
        AddApply(
            draft, $"Set the new value{on} beside the one in use", account: null,
            [
                PlanDraft.Undo(
                    "undo-apply",
                    StepKinds.RevokeNew,
                    $"Take the new value away{from} again",
                    provider: draft.Policy.Provider),
            ], undoesForRenewal: true);
    }

    private static void DrawAlternate(PlanDraft draft)
    {
        var idle = Accounts.Idle(draft);
        AddGenerate(draft, idle);
        AddApply(draft, $"Set the new value on the idle account {idle}{Carried(draft)}", idle,
        [
            PlanDraft.Undo(
                "undo-apply",
                StepKinds.RevokeNew,
                $"Lock the idle account {idle} again",
                provider: draft.Policy.Provider,
                settings: PlanDraft.Settings((StepSettings.Account, idle))),
        ], undoesForRenewal: true);
        AddVerify(draft);
        DeliveryPhase.Draw(draft, number: 1, Delivered.New, before: Delivered.Old);
        Closing.Draw(draft, draft.Policy.Grace);
    }

    private static void DrawInPlace(PlanDraft draft)
    {
        AddGenerate(draft, Accounts.Single(draft));
        if (draft.Can(Abilities.ApplyValues))
        {
            AddApplyInPlace(draft);
        }
        AddVerify(draft);
        DeliveryPhase.Draw(draft, number: 1, Delivered.New, before: Delivered.Old);
        Closing.DrawInPlace(draft);
    }

    private static void AddApplyInPlace(PlanDraft draft)
    {
        var account = Accounts.Single(draft);
        draft.Warn(
            $"There is one value{Accounts.Of(account)} at a time: from the step that replaces it until they have the new one, consumers "
                + "cannot log in anew. "
                + (draft.Provider.Strategies.Contains(Strategy.Alternate)
                    ? "Two accounts taken in turn (strategy alternate) have no such gap."
                    : "Let it run in a quiet hour (\"windows\")."));
        // Its undo settles the case that nothing was applied. Otherwise, without the old value, it stops and waits for a person.
        AddApply(
            draft, $"Replace the value{Accounts.Of(account)} with the new one", account,
            Levelling.IsOnTheWayBack(draft) ? Levelling.WayBack(draft) : [Accounts.ReapplyOld(draft, "undo-apply")]);
        if (!draft.KnowsOldValue)
        {
            // From here on the way back would deliver, or leave, a value that no longer works.
            draft.ForwardOnly = true;
            draft.Warn(
                "The value in use is not stored here, so it cannot be put back: once the new value is applied, this rotation only goes "
                    + "forward. To be able to go back, give the value by \"current: value\" first.");
        }
    }

    private static void DrawDualKey(PlanDraft draft)
    {
        AddGenerate(draft);
        if (!draft.KnowsOldValue)
        {
            draft.Warn(
                "The value in use is not known, so the new one is delivered alone: whatever was signed with an older key is refused from "
                    + "then on.");
            DeliveryPhase.Draw(draft, number: 1, Delivered.New, before: Delivered.Old);
            Closing.Draw(draft, TimeSpan.Zero);
            return;
        }
        DeliveryPhase.Draw(draft, number: 1, Delivered.OldThenNew, before: Delivered.Old);
        AddCacheWait(draft);
        DeliveryPhase.Draw(draft, number: 2, Delivered.NewThenOld, before: Delivered.OldThenNew);
        var grace = draft.Policy.TokenLifetime is { } lifetime && lifetime > draft.Policy.Grace ? lifetime : draft.Policy.Grace;
        Closing.Draw(draft, grace, beforeRevoke: () => DeliveryPhase.Draw(draft, number: 3, Delivered.New, before: Delivered.NewThenOld));
    }

    /// <summary>Whoever keeps the keys that it has read refuses what is signed with one that it has not read yet.</summary>
    private static void AddCacheWait(PlanDraft draft)
    {
        if (draft.Policy.VerifierCache is not { } cache || cache == TimeSpan.Zero)
        {
            return;
        }
        if (draft.IsEmergency)
        {
            draft.Warn(
                $"An emergency does not wait the {DurationText.Format(cache)} of verifierCache: verifiers that keep their keys so long "
                    + "refuse what is signed with the new key until they read them again.");
            return;
        }
        draft.Add(
            "wait-verifiers", StepKinds.Wait,
            $"Wait {DurationText.Format(cache)}, until every verifier has read the new key beside the old one",
            settings: PlanDraft.Settings((StepSettings.Duration, DurationText.Format(cache))), waits: true);
    }

    public static void AddIssue(PlanDraft draft) =>
        draft.Add(
            "issue",
            StepKinds.Issue,
            draft.Policy.Strategy == Strategy.Leased
                ? $"Take the next lease at {draft.Provider.Id}"
                : $"Issue a new credential at {draft.Provider.Id}{Ending(draft)}{Carried(draft)}",
            provider: EndingOld.Issuer(draft),
            undo:
        [
            PlanDraft.Undo(
                "undo-issue-revoke",
                StepKinds.RevokeNew,
                EndingOld.Is(draft) ? "Make sure that no new credential was issued: with one, only forward"
                    : draft.CanRevoke ? "Revoke the new credential"
                    : "List the new credential as to be revoked by hand",
                provider: draft.Policy.Provider),
            PlanDraft.Undo("undo-issue", StepKinds.DiscardPending, "Discard the pending value", provider: draft.Policy.Provider),
        ], undoesForRenewal: true);

    /// <summary>When it ends by itself, as far as the settings tell.</summary>
    private static string Ending(PlanDraft draft) =>
        draft.Policy.Provider.Settings["lifetime"]?.ToString() is { } lifetime ? $" that ends by itself after {lifetime}" : "";

    /// <summary>What it has from the credential in use, if that is known.</summary>
    private static string Carried(PlanDraft draft) =>
        draft.Provider.Carries is { Count: > 0 } carries && draft.Snapshot.Active?.ProviderCredentialId is not null
            ? $", carrying over from the one in use where the settings do not say: {string.Join(", ", carries)}"
            : "";

    /// <param name="account">The account the value is for: the ledger has it on record before anything is applied.</param>
    public static void AddGenerate(PlanDraft draft, string? account = null) =>
        draft.Add(
            "generate",
            StepKinds.Generate,
            $"Make a new value and store it as pending in {draft.Policy.Store}",
            provider: draft.Policy.Provider,
            settings: PlanDraft.Settings((StepSettings.Account, account)), undo:
            [
                PlanDraft.Undo("undo-generate", StepKinds.DiscardPending, "Discard the pending value", provider: draft.Policy.Provider),
            ], undoesForRenewal: true);

    private static void AddApply(
        PlanDraft draft,
        string title,
        string? account,
        IReadOnlyList<PlannedUndo> undo,
        bool undoesForRenewal = false) =>
        draft.Add(
            "apply",
            StepKinds.Apply,
            title,
            provider: draft.Policy.Provider,
            settings: PlanDraft.Settings((StepSettings.Account, account), (StepSettings.ExpectedActive, Accounts.ExpectedActive(draft))),
            undo: undo,
            undoesForRenewal: undoesForRenewal);

    public static void AddVerify(PlanDraft draft)
    {
        if (draft.Can(Abilities.VerifyCredentials))
        {
            draft.Add(
                "verify",
                StepKinds.Verify,
                $"Verify that the new credential works at {draft.Provider.Id}",
                provider: draft.Policy.Provider);
        }
    }
}
