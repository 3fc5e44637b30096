using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Rotunda.Rotation.Words;

/// <summary>Durations as people write them: 30s, 15m, 2h, 7d, or combined from the largest unit down: 1d12h.</summary>
public static class DurationText
{
    /// <summary>The pattern in regular-expression form, for schemas.</summary>
    public const string Pattern = "^(?=[0-9])([0-9]{1,9}d)?([0-9]{1,9}h)?([0-9]{1,9}m)?([0-9]{1,9}s)?$";

    /// <summary>Longer than this is a slip of the pen, and would overflow somewhere.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    private static readonly (string Unit, long Seconds)[] Units = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)];

    public static bool TryParse([NotNullWhen(true)] string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }
        var total = 0L;
        var nextUnit = 0;
        for (var at = 0; at < text.Length;)
        {
            var digits = Run(text, at, char.IsAsciiDigit);
            var unit = Run(text, at + digits.Length, char.IsAsciiLetterLower);
            var index = Array.FindIndex(Units, nextUnit, u => u.Unit == unit);
            if (digits.Length is 0 or > 9 || index < 0)
            {
                return false;
            }
            total += long.Parse(digits, CultureInfo.InvariantCulture) * Units[index].Seconds;
            if (total > Longest.TotalSeconds)
            {
                return false;
            }
            nextUnit = index + 1;
            at += digits.Length + unit.Length;
        }
        duration = TimeSpan.FromSeconds(total);
        return true;
    }

    /// <summary>As <see cref="TryParse"/>, and what <see cref="Format"/> writes for fractions of a second: for the settings of
    /// plans.</summary>
    public static bool TryParsePlanned([NotNullWhen(true)] string? text, out TimeSpan duration) =>
        TryParse(text, out duration)
        || (TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out duration)
            && text!.Contains(':', StringComparison.Ordinal)
            && duration >= TimeSpan.Zero);

    /// <exception cref="FormatException">It is not a duration.</exception>
    public static TimeSpan Parse(string text) =>
        TryParse(text, out var duration)
            ? duration
            : throw new FormatException($"\"{text}\" is not a duration such as 30s, 15m, 2h, 7d or 1d12h.");

    /// <summary>
    /// The text that <see cref="Parse"/> reads as the same duration. Fractions of a second, which no catalog can hold, come in
    /// .NET's constant form, which those who run plans read too.
    /// </summary>
    public static string Format(TimeSpan duration)
    {
        if (duration < TimeSpan.Zero || duration.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            return duration.ToString("c", CultureInfo.InvariantCulture);
        }
        var left = (long)duration.TotalSeconds;
        var text = new StringBuilder();
        foreach (var (unit, seconds) in Units)
        {
            if (left >= seconds)
            {
                text.Append(CultureInfo.InvariantCulture, $"{left / seconds}{unit}");
                left %= seconds;
            }
        }
        return text.Length == 0 ? "0s" : text.ToString();
    }

    /// <summary>For people, in whole seconds: 1m30s.</summary>
    public static string Rounded(TimeSpan duration) => Format(TimeSpan.FromSeconds(Math.Floor(Math.Max(0, duration.TotalSeconds))));

    private static string Run(string text, int start, Func<char, bool> belongs)
    {
        var end = start;
        while (end < text.Length && belongs(text[end]))
        {
            end++;
        }
        return text[start..end];
    }
}
