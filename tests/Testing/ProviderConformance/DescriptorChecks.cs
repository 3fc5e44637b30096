using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Testing.ProviderConformance;

/// <summary>The descriptor says what is true, and enough of it.</summary>
public static class DescriptorChecks
{
    /// <summary>Abilities that need no interface.</summary>
    private const Abilities WithoutInterface = Abilities.GenerateValues;

    public static IEnumerable<string> Of(IProvider provider)
    {
        var descriptor = provider.Descriptor;
        var implemented = provider.Implemented;
        if (implemented != (descriptor.Abilities & ~WithoutInterface))
        {
            yield return $"The descriptor says {descriptor.Abilities}, the interfaces say {implemented}.";
        }

        if (string.IsNullOrWhiteSpace(descriptor.Title) || string.IsNullOrWhiteSpace(descriptor.Summary))
        {
            yield return "The descriptor has no title or no summary.";
        }

        if (descriptor.Docs.Count == 0
            || descriptor.Docs.Any(link => !Uri.TryCreate(link, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps))
        {
            yield return "The descriptor links no documentation, or not by https.";
        }

        if (descriptor.CanBeProvider != (descriptor.Strategies.Count > 0))
        {
            yield return "Strategies are for providers, and each provider has one.";
        }

        foreach (var gap in Gaps(descriptor))
        {
            yield return gap;
        }

        foreach (var setting in descriptor.Settings)
        {
            foreach (var problem in Of(setting))
            {
                yield return $"Setting '{setting.Name}': {problem}";
            }
        }

        if (descriptor.Settings.Select(setting => setting.Name).Distinct(StringComparer.Ordinal).Count() != descriptor.Settings.Count)
        {
            yield return "Two settings have one name.";
        }

        if (!Names(descriptor, descriptor.OperationsSetting, SettingType.TextList))
        {
            yield return "OperationsSetting names no setting of the right type.";
        }

        if (!Names(
            descriptor,
            descriptor.AccountsSetting,
            SettingType.TextList) || !Names(descriptor, descriptor.AccountSetting, SettingType.Text)
            || (descriptor.Strategies.Contains(Strategy.Alternate) && descriptor.AccountsSetting is null))
        {
            yield return "AccountsSetting or AccountSetting names no setting of the right type.";
        }
    }

    /// <summary>What its page in the docs would lack.</summary>
    private static IEnumerable<string> Gaps(ProviderDescriptor descriptor)
    {
        if (descriptor.Permissions is null)
        {
            yield return "The descriptor does not say which permissions it needs (an empty list for none).";
        }

        if (descriptor.CanBeTarget && string.IsNullOrWhiteSpace(descriptor.Arrival))
        {
            yield return "The descriptor does not say how arrival is confirmed.";
        }

        if ((descriptor.CanBeTarget || descriptor.CanBeProvider) && string.IsNullOrWhiteSpace(descriptor.RollBack))
        {
            yield return "The descriptor does not say what the way back does.";
        }

        if (descriptor.Example?.Contains($"type: {descriptor.Id}", StringComparison.Ordinal) != true)
        {
            yield return "The descriptor has no example that uses it.";
        }

        if ((descriptor.IsWriteOnly || descriptor.IsEventual || descriptor.Confirmations != 1)
            && (!descriptor.CanBeTarget || descriptor.Confirmations < 1))
        {
            yield return "IsWriteOnly, IsEventual and Confirmations are for targets.";
        }
    }

    private static IEnumerable<string> Of(SettingDescriptor setting)
    {
        if (string.IsNullOrWhiteSpace(setting.Description))
        {
            yield return "no description.";
        }

        if (setting.Required && setting.Default is not null)
        {
            yield return "required, and yet it has a default.";
        }

        if (setting.IsSecret
            && (setting.Type is not (SettingType.Text or SettingType.TextList or SettingType.TextMap) || setting.Default is not null))
        {
            yield return "a secret is a text, or a list or map of them, without a default.";
        }

        if ((setting.Choices is { Count: > 0 }
            ? setting.Type is not (SettingType.Choice or SettingType.TextList)
            : setting.Type == SettingType.Choice) || (setting.Default is not null && setting.Choices?.Contains(setting.Default) == false))
        {
            yield return "its choices do not fit.";
        }
    }

    private static bool Names(ProviderDescriptor descriptor, string? name, SettingType type) =>
        name is null || descriptor.Settings.Any(setting => setting.Name == name && setting.Type == type);
}
