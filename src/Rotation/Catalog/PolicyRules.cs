using System.Text.Json.Nodes;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>What a policy's parts must be to each other and to the provider's abilities. No rule is applied to a part that was
/// bad by itself.</summary>
internal static class PolicyRules
{
    /// <param name="descriptors">Of all providers, by their ids.</param>
    /// <param name="judge">Of the secrets that are read together.</param>
    public static void Check(
        Policy policy,
        CatalogMap map,
        ProviderDescriptor provider,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors,
        TemplateJudge judge)
    {
        var isWord = map.IsGood("strategy");
        var fits = CheckStrategy(policy, map, provider);
        CheckAbilities(policy, map, provider, isWord);
        if (fits)
        {
            CheckAccounts(policy, map, provider);
            CheckGrace(policy, map);
            CheckVerifiers(policy, map);
            CheckTargets(policy, map, descriptors);
        }
        ScheduleRules.Check(policy, map);
        TemplateRules.Check(policy, map, provider, descriptors, judge, knowsStrategy: fits);
        if (fits)
        {
            PairRules.Check(policy, map, descriptors);
        }
    }

    /// <summary>How long after its promotion a rotation still holds on to the old credential, apart from approvals.</summary>
    public static TimeSpan GraceOf(Policy policy) => policy.Strategy switch
    {
        Strategy.InPlace => TimeSpan.Zero,
        Strategy.DualKey when policy.TokenLifetime > policy.Grace => policy.TokenLifetime.Value,
        _ => policy.Grace,
    };

    private static bool CheckStrategy(Policy policy, CatalogMap map, ProviderDescriptor provider)
    {
        if (!map.IsGood("strategy"))
        {
            return false;
        }
        if (provider.Strategies.Contains(policy.Strategy))
        {
            return true;
        }
        map.Problem(
            "strategy",
            $"\"{provider.Id}\" cannot be rotated with {CatalogWords.Of(policy.Strategy)}. It can with: "
                + $"{string.Join(", ", provider.Strategies.Select(CatalogWords.Of))}.");
        return false;
    }

    private static void CheckTargets(Policy policy, CatalogMap map, IReadOnlyDictionary<string, ProviderDescriptor> descriptors)
    {
        foreach (var target in policy.Targets)
        {
            if (descriptors.TryGetValue(target.Provider.Type, out var descriptor)
                && descriptor.TakesOnly.Count > 0
                && !descriptor.TakesOnly.Contains(policy.Strategy))
            {
                map.Map("targets", known: null)?.Problem(
                    target.Name,
                    $"\"{descriptor.Id}\" lets in only what stands there, so with strategy {CatalogWords.Of(policy.Strategy)} the "
                        + "credential in use would be shut out before its clients have the new one. Set strategy: "
                        + $"{string.Join(" or ", descriptor.TakesOnly.Select(CatalogWords.Of))}.");
            }
        }
    }

    /// <param name="knowsStrategy">Whether a strategy is named, even one that the provider cannot.</param>
    private static void CheckAbilities(Policy policy, CatalogMap map, ProviderDescriptor provider, bool knowsStrategy)
    {
        if (map.Has("evidence") && !provider.Abilities.HasFlag(Abilities.ReportUse))
        {
            map.Problem(
                "evidence",
                $"\"{provider.Id}\" cannot report whether a credential is still used. Remove it, and rely on the grace period or on "
                    + "approval before revoke.");
        }
        if (map.Has("revoke") && !provider.Abilities.HasFlag(Abilities.DisableCredentials))
        {
            map.Problem(
                "revoke",
                $"\"{provider.Id}\" cannot disable a credential and enable it again. Remove it, and rely on the grace period or "
                    + "on approval "
                    + "before revoke.");
        }
        if (policy.Current?.Name is not null && !provider.Abilities.HasFlag(Abilities.ListCredentials))
        {
            map.Problem("current", $"\"{provider.Id}\" cannot list its credentials, so none is found by its name. Give its id.");
        }
        if (map.Has("renewBefore") && !provider.Abilities.HasFlag(Abilities.IssueCredentials))
        {
            map.Problem("renewBefore", $"has no effect: credentials of \"{provider.Id}\" do not end by themselves. Remove it.");
        }
        if (map.Has("value") && (provider.Abilities & (Abilities.GenerateValues | Abilities.ApplyValues)) == Abilities.None)
        {
            map.Problem("value", provider.Supplied is null
                ? $"has no effect: \"{provider.Id}\" makes its values itself. Remove it."
                : $"has no effect: people make the values of \"{provider.Id}\". Say in ask.value what one looks like.");
        }
        if (map.Has("ask") && policy.Strategy != Strategy.Supplied && knowsStrategy)
        {
            map.Problem("ask", $"is only for strategy supplied, not for {CatalogWords.Of(policy.Strategy)}. Remove it.");
        }
        foreach (var name in new[] { "tokenLifetime", "verifierCache" })
        {
            if (map.Has(name) && policy.Strategy != Strategy.DualKey && knowsStrategy)
            {
                map.Problem(name, $"is only for strategy dual-key, not for {CatalogWords.Of(policy.Strategy)}. Remove it.");
            }
        }
    }

