using System.Runtime.Serialization;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Evaluation;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Calendar.Feeds;

/// <summary>Reads change freezes out of the text of an iCalendar feed.</summary>
public static class FeedText
{
    /// <summary>What is longer is no calendar of freezes.</summary>
    public const int Largest = 2 * 1024 * 1024;

    private const int MostTimes = 5000;
    private const int LongestName = 80;

    /// <summary>A rule that names no day for so many steps never does (30 February).</summary>
    private static readonly EvaluationOptions Bounded = new() { MaxUnmatchedIncrementsLimit = 1000 };

    /// <param name="name">The freeze's name in the catalog; the event's is put behind it.</param>
    /// <param name="timeZone">For days and times without a time zone, where the feed does not say either.</param>
    /// <returns>What is not over at <paramref name="from"/> and begins before <paramref name="until"/>, in the order of time.</returns>
    /// <exception cref="FeedUnreadableException">It is no calendar, or one that asks too much.</exception>
    public static IReadOnlyList<ChangeFreeze> Read(string text, string name, string timeZone, DateTimeOffset from, DateTimeOffset until)
    {
        try
        {
            var calendar = Ical.Net.Calendar.Load(text) ?? throw new FeedUnreadableException(NoCalendar);
            if (calendar.Events.Any(happening => happening.Start is null))
            {
                throw new FeedUnreadableException("One of its events has no start that can be read. Correct it there.");
            }
            var zone = ZoneOf(calendar, timeZone);
            var times = calendar.GetOccurrences<CalendarEvent>(new CalDateTime(from.UtcDateTime.AddDays(-1), "UTC"), Bounded)
                .TakeWhile(one => one.Period.StartTime.AsUtc < until.UtcDateTime.AddDays(1))
                .Take(MostTimes + 1)
                .ToList();
            return times.Count > MostTimes
                ? throw new FeedUnreadableException(
                    $"It has more than {MostTimes} times within two years. Give a feed of change freezes alone.")
                : [.. times.Where(IsOn).Select(one => Freeze(one, name, zone)).Where(one => one.Until > from && one.From < until)
                    .OrderBy(one => one.From)];
        }
        catch (Exception problem) when (problem is SerializationException or ArgumentException or FormatException
            or InvalidOperationException or NotSupportedException or OverflowException or EvaluationException
            or TimeZoneNotFoundException or NullReferenceException or KeyNotFoundException)
        {
            // What a broken line says stays there: nobody knows what came instead of a calendar.
            throw new FeedUnreadableException(
                problem is ArgumentException { ParamName: "tzId" }
                    ? "One of its events has a time zone that is not known. Give its times in an IANA time zone, or in UTC."
                    : NoCalendar);
        }
    }

    private const string NoCalendar = "What came is no iCalendar text that can be read. Look whether the address leads to the .ics file "
        + "itself, and not to a page about it.";

    private static bool IsOn(Occurrence one) => one.Source is CalendarEvent happening
        && !string.Equals(happening.Status, "CANCELLED", StringComparison.OrdinalIgnoreCase);

    private static TimeZoneInfo ZoneOf(Ical.Net.Calendar calendar, string timeZone) =>
        calendar.Properties["X-WR-TIMEZONE"]?.Value is string told && TimeZoneInfo.TryFindSystemTimeZoneById(told, out var zone)
            ? zone
            : TimeZoneInfo.FindSystemTimeZoneById(timeZone);

    private static ChangeFreeze Freeze(Occurrence one, string name, TimeZoneInfo zone)
    {
        var (from, until) = (At(one.Period.StartTime, zone), At(one.Period.EffectiveEndTime ?? one.Period.StartTime, zone));
        return new ChangeFreeze(Name(name, ((CalendarEvent)one.Source).Summary), from, until);
    }

    private static DateTimeOffset At(CalDateTime at, TimeZoneInfo zone) =>
        at.IsFloating ? LocalTime.At(zone, at.Value) : new DateTimeOffset(DateTime.SpecifyKind(at.AsUtc, DateTimeKind.Utc));

    private static string Name(string name, string? summary)
    {
        var line = string.Concat((summary ?? "").Select(symbol => char.IsControl(symbol) ? ' ' : symbol)).Trim();
        return line.Length == 0 ? name : $"{name}: {(line.Length <= LongestName ? line : line[..LongestName] + "…")}";
    }
}
