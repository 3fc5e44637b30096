using System.Text;

namespace Rotunda.Rotation.Catalog;

/// <summary>Values that hold all that an alphabet can throw at whoever writes them: every character beside every other and at the ends.</summary>
internal static class WorstValues
{
    private const string AtEnds = "\\'\"` #~$=";

    public static IEnumerable<string> Of(string characters)
    {
        // Letters and digits differ only where a backslash gives one of them a meaning.
        var symbols = characters.Where(symbol => !char.IsAsciiLetterOrDigit(symbol) || symbol is 'a' or 'n' or 'r' or '0')
            .Concat(characters.Where(char.IsAsciiLetter).Take(1))
            .Distinct()
            .ToList();
        var all = new StringBuilder();
        foreach (var one in symbols)
        {
            foreach (var other in symbols)
            {
                all.Append(one).Append(other);
            }
        }
        if (symbols.Contains('$') && symbols.Contains('{') && symbols.Contains('}'))
        {
            all.Append("${}");
        }
        yield return all.ToString();
        foreach (var end in AtEnds.Where(symbols.Contains))
        {
            yield return $"{end}{all}{end}";
        }
    }
}
