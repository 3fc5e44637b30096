using System.Globalization;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Scheduling;

/// <summary>
/// When a window is open. Each opening is one span of time from a local start to a local end. A local time that daylight
/// saving skips counts as the moment after the gap, one that comes twice as its first coming; so a window that lies wholly in
/// the gap does not open on that day.
/// </summary>
public static class RotationWindows
{
    public static bool IsOpen(RotationWindow window, DateTimeOffset now)
    {
        var (zone, today) = Local(window, now);
        // An opening of the day before may run past midnight.
        return Opens(window, zone, today.AddDays(-1), now) || Opens(window, zone, today, now);
    }

    /// <summary>The instant itself if the window is open, else when it opens next; null if it never does within a year and a
    /// week.</summary>
    public static DateTimeOffset? NextOpening(RotationWindow window, DateTimeOffset now)
    {
        if (IsOpen(window, now))
        {
            return now;
        }
        var (zone, today) = Local(window, now);
        for (var day = 0; day <= 373; day++)
        {
            if (Span(window, zone, today.AddDays(day)) is { } span && span.Start > now)
            {
                return span.Start;
            }
        }
        return null;
    }

    /// <summary>When the opening ends that the instant lies in, or that comes next; null if none comes within a year and a week.</summary>
    public static DateTimeOffset? NextClosing(RotationWindow window, DateTimeOffset now)
    {
        var (zone, today) = Local(window, now);
        for (var day = -1; day <= 373; day++)
        {
            if (Span(window, zone, today.AddDays(day)) is { } span && span.End > now)
            {
                return span.End;
            }
        }
        return null;
    }

    /// <summary>For people: "Mon, Tue 09:00-16:00 Europe/Berlin".</summary>
    public static string Describe(RotationWindow window)
    {
        var days = window.Days.Count == 0 ? "daily" : string.Join(", ", window.Days.Select(d => d.ToString()[..3]));
        return string.Create(CultureInfo.InvariantCulture, $"{days} {window.From:HH\\:mm}-{window.To:HH\\:mm} {window.TimeZone}");
    }

    private static (TimeZoneInfo Zone, DateOnly Today) Local(RotationWindow window, DateTimeOffset now)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(window.TimeZone);
        return (zone, DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime));
    }

    private static bool Opens(RotationWindow window, TimeZoneInfo zone, DateOnly day, DateTimeOffset now) =>
        Span(window, zone, day) is { } span && span.Start <= now && now < span.End;

    private static (DateTimeOffset Start, DateTimeOffset End)? Span(RotationWindow window, TimeZoneInfo zone, DateOnly day)
    {
        if (window.Days.Count > 0 && !window.Days.Contains(day.DayOfWeek))
        {
            return null;
        }
        var start = LocalTime.At(zone, day.ToDateTime(window.From));
        var end = LocalTime.At(zone, (window.To > window.From ? day : day.AddDays(1)).ToDateTime(window.To));
        return start < end ? (start, end) : null;
    }
}
