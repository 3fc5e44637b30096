using System.Text;
using System.Text.Json.Serialization;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Registry;

/// <summary>A provider's page in docs/providers, rendered from its descriptor alone.</summary>
public static class ProviderDocs
{
    public static string Render(ProviderDescriptor descriptor)
    {
        var page = new StringBuilder();
        page.Append(
            "<!-- Generated from the descriptor. Change that, then run the tests with ROTUNDA_UPDATE_DOCS=1. -->\n\n# "
                + $"{descriptor.Title}\n\n");
        page.Append($"`type: {descriptor.Id}` · {Role(descriptor)}\n\n{descriptor.Summary}\n\n");
        if (descriptor.Strategies.Count > 0)
        {
            page.Append(
                $"**Strategies:** {string.Join(", ", descriptor.Strategies.Select(strategy => $"`{Name(strategy)}`"))} (the first is the "
                    + "default).\n\n");
        }

        if (descriptor.TakesOnly.Count > 0)
        {
            page.Append(
                "**Only for secrets with strategy:** "
                    + $"{string.Join(", ", descriptor.TakesOnly.Select(strategy => $"`{Name(strategy)}`"))}.\n\n");
        }

        var abilities = Enum.GetValues<Abilities>().Where(ability => ability != Abilities.None && descriptor.Abilities.HasFlag(ability));
        page.Append($"**Abilities:** {string.Join(", ", abilities)}.\n\n");
        Settings(page, descriptor);
        Lines(page, "What Rotunda needs there", descriptor.Permissions ?? []);
        Paragraph(page, "How arrival is confirmed", descriptor.Arrival);
        Paragraph(
            page,
            "How long consumers may take",
            descriptor.CheckTimeout is { } wait ? $"{DurationText.Format(wait)}, unless `checkTimeout` says otherwise." : null);
        Paragraph(page, "What the way back does", descriptor.RollBack);
        Paragraph(page, "An example", descriptor.Example is null ? null : $"```yaml\n{descriptor.Example.Trim()}\n```");
        Lines(
            page,
            "What a choice brings with it",
            descriptor.Costs.Select(cost => $"{When(cost)}{cost.Text} Every plan says so."));
        Lines(page, "What to know", descriptor.Limits ?? []);
        Lines(page, "What this rests on", descriptor.Docs.Select(link => $"<{link}>"));
        return page.ToString().TrimEnd('\n') + "\n";
    }

    private static string When(SettingCost cost) => cost.Value switch
    {
        _ when cost.Setting.Length == 0 => "",
        null => $"Without `{cost.Setting}`: ",
        SettingCost.Any => $"With `{cost.Setting}`: ",
        var value => $"`{cost.Setting}: {value}`: ",
    };

    private static void Settings(StringBuilder page, ProviderDescriptor descriptor)
    {
        page.Append("## Settings\n\n| setting | type | default | meaning |\n|---|---|---|---|\n");
        foreach (var setting in descriptor.Settings)
        {
            var fallback = setting.Required ? "**required**" : setting.Default is null ? "" : $"`{setting.Default}`";
            page.Append($"| `{setting.Name}` | {TypeOf(setting)} | {fallback} | {Cell(setting.Description)} |\n");
            foreach (var field in setting.Fields)
            {
                var otherwise = field.Required ? "**required**" : field.Default is null ? "" : $"`{field.Default}`";
                page.Append(
                    $"| `{setting.Name}{(setting.Type == SettingType.MapList ? "[]" : "")}.{field.Name}` | {TypeOf(field)} | {otherwise} "
                        + $"| {Cell(field.Description)} |\n");
            }
        }

        page.Append('\n');
        if (descriptor.Settings.Any(setting => setting.IsSecret))
        {
            page.Append(
                "A secret setting takes a reference (`env:NAME`, `file:PATH`, `file:PATH#KEY`, `store:NAME`, `key-vault:NAME`, "
                    + "`key-vault:VAULT/NAME`), never the value itself.\n\n");
        }
    }

    private static void Paragraph(StringBuilder page, string title, string? text)
    {
        if (text is not null)
        {
            page.Append($"## {title}\n\n{text}\n\n");
        }
    }

    private static void Lines(StringBuilder page, string title, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        if (all.Count > 0)
        {
            page.Append($"## {title}\n\n").Append(string.Concat(all.Select(line => $"- {line}\n"))).Append('\n');
        }
    }

    private static string Role(ProviderDescriptor descriptor) => string.Join(
        ", ",
        new[] { (
            descriptor.CanBeProvider,
            "provider"), (descriptor.CanBeTarget, "target"), (descriptor.CanBeConsumer, "consumer"), (descriptor.CanBeStore, "store"),
            (descriptor.CanBeChannel, "channel") }
            .Where(role => role.Item1).Select(role => role.Item2));

    private static string TypeOf(SettingDescriptor setting)
    {
        var type = setting.Type switch
        {
            SettingType.TextList when setting.Choices is { } choices =>
                "one or a list of " + string.Join(", ", choices.Select(choice => $"`{choice}`")),
            SettingType.TextList => "list of texts",
            SettingType.TextMap when setting.IsSecret => "map of secret references",
            SettingType.TextMap => "map of texts",
            SettingType.MapList => "list of maps",
            SettingType.Choice => "one of " + string.Join(", ", (setting.Choices ?? []).Select(choice => $"`{choice}`")),
            var other => other.ToString().ToLowerInvariant(),
        };
        return setting.IsSecret && setting.Type == SettingType.Text ? "secret reference" : type;
    }

    private static string Name(Strategy strategy) =>
        typeof(Strategy).GetField(strategy.ToString())!.GetCustomAttributes(
            typeof(JsonStringEnumMemberNameAttribute),
            false) is [JsonStringEnumMemberNameAttribute name]
            ? name.Name
            : strategy.ToString();

    private static string Cell(string text) => text.Replace("|", "\\|");
}
