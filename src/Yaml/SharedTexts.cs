namespace Rotunda.Yaml;

/// <summary>Words that come again and again (types, tags, owners) are held once: secrets live as long as the catalog.</summary>
public sealed class SharedTexts
{
    private const int Longest = 40;

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

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
