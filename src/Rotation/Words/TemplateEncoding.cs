using System.Text;
using System.Text.Json;

namespace Rotunda.Rotation.Words;

/// <summary>How a value is written where some of its characters would mean something else.</summary>
public static class TemplateEncoding
{
    /// <summary>As it is, whatever the place asks for.</summary>
    public const string Raw = "raw";

    public const string Base64 = "base64";
    public const string Url = "url";

    /// <summary>Another name of <see cref="Url"/>.</summary>
    public const string Uri = "uri";

    public static IReadOnlyList<string> Names { get; } =
        [Url, Base64, Uri, "json", "yaml", "shell", "sql", "ado", "libpq", "jdbc", Raw];

    /// <summary>What it gives is a whole word with quotes around it, so none stand around the placeholder.</summary>
    public static bool BringsQuotes(string? encoding) => encoding is "yaml" or "shell" or "sql" or "ado" or "libpq";

    /// <param name="encoding">One of <see cref="Names"/>; null for none.</param>
    /// <returns>Keep it local.</returns>
    public static string Of(string? encoding, string text) => encoding switch
    {
        Url or Uri or "jdbc" => System.Uri.EscapeDataString(text),
        Base64 => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)),
        "json" => JsonEncodedText.Encode(text).ToString(),
        "yaml" => Yaml(text),
        "shell" => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'",
        "sql" => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
        "ado" => Ado(text),
        "libpq" => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'",
        _ => text,
    };

    /// <summary>https://learn.microsoft.com/dotnet/api/system.data.common.dbconnectionstringbuilder</summary>
    private static string Ado(string text) => text.Contains('\'', StringComparison.Ordinal)
        ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : $"'{text}'";

    /// <summary>A double-quoted scalar: https://yaml.org/spec/1.2.2/#731-double-quoted-style</summary>
    private static string Yaml(string text)
    {
        var scalar = new StringBuilder("\"");
        foreach (var symbol in text)
        {
            scalar.Append(symbol switch
            {
                '"' or '\\' => $"\\{symbol}",
                '\n' => "\\n",
                _ when char.IsControl(symbol) || symbol is '\u2028' or '\u2029' or '\ufeff' => $"\\u{(int)symbol:x4}",
                _ => symbol.ToString(),
            });
        }
        return scalar.Append('"').ToString();
    }
}
