using System.Globalization;
using System.Text.RegularExpressions;

namespace Rotunda.Reports.Period;

/// <summary>A year, a quarter or a month, in UTC.</summary>
/// <param name="From">Inclusive.</param>
/// <param name="Until">Exclusive.</param>
public sealed partial record ReportPeriod(string Name, DateTimeOffset From, DateTimeOffset Until)
{
    public const string Forms = "2026, 2026-Q3 or 2026-07";

    /// <summary>Null for what is no such text.</summary>
    public static ReportPeriod? TryParse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var year = int.Parse(match.Groups["year"].ValueSpan, CultureInfo.InvariantCulture);
        var (month, months) = match.Groups["quarter"] is { Success: true } quarter
            ? (((quarter.Value[0] - '1') * 3) + 1, 3)
            : match.Groups["month"] is { Success: true } one ? (int.Parse(one.ValueSpan, CultureInfo.InvariantCulture), 1)
            : (1, 12);
        var from = new DateTimeOffset(year, month, 1, 0, 0, 0, TimeSpan.Zero);
        return new ReportPeriod(text, from, from.AddMonths(months));
    }

    /// <summary>The quarter that the moment is in.</summary>
    public static ReportPeriod QuarterOf(DateTimeOffset at) =>
        TryParse(string.Create(CultureInfo.InvariantCulture, $"{at.UtcDateTime.Year:D4}-Q{((at.UtcDateTime.Month - 1) / 3) + 1}"))!;

    [GeneratedRegex(@"^(?<year>20[0-9]{2})(?:-Q(?<quarter>[1-4])|-(?<month>0[1-9]|1[0-2]))?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
