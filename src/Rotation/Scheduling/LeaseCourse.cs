using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Scheduling;

/// <summary>When a lease is renewed, and what follows from its system's answer. Pure.</summary>
public static class LeaseCourse
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

    /// <summary>How much less than was asked for is still as good as all of it: the way there and back.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(30);

    /// <summary>What is known of one that has just been taken.</summary>
    public static LeaseState Begin(LeaseTerm term, DateTimeOffset now) => new(term.EndsAt - now, now, term.Renewable)
    {
        LastEnd = term.LastEnd, Owner = term.Owner,
    };

    /// <summary>When its system is asked next: when two thirds of what is left are over; after a failure soon, and then less often, also
    /// past its end, so that what has to follow begins as soon as the system is back. Null: never again.</summary>
    public static DateTimeOffset? NextAt(CredentialRecord lease)
    {
        if (lease is { Lease: not { EndedAt: null, IsFailing: false }, State: CredentialState.Minting })
        {
            return null;
        }
        return lease.Lease switch
        {
            // The machine died between the lease and its record.
            null => lease.CreatedAt,
            { EndedAt: not null, IsFailing: false } => null,
            { IsFailing: true } state => state.TriedAt + PauseAfter(state),
            var state => state.TriedAt + Two(lease.ExpiresAt - state.TriedAt),
        };
    }

    /// <summary>It lives.</summary>
    /// <param name="before">As the ledger has it; null where it knows nothing.</param>
    public static LeaseState Lives(LeaseState? before, LeaseTerm term, DateTimeOffset now)
    {
        var known = before ?? Begin(term, now);
        // Less than it was made for: that is its maximum, whatever else was told of it.
        var isCapped = term.Renewable && term.EndsAt - now < known.Lives - Tolerance;
        return new LeaseState(known.Lives, now, term.Renewable && !isCapped)
        {
            LastEnd = isCapped || !term.Renewable ? term.EndsAt : Later(term.LastEnd, term.EndsAt),
            Owner = term.Owner,
            Renewals = known.Renewals + (term.Renewable ? 1 : 0),
        };
    }

    /// <summary>It could not be renewed, for a reason that may pass.</summary>
    /// <param name="waitFor">How long its system asks to wait; null if it does not.</param>
    /// <param name="endsAt">When it ends, by the ledger.</param>
    public static LeaseState Fails(
        LeaseState? before, DateTimeOffset? endsAt, string problem, bool isAway, DateTimeOffset now, TimeSpan? waitFor = null)
    {
        var known = before ?? new LeaseState((endsAt - now) ?? TimeSpan.Zero, now, true);
        return known with
        {
            TriedAt = now,
            FailingSince = known.FailingSince ?? now,
            Failures = known.Failures + 1,
            Problem = problem,
            IsAway = isAway,
            WaitFor = waitFor,
            EndedAt = known.EndedAt ?? (endsAt <= now ? endsAt : null),
        };
    }

    /// <summary>It is gone.</summary>
    /// <param name="endsAt">When it was to end, by the ledger.</param>
    public static LeaseState Gone(LeaseState? before, DateTimeOffset? endsAt, string problem, DateTimeOffset now)
    {
        var known = before ?? new LeaseState(TimeSpan.Zero, now, false);
        return known with
        {
            TriedAt = now,
            Renewable = false,
            FailingSince = null,
            WaitFor = null,
            Failures = 0,
            IsAway = false,
            Problem = problem,
            EndedAt = known.EndedAt ?? (endsAt < now ? endsAt : now),
        };
    }

    /// <summary>By when one that nobody renews any more has ended, whatever became of the renewals that were not answered: each that was
    /// sent was sent before the end that is known. Null where nothing tells.</summary>
    public static DateTimeOffset? DeadBy(CredentialRecord lease) => lease switch
    {
        { ExpiresAt: null } or { Lease: null or { EndedAt: not null } } => lease.ExpiresAt,
        { ExpiresAt: { } end, Lease: var state } => state.LastEnd is { } last && last >= end && last < end + state.Lives
            ? last
            : end + state.Lives,
    };

    private static TimeSpan PauseAfter(LeaseState state)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(state.Failures - 1, 8));
        pause = pause < LongestPause ? pause : LongestPause;
        return state.WaitFor > pause ? state.WaitFor.Value : pause;
    }

    private static TimeSpan Two(TimeSpan? left)
    {
        var two = (left ?? TimeSpan.Zero) * 2 / 3;
        return two > Least ? two : Least;
    }

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset other) => one is null || one > other ? one : other;
}
