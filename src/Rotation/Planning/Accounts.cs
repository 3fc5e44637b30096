using System.Globalization;
using System.Text.Json.Nodes;

namespace Rotunda.Rotation.Planning;

/// <summary>Which account a plan works on.</summary>
internal static class Accounts
{
    /// <summary>The one of the two accounts that is not in use.</summary>
    public static string Idle(PlanDraft draft)
    {
        var accounts = Both(draft);
        var active = draft.Snapshot.Active;
        var used = active?.Account ?? active?.ProviderCredentialId ?? draft.Policy.Current?.Id;
        var idle = used == accounts[1] ? accounts[0] : accounts[1];
        if (!accounts.Contains(used, StringComparer.Ordinal))
        {
            draft.Warn(
                $"Nothing tells which of the accounts {accounts[0]} and {accounts[1]} is in use. The plan takes {accounts[0]} for the "
                    + $"one in use and sets a new value on {idle}. If consumers use {idle}, stop here and say so in \"current: id\".");
        }
        foreach (var credential in draft.Snapshot.Credentials.Where(c => c != active
            && c.MayBeLive
            && (c.Account ?? c.ProviderCredentialId) == idle))
        {
            draft.Warn(
                $"A credential of rotation {credential.RotationNumber} may still be live on {idle} ({credential.State}). Setting the new "
                    + "value ends it at once.");
        }
        return idle;
    }

    public static string? Single(PlanDraft draft) =>
        (draft.Provider.AccountSetting is { } setting ? (string?)draft.Policy.Provider.Settings[setting] : null)
            ?? draft.Snapshot.Active?.Account;

    public static string Of(string? account) => account is null ? "" : $" of {account}";

    /// <summary>" app_a", where the old credential is an account or has an id that people know it by; else nothing.</summary>
    public static string OldOf(PlanDraft draft) =>
        (draft.Snapshot.Active?.Account ?? draft.Snapshot.Active?.ProviderCredentialId) is { } old ? $" {old}" : "";

    public static string? ExpectedActive(PlanDraft draft) => draft.Snapshot.Active?.Id.ToString(CultureInfo.InvariantCulture);

    public static PlannedUndo ReapplyOld(PlanDraft draft, string id, bool levels = false)
    {
        var account = Single(draft);
        return PlanDraft.Undo(
            id,
            StepKinds.ReapplyOld,
            $"Put the old value{Of(account)} back{(draft.KnowsOldValue ? "" : " by hand, if the new one was applied")}",
            provider: draft.Policy.Provider,
            settings: PlanDraft.Settings((StepSettings.Account, account), (StepSettings.Level, levels ? "true" : null)));
    }

    private static List<string> Both(PlanDraft draft)
    {
        var setting = draft.Provider.AccountsSetting;
        var accounts =
            setting is null ? null : (draft.Policy.Provider.Settings[setting] as JsonArray)?.Select(a => (string?)a ?? "").ToList();
        return accounts is { Count: 2 } && accounts[0] != accounts[1]
            ? accounts
            : throw new ArgumentException(
                $"Strategy alternate needs two different accounts at \"{draft.Provider.Id}\". Validate the catalog first.",
                nameof(draft));
    }
}
