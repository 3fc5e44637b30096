using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>No two secrets may set the values of one account: each would end what the other has delivered. What the catalog's own text
/// shows is found: the same account, where the settings that say in which system it is are the same.</summary>
internal static class AccountRules
{
    public static void Check(
        WholeCatalog all,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors,
        CatalogProblems problems)
    {
        var owners = new Dictionary<(string System, string Account), string>();
        foreach (var policy in all.Policies.Values)
        {
            if (!descriptors.TryGetValue(policy.Provider.Type, out var provider) || provider.SystemSettings.Count == 0
                || AccountsOf(policy, provider) is not { Count: > 0 } accounts)
            {
                continue;
            }

            var system = SystemOf(policy, provider);
            foreach (var account in accounts)
            {
                if (!owners.TryAdd((system, account), policy.Name) && owners[(system, account)] is var owner && owner != policy.Name)
                {
                    problems.Add(
                        all[policy.Name].Of("provider"),
                        $"{policy.Name}.provider: {account} is an account of {owner} too, in the same system: a rotation of one would end "
                            + "what the other has delivered. Let one secret have it, with the targets of both.");
                    break;
                }
            }
        }
    }

    /// <summary>Those whose values a rotation replaces or ends. An account that holds as many values as wanted may have several
    /// secrets.</summary>
    private static IReadOnlyList<string> AccountsOf(Policy policy, ProviderDescriptor provider)
    {
        var name = policy.Strategy switch
        {
            Strategy.Alternate => provider.AccountsSetting,
            Strategy.InPlace => provider.AccountSetting,
            Strategy.Overlap when provider.HoldsTwo => provider.AccountSetting,
            _ => null,
        };
        return name is null ? [] : policy.Provider.Settings[name] switch
        {
            JsonArray several => [.. several.Select(one => (string?)one).OfType<string>()],
            JsonValue one when one.TryGetValue<string>(out var account) => [account],
            _ => [],
        };
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
