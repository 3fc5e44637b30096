namespace Rotunda.Providers.Targets.AuthorizedKeys;

/// <summary>One key's line: options, type, key and comment, as sshd reads it.</summary>
/// <param name="Options">Empty for none.</param>
internal sealed record AuthorizedLine(string Options, string Type, string Blob, string Comment)
{
    private static readonly string[] Starts = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"];

    /// <summary>Null for a comment, an empty line, or what sshd would not read.</summary>
    public static AuthorizedLine? Parse(string line)
    {
        var text = line.Trim();
        if (text.Length == 0 || text[0] == '#')
        {
            return null;
        }

        var options = IsType(Word(text)) ? "" : OptionsOf(text);
        var rest = text[options.Length..].TrimStart();
        var type = Word(rest);
        rest = rest[type.Length..].TrimStart();
        var blob = Word(rest);
        return IsType(type) && blob.Length > 0 ? new(options, type, blob, rest[blob.Length..].Trim()) : null;
    }

    /// <summary>True if its comment has the mark as a word.</summary>
    public bool Has(string mark) =>
        Comment.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Contains(mark, StringComparer.Ordinal);

    public override string ToString() => string.Join(' ', new[] { Options, Type, Blob, Comment }.Where(part => part.Length > 0));

    private static bool IsType(string word) => Starts.Any(start => word.StartsWith(start, StringComparison.Ordinal));

    private static string Word(string text)
    {
        var end = text.AsSpan().IndexOfAny(' ', '\t');
        return end < 0 ? text : text[..end];
    }

    /// <summary>Up to the first blank outside of quotes; a backslash takes a quote's meaning away.</summary>
    private static string OptionsOf(string text)
    {
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] == '"')
            {
                i++;
            }
            else if (text[i] == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && text[i] is ' ' or '\t')
            {
                return text[..i];
            }
        }

        return text;
    }
}
