using System.Globalization;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Planning;

/// <summary>A value that a person gives: asked for, tried, and from there on as overlap. At the end a person may have to end the old
/// one, too.</summary>
internal static class SuppliedShape
{
    public static void Draw(PlanDraft draft)
    {
        AddAsk(draft);
        DeliveryPhase.Draw(draft, number: 1, Delivered.New, before: Delivered.Old);
        Closing.Draw(draft, draft.Policy.Grace);
        AddConfirm(draft);
    }

    private static void AddAsk(PlanDraft draft)
    {
        var ask = draft.Policy.Ask ?? new AskPolicy(null, null, [], null);
        var usual = draft.Provider.Supplied;
        var shape = ask.Shape ?? usual?.Shape ?? ValueShape.Any;
        var create = ask.Create ?? usual?.Create ?? "a new credential";
        draft.Add(
            "ask",
            StepKinds.Ask,
            $"Ask a person to make {create}, and "
                + (draft.Can(Abilities.VerifyCredentials) ? $"try its value at {draft.Provider.Id}" : "take its value"),
            provider: draft.Policy.Provider,
            settings: PlanDraft.Settings([
                .. Escalation.Settings(ask.Escalate),
                (StepSettings.AskCreate, create),
                (StepSettings.Link, ask.Link ?? usual?.Link),
                (StepSettings.AskScopes, ask.Scopes.Count == 0 ? null : string.Join(',', ask.Scopes)),
                (StepSettings.AskName, ask.Name ?? $"{draft.Policy.Name}-{draft.Snapshot.NextNumber}"),
                (StepSettings.AskFrom, ask.From.Count == 0 ? null : string.Join(',', ask.From)),
                (StepSettings.AskDue, DurationText.Format(ask.Due)),
                (StepSettings.RemindEvery, DurationText.Format(ask.RemindEvery)),
                (StepSettings.AskPrefix, shape.Prefix),
                (StepSettings.AskPattern, shape.Pattern),
                (StepSettings.AskMinLength, Number(shape.MinLength)),
                (StepSettings.AskMaxLength, Number(shape.MaxLength)),
                (StepSettings.AskLineEnds, shape.LineEnds ? "true" : null),
                (StepSettings.AskExpires, DurationText.Format(ask.ExpiresAfter))]),
            undo:
            [
                PlanDraft.Undo(
                    "undo-ask-revoke",
                    StepKinds.RevokeNew,
                    draft.CanRevoke ? "Revoke the new credential" : "List the new credential as to be revoked by hand",
                    provider: draft.Policy.Provider),
                PlanDraft.Undo("undo-ask", StepKinds.DiscardPending, "Discard the pending value", provider: draft.Policy.Provider),
            ]);
    }

    private static void AddConfirm(PlanDraft draft)
    {
        var ask = draft.Policy.Ask;
        draft.Add(
            "confirm-revoked",
            StepKinds.ConfirmRevoked,
            draft.CanRevoke
                ? "Make sure that nothing old is left that no API could revoke"
                : $"Wait until a person has ended the old credential"
                    + (draft.Can(Abilities.VerifyCredentials) ? ", and make sure that it is refused" : ", and said so"),
            provider: draft.Policy.Provider,
            settings: PlanDraft.Settings([
                .. Escalation.Settings(ask?.Escalate),
                (StepSettings.Link, ask?.Link ?? draft.Provider.Supplied?.Link),
                (StepSettings.RemindEvery, DurationText.Format((ask ?? new AskPolicy(null, null, [], null)).RemindEvery))]));
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
