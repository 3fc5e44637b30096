using System.Globalization;

namespace Rotunda.Rotation.Orchestrations;

/// <summary>Reads the durations in a plan's settings: 30s, 15m, 2h, 7d, combined (1d12h), or .NET's constant form (1.12:00:00).</summary>
internal static class PlanDuration
{
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (string.IsNullOrWhiteSpace(text))
        {
            return false;
        }

        return text.Contains(':', StringComparison.Ordinal)
            ? TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out duration) && duration >= TimeSpan.Zero
            : TryParseUnits(text.AsSpan().Trim(), out duration);
    }

    private static bool TryParseUnits(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExceptInRange('0', '9');
            if (digits is <= 0 or > 9 || UnitOf(text[digits]) is not { } unit)
            {
                return false;
            }

            duration += unit * int.Parse(text[..digits], CultureInfo.InvariantCulture);
            text = text[(digits + 1)..];
        }

        return true;
    }

    private static TimeSpan? UnitOf(char unit) => unit switch
    {
        's' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        _ => null,
    };
}
