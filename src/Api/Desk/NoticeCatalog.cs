using Microsoft.Extensions.Logging;
using Rotunda.Ledger;

namespace Rotunda.Api.Desk;

/// <summary>Tells once that the catalog cannot be used any more, by the channels of the last good one, and once that it can again. The
/// audit remembers which of the two was told last.</summary>
public sealed partial class NoticeCatalog(
    ICatalogSource catalog, NoticeDispatch dispatch, ILedger ledger, ILogger<NoticeCatalog> logger)
{
    private const int MostText = 2_000;

    /// <summary>What is on record; null before the first look, and after each notice.</summary>
    private (bool Broken, long Record)? _told;

    /// <returns>How many were new.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (catalog.Current is null)
        {
            // Nothing says who is to be told.
            return 0;
        }

        var (problem, told) = (catalog.Problem, _told ??= await ReadAsync(cancellationToken));
        if (problem is null != told.Broken)
        {
            return 0;
        }

        var notice = Of(problem, told.Record);
        await dispatch.SendAsync(notice, cancellationToken);
        await ledger.AuditAsync(
            new AuditEntry(AuditActions.System, notice.Action, null, null, null, notice.Detail), cancellationToken);
        LogNotice(notice.Action, notice.Message);
        _told = null;
        return 1;
    }

    /// <param name="record">The newest of the other kind: each time is another one.</param>
    private static Notice Of(string? problem, long record) => problem is null
        ? new Notice(Notice.CatalogMended, "", null, $"after record {record}", "The catalog can be used again, and is in force.")
        {
            Title = "The catalog can be used again", Condition = "catalog", Ends = true,
        }
        : new Notice(
            Notice.CatalogBroken, "", null, $"after record {record}",
            $"The last good catalog stays in force, and no change of it is taken. See: rotunda catalog validate FILE\n"
                + (problem.Length <= MostText ? problem : $"{problem[..MostText]}…"))
        {
            Title = "The catalog cannot be used", Condition = "catalog",
        };

    private async Task<(bool Broken, long Record)> ReadAsync(CancellationToken cancellationToken)
    {
        var broken = (await ledger.LastNoticeAsync(null, Notice.CatalogBroken, "", cancellationToken))?.Sequence ?? 0;
        var mended = (await ledger.LastNoticeAsync(null, Notice.CatalogMended, "", cancellationToken))?.Sequence ?? 0;
        return (broken > mended, Math.Max(broken, mended));
    }

    [LoggerMessage(EventId = 4042, Level = LogLevel.Warning, Message = "{Action}: {Notice}")]
    private partial void LogNotice(string action, string notice);
}
