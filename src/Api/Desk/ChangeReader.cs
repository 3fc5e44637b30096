using Rotunda.Api.Views;
using Rotunda.Ledger;

namespace Rotunda.Api.Desk;

/// <summary>Tells what changed, by the audit: every change has its row there.</summary>
public sealed class ChangeReader(ILedger ledger)
{
    /// <summary>So many are told at once; who is farther behind looks at everything anew.</summary>
    private const int Most = 500;

    /// <param name="after">The last row that is known; null to begin now.</param>
    public async Task<ChangeList> ReadAsync(long? after, CancellationToken cancellationToken)
    {
        var last = await ledger.LastAuditAsync(cancellationToken);
        if (after is not { } known || known >= last)
        {
            return new([], last, Reset: after > last);
        }

        if (last - known > Most)
        {
            return new([], last, Reset: true);
        }

        var rows = await ledger.ReadAuditAsync(new AuditFilter(known, Limit: Most), cancellationToken);
        var states = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var id in rows.Select(row => row.RotationId).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            states[id] = await ledger.GetRotationAsync(id, cancellationToken) is { } rotation ? Words.Of(rotation.State) : null;
        }

        return new(
            [.. rows.Select(row => new ChangeView(
                row.Sequence, row.At, row.Action, row.Secret, row.RotationId, row.RotationId is { } id ? states[id] : null))],
            rows.Count == 0 ? known : rows[^1].Sequence,
            Reset: false);
    }
}
