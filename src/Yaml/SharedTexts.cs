namespace Rotunda.Yaml;

/// <summary>Words that come again and again (types, tags, owners) are held once: secrets live as long as the catalog.</summary>
public sealed class SharedTexts
{
    private const int Longest = 40;

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _lists = new(StringComparer.Ordinal);

    public string Of(string text)
    {
        if (text.Length > Longest)
        {
            return text;
        }
        if (_known.TryGetValue(text, out var same))
        {
            return same;
        }
        _known.Add(text);
        return text;
    }

    /// <summary>The same list for the same texts in the same order.</summary>
    public IReadOnlyList<string> Of(IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            return [];
        }
        var all = string.Join('\0', texts);
        if (_lists.TryGetValue(all, out var same) && same.SequenceEqual(texts, StringComparer.Ordinal))
        {
            return same;
        }
        return _lists[all] = [.. texts.Select(Of)];
    }

    /// <summary>Makes no text where it is known.</summary>
    public string Of(ReadOnlySpan<char> text)
    {
        if (text.Length > Longest)
        {
            return text.ToString();
        }
        var known = _known.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!known.TryGetValue(text, out var same))
        {
            _known.Add(same = text.ToString());
        }
        return same;
    }
}
