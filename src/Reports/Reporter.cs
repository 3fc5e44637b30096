using System.Text.Json;
using Rotunda.Ledger;
using Rotunda.Reports.Folding;
using Rotunda.Reports.Incident;
using Rotunda.Reports.Period;
using Rotunda.Reports.Signing;
using Rotunda.Reports.Writing;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Reports;

/// <summary>Makes reports of the audit: reads it once from its first row, however long it is, and signs how far it came.</summary>
public sealed class Reporter(ILedger ledger, CheckpointKey key, TimeProvider time) : IDisposable
{
    private const int Page = 1_000;
    private readonly SemaphoreSlim _one = new(1);

    /// <param name="sees">Whose names the asker is told: the report is of these. Null for all; only then it is signed.</param>
    public async Task<ReportFiles> PeriodAsync(
        ReportPeriod period, RotationCatalog? catalog, Func<string, bool>? sees, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var end = period.Until < now ? period.Until : now;
        var fold = new AuditFold(period.From, period.Until, sees ?? All);
        var intact = await FoldAsync(fold.Add, () => fold.Rows, cancellationToken);
        var report = PeriodReportMaker.Make(period, end, fold, intact, catalog, sees ?? All);
        List<ReportFile> files =
        [
            new("report.json", JsonSerializer.Serialize(report, PeriodJson.Default.PeriodReport) + "\n"),
            new("report.html", PeriodTexts.Html(report)),
            new("report.csv", PeriodTexts.Csv(report)),
        ];
        return new ReportFiles(
            period.Name, sees is null ? await SignedAsync(report.Rows, report.Head, now, files, cancellationToken) : Partial(files));
    }

    /// <param name="sees">As with <see cref="PeriodAsync"/>.</param>
    /// <returns>Null if nothing of such an incident is seen.</returns>
    public async Task<ReportFiles?> IncidentAsync(
        string incident, RotationCatalog? catalog, Func<string, bool>? sees, CancellationToken cancellationToken)
    {
        var (fold, rows) = (new IncidentFold(incident, sees ?? All), 0L);
        var intact = await FoldAsync(
            row =>
            {
                fold.Add(row);
                rows = row.Sequence;
            },
            () => rows,
            cancellationToken);
        if (fold.Make(intact, catalog) is not { } report)
        {
            return null;
        }

        List<ReportFile> files =
        [
            new("incident.md", IncidentTexts.Markdown(report)),
            new("incident.html", IncidentTexts.Html(report)),
            new("incident.json", JsonSerializer.Serialize(report, IncidentJson.Default.IncidentReport) + "\n"),
        ];
        return new ReportFiles(
            incident,
            sees is null ? await SignedAsync(report.Rows, report.Head, time.GetUtcNow(), files, cancellationToken) : Partial(files));
    }

    public void Dispose() => _one.Dispose();

    private static bool All(string secret) => true;

    /// <summary>Whoever is told of some secrets alone could show the report as one of all: it says what it is, and is not signed.</summary>
    private static IReadOnlyList<ReportFile> Partial(List<ReportFile> files) =>
    [
        .. files,
        new(
            "PARTIAL.txt",
            "This report is of some secrets alone: those that whoever asked for it is told of. There may be more of the incident or the "
                + "period. It is not signed. A signed one comes from somebody who sees all secrets.\n"),
    ];

    /// <summary>Whose text was signed stands beside it, with the key that tells.</summary>
    private async Task<IReadOnlyList<ReportFile>> SignedAsync(
        long rows, string head, DateTimeOffset at, List<ReportFile> files, CancellationToken cancellationToken)
    {
        var checkpoint = Checkpoint.Text(rows, head, at, files);
        var signed = await key.SignAsync(System.Text.Encoding.UTF8.GetBytes(checkpoint), cancellationToken);
        return
        [
            .. files,
            new("checkpoint.json", checkpoint),
            new("checkpoint.sig", Convert.ToBase64String(signed.Signature)),
            new("checkpoint.pem", signed.PublicKey),
        ];
    }

    /// <summary>One at a time: each reads the whole audit.</summary>
    /// <returns>Whether the chain of hashes is whole.</returns>
    private async Task<bool> FoldAsync(Action<AuditRow> add, Func<long> rows, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            // Rows that come meanwhile are left for the next report.
            var last = await ledger.LastAuditAsync(cancellationToken);
            while (rows() < last)
            {
                var page = await ledger.ReadAuditAsync(
                    new AuditFilter(rows(), Limit: (int)Math.Min(Page, last - rows())), cancellationToken);
                if (page.Count == 0)
                {
                    return false;
                }

                foreach (var row in page)
                {
                    add(row);
                }
            }

            return (await ledger.VerifyAuditAsync(cancellationToken)).Intact;
        }
        finally
        {
            _one.Release();
        }
    }
}
