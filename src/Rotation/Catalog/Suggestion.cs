namespace Rotunda.Rotation.Catalog;

/// <summary>"Did you mean": what to say after a name that is not known.</summary>
public static class Suggestion
{
    /// <summary>More names than these are not listed.</summary>
    private const int MostListed = 200;

    /// <summary>What to say after a name that is not known: the near one, or all there are.</summary>
    public static string For(string wrong, IEnumerable<string> known)
    {
        var names = known.Distinct(StringComparer.Ordinal).ToList();
        return Near(wrong, names) is { } near ? $"Did you mean \"{near}\"?"
            : names.Count == 0 ? "Remove it."
            : names.Count > MostListed ? $"None of the {names.Count} names here is near it."
            : $"Known here: {string.Join(", ", names.Order(StringComparer.Ordinal))}.";
    }

    /// <summary>The known name that is meant, as far as one can tell; null if none is near.</summary>
    public static string? Near(string wrong, IEnumerable<string> known)
    {
        var folded = Fold(wrong);
        var (best, near) = (int.MaxValue, (string?)null);
        foreach (var name in known)
        {
            // Of two that are equally near, the first by name.
            var distance = Distance(folded, Fold(name), best);
            if (near is null || distance < best || (distance == best && string.CompareOrdinal(name, near) < 0))
            {
                (best, near) = (distance, name);
            }
        }
        return near is not null && best <= Math.Max(1, near.Length / 3) ? near : null;
    }

    private static string Fold(string name) =>
        name.ToLowerInvariant().Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);

    /// <summary>Levenshtein distance. Long names, and what is farther than the limit, are not worth the time.</summary>
    private static int Distance(string a, string b, int limit)
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
            if (limit < int.MaxValue && row.Min() > limit)
            {
                return int.MaxValue;
            }
        }
        return row[^1];
    }
}
