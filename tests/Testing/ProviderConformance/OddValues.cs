namespace Rotunda.Testing.ProviderConformance;

/// <summary>Values with characters that mean something to whoever reads them.</summary>
public static class OddValues
{
    private static readonly string[] Pieces = ["'", "\"", "\\ $HOME#", "${HOME}", "`id`$(id)", " #=~:", "%41&!{}", "é\\n\\", "<a>]]>*?|;,"];

    /// <param name="value">A plain one, different at each call.</param>
    public static IEnumerable<string> Of(Func<string> value) => Pieces.Select(piece =>
    {
        var plain = value();
        return $"{piece}{plain}{piece}z{piece}";
    }).Append(string.Concat(Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code)) + value());
}
