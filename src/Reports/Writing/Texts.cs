using System.Globalization;
using System.Net;

namespace Rotunda.Reports.Writing;

/// <summary>How reports write times, spans and foreign texts.</summary>
internal static class Texts
{
    public static string Time(DateTimeOffset? at) =>
        at is { } time ? time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : "–";

    public static string Day(DateTimeOffset? at) =>
        at is { } time ? time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "–";

    public static string Minutes(long? seconds) =>
        seconds is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known / 60.0:0.0} min") : "not over";

    /// <summary>Inside a cell of Markdown: one line, and nothing of it is taken for markup.</summary>
    public static string Cell(string? text) => string.Concat((text ?? "–").Select(symbol => symbol switch
    {
        '|' or '\\' or '`' or '*' or '_' or '<' or '>' or '[' or ']' or '&' or '#' or '~' => $"\\{symbol}",
        _ when char.IsControl(symbol) => " ",
        _ => symbol.ToString(),
    }));

    public static string Html(string? text) => WebUtility.HtmlEncode(text ?? "–");

    /// <summary>A field of CSV. What a spreadsheet would take for a formula is kept from that by a quote in front.</summary>
    public static string Csv(string? text)
    {
        var plain = text ?? "";
        if (plain.Length > 0 && plain[0] is '=' or '+' or '-' or '@' or '\t' or '\r')
        {
            plain = "'" + plain;
        }

        return plain.AsSpan().ContainsAny(",\"\n\r") ? $"\"{plain.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : plain;
    }

    public static string Number(double? number) => number?.ToString("0.##", CultureInfo.InvariantCulture) ?? "";
}
