using System.Globalization;

namespace Rotunda.Server.Commands;

/// <summary>Points in time as a person reads them: the date wherever it is not today, and how far off they are.</summary>
internal static class Moments
{
    /// <summary>"12:11:08 UTC (in 5m 3s)"; "2026-11-29 12:11 UTC (in 2d 4h)".</summary>
    public static string Show(DateTimeOffset at, DateTimeOffset now) => $"{Clock(at, now)} ({Distance(at - now)})";

    /// <summary>The time of day alone today, else with its date. In UTC, as the ledger has it.</summary>
    public static string Clock(DateTimeOffset at, DateTimeOffset now) => at.UtcDateTime.ToString(
        at.UtcDateTime.Date == now.UtcDateTime.Date ? "HH:mm:ss 'UTC'" : "yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>"in 2d 4h", "3m ago", "now".</summary>
    public static string Distance(TimeSpan left) =>
        Math.Abs(left.TotalSeconds) < 1 ? "now" : left > TimeSpan.Zero ? $"in {Length(left)}" : $"{Length(-left)} ago";

    /// <summary>The two largest units.</summary>
    private static string Length(TimeSpan length)
    {
        var whole = TimeSpan.FromSeconds(Math.Floor(length.TotalSeconds));
        return whole >= TimeSpan.FromDays(1) ? Pair(whole.Days, "d", whole.Hours, "h")
            : whole >= TimeSpan.FromHours(1) ? Pair(whole.Hours, "h", whole.Minutes, "m")
            : whole >= TimeSpan.FromMinutes(1) ? Pair(whole.Minutes, "m", whole.Seconds, "s")
            : $"{whole.Seconds}s";
    }

    private static string Pair(int first, string one, int second, string other) =>
        second == 0 ? $"{first}{one}" : $"{first}{one} {second}{other}";
}
