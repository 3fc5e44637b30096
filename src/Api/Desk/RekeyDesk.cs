using Rotunda.Api.Views;
using Rotunda.Ledger;
using Rotunda.Providers.Stores.Embedded;

namespace Rotunda.Api.Desk;

/// <summary>Moves the embedded store's values to another master key, a few at each call, on record. A person's command calls again until
/// it is done; whatever is cut off goes on where it was.</summary>
public sealed class RekeyDesk(ILedger ledger, EmbeddedStore? store = null)
{
    private const string Begun = "store.rekey-begun";
    private const string Done = "store.rekeyed";

    /// <summary>True where a re-keying was begun that has not come to its end.</summary>
    public bool IsUnderWay => store?.IsRekeying == true;

    /// <returns>Null where this head has no embedded store.</returns>
    /// <exception cref="Providers.Contract.StoreUnavailableException">It cannot be done; the message says what to do.</exception>
    public async Task<RekeyView?> MoveAsync(string actor, string reason, CancellationToken cancellationToken)
    {
        if (store is null)
        {
            return null;
        }

        var goesOn = store.IsRekeying;
        var progress = await store.RekeyAsync(cancellationToken);
        var keys = $"from key {progress.OldKeyId} to {progress.NewKeyId}: {reason}";
        if (!goesOn)
        {
            await ledger.AuditAsync(new AuditEntry(actor, Begun, null, null, null, keys), cancellationToken);
        }

        if (progress.IsDone)
        {
            await ledger.AuditAsync(new AuditEntry(actor, Done, null, null, null, keys), cancellationToken);
        }

        return new RekeyView(progress.OldKeyId, progress.NewKeyId, progress.Moved, progress.Total, progress.IsDone);
    }
}
