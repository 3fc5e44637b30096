using System.Globalization;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Calendar.Simulation;

/// <summary>
/// The moments of the plainest cron expressions (a minute, an hour, and days), counted day by day on a local calendar: each day that
/// matches has one, also where daylight saving skips the hour or brings it twice.
/// </summary>
internal sealed class CronDays
{
    private readonly TimeZoneInfo _zone;
    private readonly TimeSpan _time;
    private readonly int? _day;
    private readonly HashSet<int>? _months;
    private readonly HashSet<DayOfWeek>? _weekdays;

    private CronDays(TimeZoneInfo zone, TimeSpan time, int? day, HashSet<int>? months, HashSet<DayOfWeek>? weekdays) =>
        (_zone, _time, _day, _months, _weekdays) = (zone, time, day, months, weekdays);

    /// <summary>Null for an expression that says more than that.</summary>
    public static CronDays? Of(CronRule rule)
    {
        var parts = rule.Expression.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parts is [var minute, var hour, var day, var month, var weekday]
            && Number(minute) is { } m && Number(hour) is { } h
            && (day == "*" || Number(day) is not null) && (day == "*" || weekday == "*")
            && Numbers(month) is (var monthsFit, var months) && monthsFit
            && Numbers(weekday) is (var weekdaysFit, var weekdays) && weekdaysFit
                ? new CronDays(
                    TimeZoneInfo.FindSystemTimeZoneById(rule.TimeZone),
                    new TimeSpan(h, m, 0),
                    Number(day),
                    months,
                    weekdays?.Select(number => (DayOfWeek)(number % 7)).ToHashSet())
                : null;
    }

    /// <summary>The first moment behind the given one.</summary>
    public DateTimeOffset NextAfter(DateTimeOffset since)
    {
        for (var day = TimeZoneInfo.ConvertTime(since, _zone).Date; ; day = day.AddDays(1))
        {
            if (Fits(day) && Moment(day) is var at && at > since)
            {
                return at;
            }
        }
    }

    private bool Fits(DateTime day) => (_day is null || day.Day == _day) && (_months?.Contains(day.Month) ?? true)
        && (_weekdays?.Contains(day.DayOfWeek) ?? true);

    /// <summary>An hour that is skipped counts as the moment behind the gap, one that comes twice as its first coming.</summary>
    private DateTimeOffset Moment(DateTime day)
    {
        var local = day + _time;
        while (_zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(1);
        }
        var offset = _zone.IsAmbiguousTime(local) ? _zone.GetAmbiguousTimeOffsets(local).Max() : _zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static (bool Fits, HashSet<int>? All) Numbers(string text)
    {
        if (text == "*")
        {
            return (true, null);
        }
        var numbers = text.Split(',').Select(Number).ToList();
        return (!numbers.Contains(null), [.. numbers.OfType<int>()]);
    }
}
