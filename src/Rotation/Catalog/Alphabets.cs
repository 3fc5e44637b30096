namespace Rotunda.Rotation.Catalog;

/// <summary>Alphabets that a policy may call by name, so that nobody has to write their characters.</summary>
internal static class Alphabets
{
    private const string Lowercase = "abcdefghijklmnopqrstuvwxyz";
    private const string Uppercase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Digits = "0123456789";
    private const int FewestLetters = 3;

    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["letters-and-digits"] = Uppercase + Lowercase + Digits,
        ["letters"] = Uppercase + Lowercase,
        ["lowercase"] = Lowercase,
        ["uppercase"] = Uppercase,
        ["digits"] = Digits,
        ["printable"] = string.Concat(Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code)),
    };

    /// <summary>For messages.</summary>
    public static string Names { get; } = string.Join(", ", Known.Keys);

    /// <summary>The characters of an alphabet that is called by name; null for another text, which is the characters itself.</summary>
    public static string? Named(string text) => Known.GetValueOrDefault(text);

    /// <summary>Looks like a name or a range, not like a list of characters: who lists them writes them in order.</summary>
    public static bool IsWord(string text) =>
        text is [_, '-', _]
        || (text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && text.Count(char.IsAsciiLetter) >= FewestLetters
            && !(IsInOrder(text.Where(char.IsAsciiLetterLower)) && IsInOrder(text.Where(char.IsAsciiLetterUpper))));

    private static bool IsInOrder(IEnumerable<char> letters) => letters.SequenceEqual(letters.Order());
}
