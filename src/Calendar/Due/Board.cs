using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Calendar.Due;

/// <summary>All secrets at one moment, counted and in order: what pages that must not list them all are made from.</summary>
/// <param name="Rows">Most urgent group first, then by name.</param>
/// <param name="Ages">How many secrets are how old, in tenths of their interval; the last but one up to half an interval over it, the
/// last beyond.</param>
/// <param name="OnRequest">How many have no interval.</param>
/// <param name="Orphans">Credentials that only a person can settle.</param>
/// <param name="Took">How long it took to make.</param>
public sealed record Board(
    DateTimeOffset At,
    IReadOnlyList<BoardRow> Rows,
    IReadOnlyDictionary<ScheduleGroup, int> Groups,
    IReadOnlyList<int> Ages,
    int OnRequest,
    int Orphans,
    TimeSpan Took)
{
    /// <summary>Tenths of the interval, and two beyond it.</summary>
    public const int AgeBuckets = 12;

    /// <summary>The rows that have a next run, earliest first.</summary>
    public required IReadOnlyList<BoardRow> Coming { get; init; }

    /// <summary>Times in which scheduled rotations rest, earliest first: those that are not over.</summary>
    public required IReadOnlyList<BoardFreeze> Freezes { get; init; }

    /// <summary>The open rotations, counted by state.</summary>
    public IReadOnlyDictionary<RotationState, OpenCount> Open { get; init; } = new Dictionary<RotationState, OpenCount>();

    /// <summary>How many secrets' last rotation did not succeed.</summary>
    public int Failing { get; init; }

    /// <summary>The bucket of an age, as a part of the interval.</summary>
    public static int BucketOf(double age) => age switch
    {
        < 0 => 0,
        < 1 => (int)(age * 10),
        < 1.5 => AgeBuckets - 2,
        _ => AgeBuckets - 1,
    };
}

/// <summary>One secret on the board.</summary>
/// <param name="NextAt">When it rotates next by schedule, as far as is known.</param>
/// <param name="Policy">Null for a secret that is not in the catalog.</param>
public sealed record BoardRow(string Name, ScheduleGroup Group, DateTimeOffset? DueAt, DateTimeOffset? NextAt, Policy? Policy)
{
    private readonly ShortTime _since;
    private readonly ShortTime _endsAt;

    public string? Owner => Policy?.Owner;

    /// <summary>When scheduled rotations may start, in words; null for always.</summary>
    public string? Window => Policy?.Window is { } window ? RotationWindows.Describe(window) : null;

    /// <summary>Since when its credential in use is known; null before its adoption.</summary>
    public DateTimeOffset? Since { get => _since.Time; init => _since = new(value); }

    /// <summary>When its credential in use ends by itself; null if it does not, or nothing tells.</summary>
    public DateTimeOffset? EndsAt { get => _endsAt.Time; init => _endsAt = new(value); }

    public IReadOnlyList<string> Tags => Policy?.Tags ?? [];

    /// <summary>A target, or the provider, does not hold the value in use; whatever else is said of it.</summary>
    public bool HasDrifted { get; init; }

    /// <summary>Whether a search for the word finds it: by its name, description, owner, tags, or provider.</summary>
    public bool Mentions(string word) => Has(Name, word) || (Policy is { } policy && (Has(policy.Description, word)
        || Has(policy.Owner, word) || Has(policy.Provider.Type, word) || policy.Tags.Any(tag => Has(tag, word))));

    private static bool Has(string? text, string word) => text?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;

    public bool NeedsPerson => Group is ScheduleGroup.Overdue or ScheduleGroup.Stuck or ScheduleGroup.NotDelivered
        or ScheduleGroup.Drifted or ScheduleGroup.WaitingForApproval or ScheduleGroup.NeedsValue or ScheduleGroup.NeedsReview
        or ScheduleGroup.NotReady or ScheduleGroup.NotAdopted
        or ScheduleGroup.NotInCatalog;
}

/// <summary>Rotations of one state.</summary>
/// <param name="Oldest">When the first of them was started.</param>
public sealed record OpenCount(int Rotations, DateTimeOffset Oldest);

/// <summary>A time in which scheduled rotations rest.</summary>
/// <param name="Secrets">Whose: how many.</param>
public sealed record BoardFreeze(string Name, DateTimeOffset From, DateTimeOffset Until, int Secrets)
{
    /// <summary>Nobody knows its times, and so it holds (<see cref="ChangeFreeze.IsUnknown"/>).</summary>
    public bool IsUnknown => Until == DateTimeOffset.MaxValue;
}
