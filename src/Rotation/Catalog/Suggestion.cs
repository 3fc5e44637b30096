namespace Rotunda.Rotation.Catalog;

/// <summary>"Did you mean": what to say after a name that is not known.</summary>
public static class Suggestion
{
    /// <summary>What to say after a name that is not known: the near one, or all there are.</summary>
    public static string For(string wrong, IEnumerable<string> known)
    {
        var near = Near(wrong, known);
        var names = known.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return near is not null ? $"Did you mean \"{near}\"?"
            : names.Count == 0 ? "Remove it." : $"Known here: {string.Join(", ", names)}.";
    }

    /// <summary>The known name that is meant, as far as one can tell; null if none is near.</summary>
    public static string? Near(string wrong, IEnumerable<string> known)
    {
        var names = known.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var near = names.MinBy(n => Distance(Fold(wrong), Fold(n)));
        return near is not null && Distance(Fold(wrong), Fold(near)) <= Math.Max(1, near.Length / 3) ? near : null;
    }

    private static string Fold(string name) =>
        name.ToLowerInvariant().Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);

    /// <summary>Levenshtein distance. Long names are not worth the time.</summary>
    private static int Distance(string a, string b)
    {
        if (a.Length > 64 || b.Length > 64)
        {
            return int.MaxValue;
        }
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
