using Rotunda.Ledger;

namespace Rotunda.Activities.Clocks;

/// <summary>The clock of the ledger's database, where that is on a server.</summary>
internal sealed class DatabaseClock(ILedger ledger, TimeProvider time) : IOutsideClock
{
    public bool IsAtHand => true;

    public async Task<IReadOnlyList<OutsideTime>> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ledger.DatabaseTimeAsync(cancellationToken) is { } there
                ? [new OutsideTime("the ledger's database", time.GetUtcNow() - there)]
                : [];
        }
        catch (LedgerUnavailableException)
        {
            return [];
        }
    }
}
