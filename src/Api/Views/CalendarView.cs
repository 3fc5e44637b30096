namespace Rotunda.Api.Views;

/// <summary>What is due by schedule, day by day (UTC).</summary>
public sealed record CalendarView(DateTimeOffset At, IReadOnlyList<CalendarDay> Days);

/// <param name="Total">How many are due on it.</param>
/// <param name="Runs">The first of them.</param>
public sealed record CalendarDay(DateOnly Date, int Total, IReadOnlyList<CalendarRun> Runs)
{
    /// <summary>The freezes that hold on it, for a part of the day at least.</summary>
    public IReadOnlyList<CalendarFreeze> Freezes { get; init; } = [];
}

/// <summary>A time in which scheduled rotations rest.</summary>
/// <param name="From">Null, like <paramref name="Until"/>, where nobody knows its times (a feed that was never read): then it
/// holds.</param>
/// <param name="Secrets">How many secrets it is for.</param>
public sealed record CalendarFreeze(string Name, DateTimeOffset? From, DateTimeOffset? Until, int Secrets);

/// <param name="At">When it starts: when it is due, or when its window opens after that.</param>
/// <param name="Window">When scheduled rotations may start, in words; null for always.</param>
public sealed record CalendarRun(string Secret, DateTimeOffset At, string? Owner, string? Window);
