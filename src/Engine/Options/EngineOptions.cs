namespace Rotunda.Engine.Options;

/// <summary>How one engine runs. Everything but the path has a default that suits a small server.</summary>
public sealed record EngineOptions
{
    /// <summary>The task hub's SQLite file. Created if it is missing; its folder must exist.</summary>
    public required string HubPath { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How many instances stay in memory between their turns. 0 replays each turn from the stored history.</summary>
    public int InstanceCacheSize { get; init; } = 5_000;

    /// <summary>How many activities run at once; more wait their turn.</summary>
    public int MaxConcurrentActivities { get; init; } = 128;

    /// <summary>Tells by an orchestration's name and input whether its activities and timers go ahead of those that wait, in the
    /// <see cref="Files.FastLane"/>. Null: none does.</summary>
    public Func<string, string?, bool>? GoesFirst { get; init; }

    /// <summary>How many activities that go ahead may run beside the others, where these take all places.</summary>
    public int MoreForFirst { get; init; } = 32;

    /// <summary>How long a graceful stop waits for running activities. What is cut off runs again after the next start.</summary>
    public TimeSpan StopBudget { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Timers due within this time are held in memory; the others stay in the hub.</summary>
    public TimeSpan TimerHorizon { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many instances that fell due have their turn at once. The others are woken as these are through, oldest first; those
    /// that <see cref="GoesFirst"/> names before all.</summary>
    public int MaxConcurrentWakes { get; init; } = 512;

    /// <summary>How often the clock is looked at while nothing is due, so that a jump of the clock is noticed.</summary>
    public TimeSpan ClockCheckInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Fault injection: called on the commit thread around each commit ("engine.commit.before", "engine.commit.after").
    /// May kill the process; an exception makes the engine play dead.</summary>
    public Action<string>? CrashPoint { get; init; }

    /// <summary>An upper bound for the hub file, in pages of 4 KiB; null for none. Reaching it is a full disk.</summary>
    public long? MaxPages { get; init; }
}
