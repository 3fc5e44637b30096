namespace Rotunda.Campaigns.Selection;

/// <summary>Names with stars, as selectors have them.</summary>
public static class NamePattern
{
    /// <summary>A star stands for any characters, none included.</summary>
    public static bool IsLike(string name, string pattern)
    {
        var pieces = pattern.Split('*');
        if (pieces.Length == 1)
        {
            return name == pattern;
        }

        if (!name.StartsWith(pieces[0], StringComparison.Ordinal))
        {
            return false;
        }

        var at = pieces[0].Length;
        foreach (var piece in pieces[1..^1])
        {
            var found = name.IndexOf(piece, at, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            at = found + piece.Length;
        }

        return name.Length - at >= pieces[^1].Length && name.EndsWith(pieces[^1], StringComparison.Ordinal);
    }

    /// <summary>True for what may stand as a value in a selector.</summary>
    public static bool IsPlain(string value) => value.Length is > 0 and <= 128
        && value.All(c => !char.IsControl(c) && c is not (',' or '[' or ']') && !char.IsWhiteSpace(c));
}
