using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>Writes a secret's derived values into templates: {derived.NAME} becomes {(its template)}, so that whoever renders a template
/// needs to know nothing of them, and a plan holds the whole text.</summary>
internal static class DerivedText
{
    private const string Begin = "{derived.";

    /// <summary>Each one may have others in it, so a few lines could become gigabytes.</summary>
    private const int Longest = 64 * 1024;

    /// <summary>The template with every derived value written out; null where one is not known, with the reason.</summary>
    /// <param name="derived">By name, written out themselves; null for one that is bad by itself.</param>
    /// <param name="used">Gets the names that stand in it.</param>
    /// <param name="below">In a derived value: itself first, and those that stand below it.</param>
    public static (string? Text, string? Problem) Expand(
        string text, IReadOnlyDictionary<string, string?> derived, ICollection<string> used, IReadOnlyList<string>? below = null)
    {
        if (!text.Contains(Begin, StringComparison.Ordinal))
        {
            return (text, null);
        }
        var whole = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '{' or '}' && i + 1 < text.Length && text[i + 1] == text[i])
            {
                whole.Append(text[i]).Append(text[i]);
                i++;
            }
            else if (string.CompareOrdinal(text, i, Begin, 0, Begin.Length) == 0 && text.IndexOf('}', i) is var end and >= 0)
            {
                var (name, colon) = (text[(i + Begin.Length)..end], "");
                if (name.IndexOf(':', StringComparison.Ordinal) is var at and >= 0)
                {
                    (name, colon) = (name[..at], name[at..]);
                }
                if (!derived.TryGetValue(name, out var template))
                {
                    return (null, Missing(name, derived.Keys, below ?? []));
                }
                used.Add(name);
                if (whole.Length + (template?.Length ?? 0) > Longest)
                {
                    return (null, $"written out it has more than {Longest} characters. Use fewer derived values in each other.");
                }
                whole.Append("{(").Append(template ?? "").Append(')').Append(colon).Append('}');
                i = end;
            }
            else
            {
                whole.Append(text[i]);
            }
        }
        return (whole.ToString(), null);
    }

    private static string Missing(string name, IEnumerable<string> above, IReadOnlyList<string> below) => name switch
    {
        _ when below is [var itself, ..] && name == itself => "it has itself in it. Write there what it is made of, such as {value}.",
        _ when below.Contains(name, StringComparer.Ordinal) =>
            $"\"{name}\" stands below it, and one may have only those above it in it. Move \"{name}\" above it. Two cannot have each "
                + "other in them.",
        _ when !above.Any() => $"there is no derived value \"{name}\" above it. Add one, or write {{value}} itself.",
        _ => $"there is no derived value \"{name}\" above it. {Suggestion.For(name, above)}",
    };

    /// <summary>Writes them into all templates of a target's settings.</summary>
    /// <returns>The names that are used there, and what was wrong.</returns>
    public static (IReadOnlyList<string> Used, IReadOnlyList<string> Problems) Expand(
        JsonObject settings, ProviderDescriptor descriptor, IReadOnlyDictionary<string, string?> derived)
    {
        var (used, problems) = (new List<string>(), new List<string>());
        string Whole(string text)
        {
            var (whole, problem) = Expand(text, derived, used);
            if (problem is not null)
            {
                problems.Add($"the template \"{text}\": {problem}");
            }
            // Told once: what stands in its stead is a template without fault.
            return whole ?? "{value}";
        }

        foreach (var name in descriptor.Settings.Where(setting => setting.Template is not null).Select(setting => setting.Name))
        {
            if (settings[name] is JsonObject keys)
            {
                foreach (var (key, value) in keys.Select(one => (one.Key, Text: (string?)one.Value ?? "")).ToList())
                {
                    if (value.Contains(Begin, StringComparison.Ordinal))
                    {
                        keys[key] = Whole(value);
                    }
                }
            }
            else if (settings[name] is JsonValue value)
            {
                settings[name] = Whole((string?)value ?? "");
            }
        }
        return ([.. used.Distinct(StringComparer.Ordinal)], problems);
    }
}
