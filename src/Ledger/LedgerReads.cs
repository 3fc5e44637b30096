using System.Runtime.CompilerServices;

namespace Rotunda.Ledger;

/// <summary>Reads of the ledger that go on page by page, however much there is.</summary>
public static class LedgerReads
{
    private const int PageSize = 1_000;

    /// <summary>
    /// All rotations that have not ended, by the name of their secret. Each page is read as it stands when it is asked for: one that
    /// starts or ends meanwhile may be among them or not.
    /// </summary>
    public static async IAsyncEnumerable<RotationRecord> ListOpenAsync(
        this ILedger ledger, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = "";
        while (true)
        {
            var page = await ledger.ListRotationsAsync(
                new RotationFilter(OpenOnly: true, Limit: PageSize) { AfterSecret = after }, cancellationToken);
            foreach (var rotation in page)
            {
                yield return rotation;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            after = page[^1].Secret;
        }
    }
}
