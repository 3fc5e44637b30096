using Rotunda.Ledger;

namespace Rotunda.Leaks.Matching;

/// <summary>The index of the ledger's fingerprints, read again once the ledger has moved on.</summary>
public sealed class FingerprintSource(ILedger ledger) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private FingerprintIndex _index = new([]);
    private long _of = -1;

    public async Task<FingerprintIndex> GetAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // Read before the fingerprints: what is added meanwhile makes the next look read again.
            var last = await ledger.LastAuditAsync(cancellationToken);
            if (last != _of)
            {
                _index = new FingerprintIndex(await ledger.ListFingerprintsAsync(cancellationToken));
                _of = last;
            }

            return _index;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}
