using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;

namespace Rotunda.Calendar.Simulation;

/// <summary>What a ledger would have of one secret. Moments are those of the server's clock.</summary>
internal sealed class SimulatedSecret(Policy policy, int place, DateTimeOffset adoptedAt, TimeSpan? life)
{
    private readonly List<(int Number, DateTimeOffset At)> _promoted = [];
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private DateTimeOffset _mintedAt = adoptedAt;

    public Policy Policy { get; } = policy;

    public string Name => Policy.Name;

    /// <summary>Its place in the catalog.</summary>
    public int Place { get; } = place;

    public DateTimeOffset AdoptedAt { get; } = adoptedAt;

    public SimulatedRun? Active { get; private set; }

    public int LastNumber { get; private set; }

    public int Failures { get; private set; }

    public DateTimeOffset? LastFailedAt { get; private set; }

    public DateTimeOffset? DueAgainAt { get; private set; }

    /// <summary>The last of its rotations that succeeded: since when its credential is in use, and when it was over.</summary>
    public (DateTimeOffset From, DateTimeOffset At)? Succeeded { get; private set; }

    /// <summary>Something other than its own hours has kept it since it is due.</summary>
    public bool WasKept { get; set; }

    public DateTimeOffset? LastRotatedAt => _promoted.Count == 0 ? null : _promoted.Max(one => one.At);

    public DateTimeOffset Since => LastRotatedAt ?? AdoptedAt;

    /// <summary>When the credential in use ends by itself.</summary>
    public DateTimeOffset? EndsAt => life is { } lives ? _mintedAt + lives : null;

    public DateTimeOffset? EndsFrom => life is null ? null : _mintedAt;

    /// <summary>Grows with everything that happens to it.</summary>
    public int Version { get; private set; }

    /// <summary>When something last happened to it, or to one that it may wait for.</summary>
    public DateTimeOffset TouchedAt { get; set; }

    /// <summary>When it was due, as the last look had it.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>Why the last look at it since it is due started nothing.</summary>
    public string? WaitsFor { get; set; }

    public SecretSchedule Schedule => new(
        AdoptedAt, LastRotatedAt, Active?.Id, null, LastFailedAt, Failures, DueAgainAt)
    {
        EndsAt = EndsAt,
        EndsFrom = EndsFrom,
        SucceededAt = Succeeded?.At,
        SucceededFrom = Succeeded?.From,
    };

    /// <returns>False if the key started another one before: a ledger starts nothing then.</returns>
    public bool TakeKey(string key) => _keys.Add(key);

    public SimulatedRun Start(StartedBy by, DateTimeOffset wall)
    {
        Version++;
        LastNumber++;
        (WaitsFor, WasKept) = (null, false);
        return Active = new SimulatedRun(this, LastNumber, by, wall) { MintedBefore = _mintedAt };
    }

    public void Promote(SimulatedRun run, DateTimeOffset wall)
    {
        Version++;
        // A clock that was set back meanwhile does not make it older than its start.
        _promoted.Add((run.Number, Later(run.StartedAt, wall)));
        _mintedAt = run.StartedAt;
    }

    /// <summary>On the way back out of the grace period: the old credential is in use again.</summary>
    public void TakeBack(SimulatedRun run)
    {
        _promoted.RemoveAll(one => one.Number == run.Number);
        _mintedAt = run.MintedBefore;
    }

    public void Succeed(SimulatedRun run, DateTimeOffset wall)
    {
        Close();
        Succeeded = (_promoted.Find(one => one.Number == run.Number).At, wall);
        (Failures, LastFailedAt, DueAgainAt) = (0, null, null);
    }

    public void Fail(DateTimeOffset wall)
    {
        Close();
        Failures++;
        LastFailedAt = Later(LastFailedAt, wall);
    }

    /// <summary>A person stopped it.</summary>
    public void Cancel(DateTimeOffset dueAgain)
    {
        Close();
        DueAgainAt = Later(DueAgainAt, dueAgain);
    }

    /// <summary>An emergency has taken over: it counts neither as a success nor as a failure.</summary>
    public void Supersede() => Close();

    private void Close()
    {
        Version++;
        Active = null;
    }

    private static DateTimeOffset Later(DateTimeOffset? one, DateTimeOffset other) => one > other ? one.Value : other;
}
