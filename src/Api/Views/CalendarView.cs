namespace Rotunda.Api.Views;

/// <summary>What is due by schedule, day by day (UTC).</summary>
public sealed record CalendarView(DateTimeOffset At, IReadOnlyList<CalendarDay> Days);

/// <param name="Total">How many are due on it.</param>
/// <param name="Runs">The first of them.</param>
public sealed record CalendarDay(DateOnly Date, int Total, IReadOnlyList<CalendarRun> Runs)
{
    /// <summary>The change freezes that hold for a part of it, by name.</summary>
    public IReadOnlyList<string> Freezes { get; init; } = [];
}

/// <param name="At">When it starts: when it is due, or when its window opens after that.</param>
/// <param name="Window">When scheduled rotations may start, in words; null for always.</param>
public sealed record CalendarRun(string Secret, DateTimeOffset At, string? Owner, string? Window);
