using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>Reads what a secret has under "derived": texts made of its values, by name, for the templates of its targets.</summary>
internal static class DerivedReader
{
    /// <summary>By name, with those above it written out; null for one that is bad by itself.</summary>
    public static IReadOnlyDictionary<string, string?> Read(CatalogMap parent, BindingReader bindings)
    {
        var derived = new Dictionary<string, string?>(StringComparer.Ordinal);
        var map = parent.Map("derived", known: null);
        foreach (var (turn, key) in (map?.Keys ?? []).Index())
        {
            bindings.CheckName(key, "A derived value's name");
            var text = map!.Text(key.Text, required: true);
            var (whole, problem) = text is null ? (null, null) : DerivedText.Expand(
                text, derived, [], [.. map.Keys.Skip(turn).Select(name => name.Text)]);
            problem ??= whole is null ? null : Problem(whole);
            if (problem is not null)
            {
                map.Problem(key.Text, problem);
            }
            derived[key.Text] = problem is null ? whole : null;
        }
        return derived;
    }

    private static string? Problem(string text)
    {
        try
        {
            return TemplateText.Parse(text).AllParts.Any(part => part.Name is not null)
                ? null
                : "has nothing of the secret in it, so nothing is derived. Put {value} where the value is to stand.";
        }
        catch (FormatException problem)
        {
            return problem.Message;
        }
    }
}
