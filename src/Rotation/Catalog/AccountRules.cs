using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>No two secrets may set the values of one account: each would end what the other has delivered. What the catalog's own text
/// shows is found: the same account, where the settings that say in which system it is are the same.</summary>
internal static class AccountRules
{
    /// <param name="near">Those that may have one in common.</param>
    public static void Check(
        WholeCatalog all,
        IReadOnlyList<Policy> near,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors,
        CatalogProblems problems)
    {
        var owners = new Dictionary<(string System, string Account), string>();
        foreach (var policy in near)
        {
            foreach (var account in AccountsOf(policy, descriptors))
            {
                if (!owners.TryAdd(account, policy.Name) && owners[account] is var owner && owner != policy.Name)
                {
                    problems.Add(
                        all[policy.Name].Of("provider"),
                        $"{policy.Name}.provider: {account.Account} is an account of {owner} too, in the same system: a rotation of one "
                            + "would end what the other has delivered. Let one secret have it, with the targets of both.");
                    break;
                }
            }
        }
    }

    /// <summary>Those whose values a rotation replaces or ends, each with its system. An account that holds as many values as wanted
    /// may have several secrets.</summary>
    public static IEnumerable<(string System, string Account)> AccountsOf(
        Policy policy, IReadOnlyDictionary<string, ProviderDescriptor> descriptors)
    {
        if (!descriptors.TryGetValue(policy.Provider.Type, out var provider) || provider.SystemSettings.Count == 0)
        {
            return [];
        }
        var name = policy.Strategy switch
        {
            Strategy.Alternate => provider.AccountsSetting,
            Strategy.InPlace => provider.AccountSetting,
            Strategy.Overlap when provider.HoldsTwo => provider.AccountSetting,
            _ => null,
        };
        IReadOnlyList<string> accounts = name is null ? [] : policy.Provider.Settings[name] switch
        {
            JsonArray several => [.. several.Select(one => (string?)one).OfType<string>()],
            JsonValue one when one.TryGetValue<string>(out var account) => [account],
            _ => [],
        };
        var system = accounts.Count == 0 ? "" : SystemOf(policy, provider);
        return accounts.Select(account => (system, account));
    }

    private static string SystemOf(Policy policy, ProviderDescriptor provider)
    {
        var (settings, text) = (policy.Provider.Settings, new StringBuilder());
        foreach (var name in provider.SystemSettings)
        {
            text.Append(name).Append('=').Append(settings[name]?.ToJsonString()
                ?? provider.Settings.FirstOrDefault(setting => setting.Name == name)?.Default).Append('\n');
        }
        return text.ToString();
    }
}
