using System.Text.Json.Nodes;
using Rotunda.EnvFiles;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>What the templates of a secret's targets must be to its strategy and to the characters of its values: what would fail at a
/// delivery some day, when the dice fall so, fails here.</summary>
internal static class TemplateRules
{
    public static void Check(
        Policy policy,
        CatalogMap map,
        ProviderDescriptor provider,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors,
        TemplateJudge judge,
        bool knowsStrategy)
    {
        var characters = CharactersOf(policy, map, provider);
        string? Judge(string text, TemplateForm form, JsonObject settings) => judge.Find(
            new(text, form, policy.Strategy, characters, knowsStrategy, DialectsOf(settings)),
            () => Problem(policy, text, form, characters, knowsStrategy, settings));

        var bad = DerivedRules.Check(policy, map, characters, text => Judge(text, TemplateForm.Text, []));
        foreach (var target in policy.Targets)
        {
            if (!descriptors.TryGetValue(target.Provider.Type, out var descriptor) || target.Derived.Any(bad.Contains))
            {
                continue;
            }
            foreach (var (setting, text) in TemplatesOf(descriptor, target.Provider.Settings))
            {
                var form = setting.Template!.Value;
                if (Judge(text, form, target.Provider.Settings) is { } problem)
                {
                    map.Map("targets", known: null)?.Problem(target.Name, $"the template \"{text}\": {problem}");
                }
            }
            foreach (var key in EncodedTwice(descriptor, target.Provider.Settings))
            {
                map.Map("targets", known: null)?.Warn(target.Name, Twice(descriptor, key));
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

    /// <summary>The keys whose templates encode in base64 what the system encodes in base64 by itself.</summary>
    public static IEnumerable<string> EncodedTwice(ProviderDescriptor descriptor, JsonObject settings) =>
        descriptor.Settings.Where(setting => setting.Template == TemplateForm.Encoded)
            .SelectMany(setting => settings[setting.Name] as JsonObject ?? [])
            .Where(pair => ((string?)pair.Value ?? "").Contains($":{TemplateEncoding.Base64}", StringComparison.Ordinal))
            .Select(pair => pair.Key);

    public static string Twice(ProviderDescriptor descriptor, string key) =>
        $"{descriptor.Title} encodes its values in base64 by itself and gives them decoded: {key} with :base64 is encoded twice, so "
            + "who reads it must decode it once more. If nobody does, remove :base64.";

    private static string DialectsOf(JsonObject settings) => settings[EnvDialects.Setting]?.ToJsonString() ?? "";

    private static string? Problem(
        Policy policy, string text, TemplateForm form, string? characters, bool knowsStrategy, JsonObject settings)
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
            && template.AllParts.FirstOrDefault(part => part.IsSecondary) is { } second)
        {
            return $"with strategy {CatalogWords.Of(policy.Strategy)} there is one value at a time, so {{{second.Name}}} is always empty. "
                + "Remove it.";
        }
        return Leftover(template)
            ?? (characters is null ? null : PlaceProblem(template, form, characters)
                ?? (form == TemplateForm.EnvValue ? EnvProblem(template, characters, settings) : null));
    }

    /// <summary>What would be left over while there is one value only: "a," splits into "a" and a key of no characters.</summary>
    private static string? Leftover(TemplateText template) => template.Parts.Index()
        .Where(one => one.Item.IsSecondary && !one.Item.IsOptional && template.SeparatorOf(one.Index) != (0, 0))
        .Select(one => $"while there is one value only, {{{one.Item.Name}}} is empty and its separator is left over: who splits the "
            + "text gets a key of no characters, which some verifiers take for a good one. Write {values:join:,} for all values with "
            + $"what you want between them, or {{{one.Item.Name}?}}, which goes together with its separator.")
        .FirstOrDefault() ?? template.Parts.Select(part => part.Inner is { } inner
            ? Leftover(inner) : null).FirstOrDefault(p => p is not null);

    /// <summary>A value that breaks what it stands in: an address, a connection string, JSON, SQL, a shell script, YAML.</summary>
    private static string? PlaceProblem(TemplateText template, TemplateForm form, string characters)
    {
        var places = TemplatePlaces.Of(template, form);
        return template.Parts.Index().Where(one => one.Item.IsValue && one.Item.Modifier != TemplateEncoding.Raw)
            .Select(one => (one.Item.Inner is { } inner ? PlaceProblem(inner, TemplateForm.Text, characters) : null)
                ?? (places[one.Index] is { } place ? PlaceProblem(one.Item, place, characters) : null))
            .FirstOrDefault(problem => problem is not null);
    }

    private static string? PlaceProblem(TemplatePart part, TemplatePlace place, string characters)
    {
        var shown = part.Name == TemplatePart.All ? $"{part.Name}{{0}}:join:{part.Separator}" : part.Name + "{0}";
        string With(string? encoding) => $"{{{shown.Replace("{0}", encoding is null ? "" : ":" + encoding, StringComparison.Ordinal)}}}";
        var own = With(part.Modifier);
        if (TemplateEncoding.BringsQuotes(part.Modifier) && place.IsQuoted)
        {
            return $"{own} brings its own quotes, and quotes stand around it already. Remove those.";
        }
        if (part.Modifier is not null && part.Modifier == place.Encoding && !place.IsBare)
        {
            return null;
        }
        if (place.IsBare)
        {
            return part.Modifier == place.Encoding && TemplateEncoding.BringsQuotes(place.Encoding) ? null
                : $"{own} stands without quotes in {place.What}. Write "
                    + (TemplateEncoding.BringsQuotes(place.Encoding) ? With(place.Encoding) : $"\"{With(place.Encoding)}\"") + ".";
        }
        var written = Written(part, characters);
        if (written.FirstOrDefault(place.Breaks) is not '\0' and var bad)
        {
            return $"values may have a {(bad == '\n' ? "line break" : $"'{bad}'")}, which breaks the {place.What} that {own} stands in. "
                + Advice(place, With);
        }
        return place is { What: "YAML", IsQuoted: false } && part.Modifier is null && IsNumber(written)
            ? $"a value of these characters may look like a number, which YAML would change. Write {With("yaml")}."
            : null;
    }

    /// <summary>All that may stand there.</summary>
    private static string Written(TemplatePart part, string characters) =>
        part.Modifier == TemplateEncoding.Base64
            ? TemplatePlaces.Letters + "+/="
            : TemplateEncoding.Of(part.Modifier, part.Inner is { } inner ? Filled(inner, characters) : characters);

    /// <summary>With the value, and something for what stands beside it.</summary>
    private static string Filled(TemplateText template, string value) => string.Concat(template.Parts.Select(part =>
        part.Inner is { } inner ? TemplateEncoding.Of(part.Modifier, Filled(inner, value))
        : part.Name is null ? part.Literal
        : part.IsValue ? TemplateEncoding.Of(part.Modifier, value) : "name"));

    private static string Advice(TemplatePlace place, Func<string?, string> with) => place.Encoding is null
        ? "Take such characters out of the alphabet."
        : $"Write {with(place.Encoding)}"
            + (TemplateEncoding.BringsQuotes(place.Encoding) && place.IsQuoted ? " without the quotes around it" : "")
            + $", or take such characters out of the alphabet. If whoever reads it takes it as it is: {with(TemplateEncoding.Raw)}.";

    private static bool IsNumber(string characters) =>
        characters.All(symbol => "0123456789abcdefABCDEFxoXO+-._".Contains(symbol, StringComparison.Ordinal));

    /// <summary>Written with every character that a value may have, beside every other and at both ends, as the dice may fall.</summary>
    private static string? EnvProblem(TemplateText template, string characters, JsonObject settings)
    {
        if (!template.Parts.Any(part => part.IsValue))
        {
            return null;
        }
        var dialects = EnvDialects.Of(
            settings[EnvDialects.Setting] is JsonArray named ? [.. named.Select(name => (string?)name ?? "")] : []);
        foreach (var value in WorstValues.Of(characters))
        {
            var text = Filled(template, value);
            if (text.Contains('\n', StringComparison.Ordinal))
            {
                return "values have line breaks, which readers of env files treat differently. Write {value:base64}, or deliver it with "
                    + "the target type 'file'.";
            }
            if (EnvAssignment.New("KEY", text, dialects).Problem is { } problem)
            {
                return $"values may have characters for which no way of quoting is read alike by {dialects.Described}: {problem}. Write "
                    + "{value:url} or {value:base64}, take such characters out of the alphabet, or name in 'dialect' only those who "
                    + "read the file.";
            }
        }
        return null;
    }

    /// <summary>All characters that a value may have; null where it is not made here, or its rule is bad by itself.</summary>
    private static string? CharactersOf(Policy policy, CatalogMap map, ProviderDescriptor provider)
    {
        if (!map.IsGood("value") || (provider.Abilities & (Abilities.GenerateValues | Abilities.ApplyValues)) == Abilities.None)
        {
            return null;
        }
        var own = policy.Value.Format switch
        {
            ValueFormat.Text => policy.Value.Alphabet ?? TemplatePlaces.Letters,
            ValueFormat.Base64 => TemplatePlaces.Letters + "+/=",
            ValueFormat.Base64Url or ValueFormat.FernetKey => TemplatePlaces.Letters + "-_=",
            ValueFormat.Hex => "0123456789abcdef",
            ValueFormat.SshEcdsa => TemplatePlaces.Letters + "+/=\n",
            _ => TemplatePlaces.Letters + "-",
        };
        return own + policy.Value.Prefix;
    }
}
