using System.Globalization;
using System.Text.RegularExpressions;

namespace Rotunda.Api.Desk;

/// <summary>Durations as people write them: 30s, 15m, 2h, 7d, or combined from large to small: 1d12h.</summary>
public static partial class DurationText
{
    public static TimeSpan? TryParse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success || text.Length == 0)
        {
            return null;
        }

        var seconds = Part(match, "d", 86_400) + Part(match, "h", 3_600) + Part(match, "m", 60) + Part(match, "s", 1);
        return seconds is > 0 and <= 3_650L * 86_400 ? TimeSpan.FromSeconds(seconds) : null;
    }

    public static string Format(TimeSpan span)
    {
        var text = $"{Unit((int)span.TotalDays, "d")}{Unit(span.Hours, "h")}{Unit(span.Minutes, "m")}{Unit(span.Seconds, "s")}";
        return text.Length == 0 ? "0s" : text;
    }

    private static string Unit(int count, string unit) => count > 0 ? count.ToString(CultureInfo.InvariantCulture) + unit : "";

    private static long Part(Match match, string group, long seconds) =>
        match.Groups[group].Success ? long.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) * seconds : 0;

    [GeneratedRegex(@"^(?:(?<d>[0-9]{1,5})d)?(?:(?<h>[0-9]{1,6})h)?(?:(?<m>[0-9]{1,7})m)?(?:(?<s>[0-9]{1,9})s)?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
