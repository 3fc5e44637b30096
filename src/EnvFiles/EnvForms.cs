using System.Text.RegularExpressions;

namespace Rotunda.EnvFiles;

/// <summary>The ways in which a value can be written, of which the first is taken that all readers read back.</summary>
internal static partial class EnvForms
{
    private static readonly (char Style, Func<string, string> Write)[] All =
    [
        ('\'', value => $"'{value}'"),
        ('\'', value => $"'{Dollars(value)}'"),
        ('\'', value => $"'{Escaped(value, "\\'")}'"),
        ('\'', value => $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'"),
        ('"', value => $"\"{value}\""),
        ('"', value => $"\"{Escaped(value, "\\\"$`")}\""),
        ('"', value => $"\"{Escaped(value, "\\\"")}\""),
        ('"', value => $"\"{Escaped(value, "\"$")}\""),
        ('"', value => $"\"{Dollars(value)}\""),
        ('`', value => $"`{value}`"),
        ('`', value => $"`{Dollars(value)}`"),
        ('\0', value => value),
        ('\0', value => Dollars(value)),
        ('\0', value => value.Replace("$", "$$", StringComparison.Ordinal)),
        ('\0', value => Escaped(value, "\\'\"")),
    ];

    /// <summary>All of them, those in the style that stands there first.</summary>
    /// <param name="style">The quote, or NUL for none.</param>
    /// <param name="isKept">An assignment stands there, so that its style is kept where it can be.</param>
    public static IEnumerable<string> Of(string value, char style, bool isKept)
    {
        var own = isKept ? All.Where(form => form.Style == style) : [];
        var others = All.Where(form => !isKept || form.Style != style);
        IEnumerable<string> plain = Plain().IsMatch(value) ? [value] : [];
        return own.Select(form => form.Write(value)).Concat(plain).Concat(others.Select(form => form.Write(value)));
    }

    private static string Dollars(string value) => value.Replace("$", "\\$", StringComparison.Ordinal);

    private static string Escaped(string value, string symbols) =>
        string.Concat(value.Select(symbol => symbols.Contains(symbol, StringComparison.Ordinal) ? $"\\{symbol}" : symbol.ToString()));

    /// <summary>What nobody would quote.</summary>
    [GeneratedRegex(@"^[A-Za-z0-9_./:@%+,=\-]*\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Plain();
}
