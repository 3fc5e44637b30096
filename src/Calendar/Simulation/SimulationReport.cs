namespace Rotunda.Calendar.Simulation;

/// <summary>What was seen while the years were played.</summary>
public sealed record SimulationReport
{
    public required DateTimeOffset From { get; init; }

    public required int Days { get; init; }

    public required long Seed { get; init; }

    public required int Secrets { get; init; }

    /// <summary>Times at which the server was down.</summary>
    public required int Downtimes { get; init; }

    public required int ClockJumps { get; init; }

    /// <summary>How often a secret was looked at.</summary>
    public required long Looks { get; init; }

    public required IReadOnlyList<SimulatedMonth> Months { get; init; }

    /// <summary>Scheduled starts in each hour of the day, UTC.</summary>
    public required IReadOnlyList<int> ByHour { get; init; }

    /// <summary>The most rotations that were under way at once.</summary>
    public required int MostAtOnce { get; init; }

    /// <summary>The most scheduled starts within one hour.</summary>
    public required int MostInAnHour { get; init; }

    /// <summary>What put rotations off that were due, and how many of them.</summary>
    public required IReadOnlyDictionary<string, int> PutOff { get; init; }

    /// <summary>Rotations that started more than a day after they were due, the latest first.</summary>
    public required IReadOnlyList<LateStart> Late { get; init; }

    /// <summary>How many started more than a day late.</summary>
    public required int LateStarts { get; init; }

    public required IReadOnlyList<BrokenPromise> Broken { get; init; }
}

/// <summary>One month of the calendar.</summary>
/// <param name="Month">2026-12.</param>
public sealed record SimulatedMonth(string Month)
{
    /// <summary>Scheduled starts.</summary>
    public int Scheduled { get; set; }

    public int ByPeople { get; set; }

    public int Emergencies { get; set; }

    public int Succeeded { get; set; }

    /// <summary>Undone, or nobody answered in time.</summary>
    public int Failed { get; set; }

    /// <summary>Stopped by a person, or taken over by an emergency.</summary>
    public int Stopped { get; set; }

    /// <summary>Started more than a day after they were due.</summary>
    public int Late { get; set; }
}

/// <summary>A rotation that started late.</summary>
/// <param name="WaitedFor">One of the words for why nothing was started, as the last look had it.</param>
public sealed record LateStart(string Secret, DateTimeOffset DueAt, DateTimeOffset StartedAt, string WaitedFor);
