using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Rotunda.Rotation.Catalog;

/// <summary>Durations as people write them: 30s, 15m, 2h, 7d, 500ms, or combined from the largest unit down: 1d12h.</summary>
public static class DurationText
{
    /// <summary>The pattern in regular-expression form, for schemas.</summary>
    public const string Pattern = "^(?=[0-9])([0-9]{1,9}d)?([0-9]{1,9}h)?([0-9]{1,9}m)?([0-9]{1,9}s)?([0-9]{1,9}ms)?$";

    /// <summary>Longer than this is a slip of the pen, and would overflow somewhere.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    private static readonly (string Unit, long Milliseconds)[] Units =
    [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
    ];

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
            total += long.Parse(digits, CultureInfo.InvariantCulture) * Units[index].Milliseconds;
            if (total > Longest.TotalMilliseconds)
            {
                return false;
            }
            nextUnit = index + 1;
            at += digits.Length + unit.Length;
        }
        duration = TimeSpan.FromMilliseconds(total);
        return true;
    }

    /// <exception cref="FormatException">It is not a duration.</exception>
    public static TimeSpan Parse(string text) =>
        TryParse(text, out var duration) ? duration : throw new FormatException($"\"{text}\" is not a duration such as 30s, 15m, 2h, 7d or 1d12h.");

    /// <summary>The shortest text that <see cref="Parse"/> reads as the same duration (to the millisecond).</summary>
    public static string Format(TimeSpan duration)
    {
        var left = (long)duration.Duration().TotalMilliseconds;
        if (left == 0)
        {
            return "0s";
        }
        var text = new StringBuilder(duration < TimeSpan.Zero ? "-" : "");
        foreach (var (unit, milliseconds) in Units)
        {
            if (left >= milliseconds)
            {
                text.Append(CultureInfo.InvariantCulture, $"{left / milliseconds}{unit}");
                left %= milliseconds;
            }
        }
        return text.ToString();
    }

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