    private static void CheckAccounts(Policy policy, CatalogMap map, ProviderDescriptor provider)
    {
        if (!map.IsGood("provider"))
        {
            return;
        }
        if (policy.Strategy == Strategy.InPlace && provider.AccountSetting is { } single && policy.Provider.Settings[single] is null)
        {
            map.Problem("provider", $"strategy in-place needs the account whose value is rotated. Set \"{single}\".");
        }
        if (policy.Strategy != Strategy.Alternate || provider.AccountsSetting is not { } setting)
        {
            return;
        }
        var accounts = (policy.Provider.Settings[setting] as JsonArray)?.Select(a => (string?)a).ToList() ?? [];
        if (accounts.Count != 2 || accounts.Distinct(StringComparer.Ordinal).Count() != 2)
        {
            map.Problem(
                "provider",
                $"strategy alternate takes turns between exactly two different accounts, but \"{setting}\" has "
                    + $"{accounts.Distinct(StringComparer.Ordinal).Count()}. Set {setting}: [first, second].");
        }
        else if (policy.Current?.Id is { } id && map.IsGood("current") && !accounts.Contains(id, StringComparer.Ordinal))
        {
            map.Problem("current", $"the id must be the account in use, one of {string.Join(", ", accounts)}.");
        }
    }

    private static void CheckGrace(Policy policy, CatalogMap map)
    {
        if (policy.Strategy == Strategy.InPlace)
        {
            CheckInPlace(policy, map);
        }
        else if (policy.Strategy == Strategy.Leased && map.Has("approval"))
        {
            map.Problem(
                "approval",
                "does not go with strategy leased: leases are replaced around the clock, and one that ends while a person is waited for "
                    + "locks everyone out. Remove it.");
        }
        else if (policy.Strategy == Strategy.DualKey
            && policy.TokenLifetime > policy.Grace
            && map.IsGood("grace")
            && map.IsGood("tokenLifetime"))
        {
            var from = map.Has("grace") ? "" : ", by default";
            map.Problem(
                map.Has("grace") ? "grace" : "tokenLifetime",
                $"the grace ({DurationText.Format(policy.Grace)}{from}) is shorter than tokenLifetime "
                    + $"({DurationText.Format(policy.TokenLifetime.Value)}), so tokens signed with the old key would be refused. Set "
                    + $"grace to {DurationText.Format(policy.TokenLifetime.Value)} or more.");
        }
    }

    /// <summary>Tokens are mostly checked by other systems than the one that signs them, and those keep the keys for a while.</summary>
    private static void CheckVerifiers(Policy policy, CatalogMap map)
    {
        if (policy.Strategy == Strategy.DualKey && map.Has("tokenLifetime") && !map.Has("verifierCache"))
        {
            map.Warn(
                "tokenLifetime",
                "whoever checks the tokens and keeps its keys for a while (a JWKS, a sidecar) refuses those of a new key until it reads "
                    + "them again. Say how long it keeps them, verifierCache: 5m, or verifierCache: 0s if nobody does.");
        }
    }

    private static void CheckInPlace(Policy policy, CatalogMap map)
    {
        const string Why = "with strategy in-place the old value stops working when the new one is applied";
        if (map.Has("grace") && map.IsGood("grace") && policy.Grace > TimeSpan.Zero)
        {
            map.Problem("grace", $"has no effect: {Why}. Remove it.");
        }
        if (map.Has("evidence") && map.IsGood("evidence"))
        {
            map.Problem("evidence", $"has no effect: {Why}. Remove it.");
        }
        if (map.Has("approval") && map.IsGood("approval") && policy.Approval?.Before == ApprovalMoment.Revoke)
        {
            map.Problem("approval", $"before: revoke comes too late: {Why}. Use before: start.");
        }
    }
}
