namespace Rotunda.EnvFiles;

/// <summary>Where a quote that a value opens is closed, which may be on a later line.</summary>
public static class EnvQuotes
{
    /// <summary>-1 if the quote is never closed (it is an ordinary character then).</summary>
    public static int Closing(string text, int open)
    {
        var quote = text[open];
        var endOfLine = EndOfLine(text, open);
        for (var i = open + 1; i < text.Length; i++)
        {
            // Shells know no escapes within single quotes, others do: taken as one where a closing quote follows on the line.
            if (text[i] == '\\'
                && i + 1 < text.Length
                && (quote != '\'' || (text[i + 1] == quote && i + 2 < endOfLine && text.IndexOf(quote, i + 2, endOfLine - i - 2) >= 0)))
            {
                i++;
            }
            else if (text[i] == quote)
            {
                return i;
            }
        }
        return -1;
    }

    /// <summary>Where the line's own characters end: before \n or \r\n.</summary>
    public static int EndOfLine(string text, int from)
    {
        var newline = text.IndexOf('\n', from);
        return newline < 0 ? text.Length : newline > from && text[newline - 1] == '\r' ? newline - 1 : newline;
    }
}
