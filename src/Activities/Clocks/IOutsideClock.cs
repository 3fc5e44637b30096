namespace Rotunda.Activities.Clocks;

/// <summary>A clock of another machine, which can witness for this one.</summary>
public interface IOutsideClock
{
    /// <summary>It is asked at each start, not only where the clock is doubted: no other system has to be reached for it.</summary>
    bool IsAtHand => false;

    /// <summary>Asks it now.</summary>
    /// <returns>Each that answered, with its name for people; empty if none did. Failures are no answer.</returns>
    Task<IReadOnlyList<OutsideTime>> AskAsync(CancellationToken cancellationToken);
}

/// <param name="Clock">For people: "the ledger's database".</param>
/// <param name="Ahead">How far this machine's clock is ahead of it; negative if behind.</param>
public sealed record OutsideTime(string Clock, TimeSpan Ahead);
