using System.Text.Json.Nodes;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>What the templates of a secret's targets must be to its strategy and to the characters of its values: what would fail at a
/// delivery some day, when the dice fall so, fails here.</summary>
internal static class TemplateRules
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>What may stand in the user part of a URI as it is: unreserved characters and sub-delimiters (RFC 3986).</summary>
    private const string PlainInUri = Letters + "-._~!$&'()*+,;=";

    private const string BadInDoubleQuotes = "\"\\$`";
    private static readonly string[] Values = ["value", "password", "primary", "secondary"];

    public static void Check(
        Policy policy,
        CatalogMap map,
        ProviderDescriptor provider,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors,
        bool knowsStrategy)
    {
        var characters = CharactersOf(policy, map, provider);
        foreach (var target in policy.Targets)
        {
            if (!descriptors.TryGetValue(target.Provider.Type, out var descriptor))
            {
                continue;
            }
            foreach (var (setting, text) in TemplatesOf(descriptor, target.Provider.Settings))
            {
                if (Problem(policy, text, setting.Template!.Value, characters, knowsStrategy) is { } problem)
                {
                    map.Map("targets", known: null)?.Problem(target.Name, $"the template \"{text}\": {problem}");
                }
            }
        }
    }

    /// <summary>The templates that a binding's settings hold, with their settings.</summary>
    public static IEnumerable<(SettingDescriptor Setting, string Text)> TemplatesOf(ProviderDescriptor descriptor, JsonObject settings) =>
        descriptor.Settings.Where(setting => setting.Template is not null).SelectMany(setting => settings[setting.Name] switch
        {
            JsonObject keys => keys.Select(pair => (setting, (string?)pair.Value ?? "")),
            JsonValue value => [(setting, (string?)value ?? "")],
            _ => Enumerable.Empty<(SettingDescriptor, string)>(),
        });

    private static string? Problem(Policy policy, string text, TemplateForm form, string? characters, bool knowsStrategy)
    {
        TemplateText template;
        try
        {
            template = TemplateText.Parse(text);
        }
        catch (FormatException problem)
        {
            return problem.Message;
        }
        if (knowsStrategy
            && policy.Strategy is not (Strategy.DualKey or Strategy.ReEncrypt)
            && template.Parts.FirstOrDefault(part => part.Name?.StartsWith("secondary", StringComparison.Ordinal) == true) is { } second)
        {
            return $"with strategy {CatalogWords.Of(policy.Strategy)} there is one value at a time, so {{{second.Name}}} is always empty. "
                + "Remove it.";
        }
        return characters is null ? null : UriProblem(template, characters) ?? (form == TemplateForm.EnvValue
            ? EnvProblem(template, characters) : null);
    }

    /// <summary>A value that stands as it is in an address breaks it if it has one of the address's own characters.</summary>
    private static string? UriProblem(TemplateText template, string characters)
    {
        var before = "";
        foreach (var part in template.Parts)
        {
            if (IsPlainValue(part)
                && before.Contains("://", StringComparison.Ordinal)
                && characters.FirstOrDefault(symbol => !PlainInUri.Contains(symbol)) is var bad and not '\0')
            {
                var shown = bad == '\n' ? "line break" : $"'{bad}'";
                return $"values may have a {shown}, which breaks the address that {{{part.Name}}} stands in. Write {{{part.Name}:url}}, or "
                    + "take such characters out of the alphabet.";
            }
            before += part.Literal;
        }
        return null;
    }

    private static string? EnvProblem(TemplateText template, string characters)
    {
        if (!template.Parts.Any(IsPlainValue))
        {
            return null;
        }
        var all = characters + string.Concat(template.Parts.Select(part => part.Literal));
        if (all.Contains('\n', StringComparison.Ordinal))
        {
            return "values have line breaks, which readers of env files treat differently. Write {value:base64}, or deliver it with the "
                + "target type 'file'.";
        }
        var last = template.Parts.Last(part => part.Name is not null || part.Literal.Length > 0);
        var mayEndWithBackslash = (IsPlainValue(last) ? characters : last.Literal[^Math.Min(1, last.Literal.Length)..]).Contains(
            '\\',
            StringComparison.Ordinal);
        var single = !all.Contains('\'', StringComparison.Ordinal) && !mayEndWithBackslash;
        return single || all.AsSpan().IndexOfAny(BadInDoubleQuotes) < 0
            ? null
            : "values may have a single quote, or a backslash at their end, together with one of \" \\ $ `, and then no way of quoting is "
                + "read alike by docker compose, shells and dotenv. Write {value:url} or {value:base64}, or take those characters out of "
                + "the alphabet.";
    }

    private static bool IsPlainValue(TemplatePart part) =>
        part.Modifier is null && part.Name is not null && Values.Contains(part.Name, StringComparer.Ordinal);

    /// <summary>All characters that a value may have; null where it is not made here, or its rule is bad by itself.</summary>
    private static string? CharactersOf(Policy policy, CatalogMap map, ProviderDescriptor provider)
    {
        if (!map.IsGood("value") || (provider.Abilities & (Abilities.GenerateValues | Abilities.ApplyValues)) == Abilities.None)
        {
            return null;
        }
        var own = policy.Value.Format switch
        {
            ValueFormat.Text => policy.Value.Alphabet ?? Letters,
            ValueFormat.Base64 => Letters + "+/=",
            ValueFormat.Base64Url or ValueFormat.FernetKey => Letters + "-_=",
            ValueFormat.SshEcdsa => Letters + "+/=\n",
            _ => Letters + "-",
        };
        return own + policy.Value.Prefix;
    }
}
