using System.Text.Json.Serialization;

namespace Rotunda.Rotation.Words;

/// <summary>What is known of a lease besides its end.</summary>
/// <param name="Lives">For how long it was made, and is renewed.</param>
/// <param name="TriedAt">When its system was last asked.</param>
/// <param name="Renewable">False where it is not renewed any more.</param>
public sealed record LeaseState(TimeSpan Lives, DateTimeOffset TriedAt, bool Renewable)
{
    /// <summary>The latest that renewals bring the end to; null where nothing tells it.</summary>
    public DateTimeOffset? LastEnd { get; init; }

    /// <summary>What it hangs on: <see cref="LeaseTerm.Owner"/>.</summary>
    public string? Owner { get; init; }

    /// <summary>How often it was renewed.</summary>
    public int Renewals { get; init; }

    /// <summary>Since when it could not be renewed; null while all is well.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>How many times in a row.</summary>
    public int Failures { get; init; }

    /// <summary>Why, with <see cref="FailingSince"/> or <see cref="EndedAt"/>.</summary>
    public string? Problem { get; init; }

    /// <summary>With <see cref="FailingSince"/>: how long its system asks to wait; null if it does not.</summary>
    public TimeSpan? WaitFor { get; init; }

    /// <summary>Its system did not answer: nothing else can be done there either. False where it answers and refuses.</summary>
    public bool IsAway { get; init; }

    /// <summary>When it was found to have ended; null while it lives, as far as is known.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>As it was told last.</summary>
    /// <param name="endsAt">When it ends, by the ledger.</param>
    public LeaseTerm Term(DateTimeOffset endsAt) => new(endsAt, Renewable) { LastEnd = LastEnd, Owner = Owner };

    /// <summary>The latest end, for the schedule: that of the renewals, or its own where it is not renewed. Null where nothing
    /// tells.</summary>
    /// <param name="endsAt">When it ends, by the ledger.</param>
    public DateTimeOffset? Latest(DateTimeOffset endsAt) => EndedAt ?? (Renewable ? LastEnd : endsAt);

    [JsonIgnore]
    public bool IsFailing => FailingSince is not null;
}
