using Rotunda.Rotation.Catalog;

namespace Rotunda.Calendar.Simulation;

/// <summary>
/// When a policy lets a rotation start, read off the local clock on the wall. It shares nothing with the scheduler's own arithmetic: that
/// is what is checked with it.
/// </summary>
internal sealed class OpenHours(Policy policy)
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(10);
    private readonly TimeZoneInfo? _zone = policy.Window is { } window ? TimeZoneInfo.FindSystemTimeZoneById(window.TimeZone) : null;

    public bool IsFrozen(DateTimeOffset at) => policy.Freezes.Any(freeze => at >= freeze.From && at < freeze.Until);

    public bool IsInWindow(DateTimeOffset at)
    {
        if (policy.Window is not { } window)
        {
            return true;
        }
        var local = TimeZoneInfo.ConvertTime(at, _zone!).DateTime;
        var (time, today, yesterday) = (TimeOnly.FromDateTime(local), local.DayOfWeek, local.AddDays(-1).DayOfWeek);
        return window.To > window.From
            ? IsDay(window, today) && time >= window.From && time < window.To
            : (IsDay(window, today) && time >= window.From) || (IsDay(window, yesterday) && time < window.To);
    }

    public bool IsOpen(DateTimeOffset at) => IsInWindow(at) && !IsFrozen(at);

    /// <summary>It was open at some moment between: a run that was due at the first is missed.</summary>
    public bool WasOpen(DateTimeOffset from, DateTimeOffset until)
    {
        for (var at = from; at < until; at += Step)
        {
            if (IsOpen(at))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The first moment from which on it has been open for twenty minutes, which twenty looks have seen; null if none comes
    /// before the end. Hours that come twice are left out: only their first coming is open for certain.</summary>
    public DateTimeOffset? FirstChance(DateTimeOffset from, DateTimeOffset end)
    {
        for (var at = from; at < end; at += Step)
        {
            if (IsSurelyOpen(at) && IsSurelyOpen(at + Step) && IsSurelyOpen(at + (2 * Step)))
            {
                return at + (2 * Step);
            }
            var skip = Frozen(at) is { } until ? until - at : UntilNextDay(at);
            at += skip > Step ? skip - Step : TimeSpan.Zero;
        }
        return null;
    }

    private bool IsSurelyOpen(DateTimeOffset at) =>
        IsOpen(at) && !(_zone?.IsAmbiguousTime(TimeZoneInfo.ConvertTime(at, _zone).DateTime) ?? false);

    /// <summary>On a day without an opening, the time until an hour before midnight (the hour that may be taken or given); else nothing.
    /// </summary>
    private TimeSpan UntilNextDay(DateTimeOffset at)
    {
        if (policy.Window is not { Days.Count: > 0 } window)
        {
            return TimeSpan.Zero;
        }
        var local = TimeZoneInfo.ConvertTime(at, _zone!).DateTime;
        return IsDay(window, local.DayOfWeek) || IsDay(window, local.AddDays(-1).DayOfWeek)
            ? TimeSpan.Zero
            : TimeSpan.FromHours(23) - local.TimeOfDay;
    }

    private DateTimeOffset? Frozen(DateTimeOffset at) =>
        policy.Freezes.FirstOrDefault(freeze => at >= freeze.From && at < freeze.Until)?.Until;

    private static bool IsDay(RotationWindow window, DayOfWeek day) => window.Days.Count == 0 || window.Days.Contains(day);
}
