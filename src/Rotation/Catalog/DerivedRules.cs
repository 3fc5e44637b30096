using Rotunda.Rotation.Words;
using Rotunda.Yaml;

namespace Rotunda.Rotation.Catalog;

/// <summary>What a secret's derived values must be, each told at its own line.</summary>
internal static class DerivedRules
{
    /// <param name="characters">All that a value may have; null where it is not made here.</param>
    /// <param name="problemOf">What is wrong with a template; null if nothing is.</param>
    /// <returns>The bad ones: what uses them is not told of.</returns>
    public static IReadOnlySet<string> Check(
        Policy policy, CatalogMap map, string? characters, Func<string, string?> problemOf)
    {
        var bad = new HashSet<string>(StringComparer.Ordinal);
        var (own, before) = (map.Map("derived", known: null), map.Value("derived"));
        foreach (var (name, text) in policy.Derived)
        {
            if (problemOf(text) is { } problem)
            {
                bad.Add(name);
                own?.Problem(name, problem);
                continue;
            }
            if (characters is null && Unescaped(TemplateText.Parse(text)) is var (placeholder, place))
            {
                own?.Warn(
                    name,
                    $"{{{placeholder}}} stands as it is in the {place.What}, and which characters \"{policy.Provider.Type}\" makes values "
                        + $"of is not known here. Write {{{placeholder}:{place.Encoding}}}, or {{{placeholder}:raw}} if it is to stand as "
                        + "it is.");
            }
            if (!IsUsed(policy, before, name))
            {
                own?.Warn(name, $"no target has {{derived.{name}}} in a template, so it is written nowhere. Use it, or remove it.");
            }
        }
        return bad;
    }

    private static bool IsUsed(Policy policy, YamlNode? derived, string name) =>
        policy.Targets.Any(target => target.Derived.Contains(name, StringComparer.Ordinal))
        || derived?.Entries.Any(entry => entry.Value.Text.Contains($"{{derived.{name}", StringComparison.Ordinal)) == true;

    /// <summary>The first value that stands without an encoding where the place has one.</summary>
    private static (string Placeholder, TemplatePlace Place)? Unescaped(TemplateText template)
    {
        var places = TemplatePlaces.Of(template, TemplateForm.Text);
        foreach (var (index, part) in template.Parts.Index())
        {
            if (part.Inner is { } inner && Unescaped(inner) is { } within)
            {
                return within;
            }
            if (part is { IsValue: true, Modifier: null, Inner: null } && places[index] is { Encoding: not null } place)
            {
                return (part.Member is { } member ? TemplatePart.MemberOf + member : part.Name!, place);
            }
        }
        return null;
    }
}
