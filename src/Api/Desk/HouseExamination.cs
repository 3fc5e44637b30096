using Rotunda.Activities;
using Rotunda.Activities.Clocks;
using Rotunda.Api.Views;
using Rotunda.Calendar.Due;
using Rotunda.Calendar.Feeds;
using Rotunda.Leaks.GitHub;
using Rotunda.Ledger;

namespace Rotunda.Api.Desk;

/// <summary>Looks at what all secrets have in common: the ledger, the catalog, the disk and the clock.</summary>
public sealed class HouseExamination(
    ILedger ledger,
    ICatalogSource catalog,
    ActivitiesOptions options,
    ClockWatch clock,
    ISystemSynchronisation system,
    RekeyDesk rekey,
    NoticeFailures notices,
    FreezeCalendar freezes,
    AlertDesk alerts,
    TimeProvider time)
{
    private const long TooLittle = 100L * 1024 * 1024;
    private const long Little = 500L * 1024 * 1024;
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(10);

    public async Task<IReadOnlyList<DoctorFinding>> LookAsync(CancellationToken cancellationToken)
    {
        var findings = new List<DoctorFinding>();
        if (catalog.Problem is { } broken)
        {
            findings.Add(new(FindingLevel.Problem, "catalog", null, null, $"The last good catalog stays in force: {broken}"));
        }

        findings.AddRange((catalog.Current?.Warnings ?? []).Select(warning =>
            new DoctorFinding(FindingLevel.Warning, "catalog", null, null, warning)));
        await LedgerAsync(findings, cancellationToken);
        if (rekey.IsUnderWay)
        {
            findings.Add(new(
                FindingLevel.Warning, "store", null, null,
                "The values are under two master keys: a re-keying was begun and has not come to its end. Go on with it: rotunda rekey "
                    + "--reason WHY"));
        }

        findings.AddRange(await notices.LookAsync(cancellationToken));
        findings.AddRange((await alerts.ProblemsAsync(cancellationToken)).Select(problem =>
            new DoctorFinding(FindingLevel.Problem, "leaks", null, null, problem)));
        Freezes(findings);
        Disk(findings);
        await ClockAsync(findings, cancellationToken);
        if (system.IsSynchronised() == false)
        {
            findings.Add(new(
                FindingLevel.Warning, "clock", null, null,
                "The system says that nothing keeps its clock right, and grace periods go by it. Start chrony or systemd-timesyncd."));
        }

        return findings;
    }

    private void Freezes(List<DoctorFinding> findings)
    {
        findings.AddRange(freezes.States().Where(feed => feed.Problem is not null || !feed.IsTrusted).Select(feed => new DoctorFinding(
            feed.IsTrusted ? FindingLevel.Warning : FindingLevel.Problem,
            "freezes",
            null,
            feed.Name,
            FeedWords.Of(feed, time.GetUtcNow()))));
        if (catalog.Current is { } current)
        {
            findings.AddRange(Room.Problems(current, time.GetUtcNow()).Select(problem =>
                new DoctorFinding(FindingLevel.Warning, "freezes", null, null, problem)));
        }
    }

    private async Task ClockAsync(List<DoctorFinding> findings, CancellationToken cancellationToken)
    {
        try
        {
            if (await clock.LookAsync(cancellationToken) is { } doubt)
            {
                findings.Add(new(
                    FindingLevel.Problem, "clock", null, null,
                    $"It is not believed, and nothing is revoked meanwhile: {doubt.Why}. Set it right, or say that it is right: rotunda "
                        + "clock confirm --reason WHY"));
            }
        }
        catch (LedgerUnavailableException)
        {
            // Told beside it.
        }
    }

    private async Task LedgerAsync(List<DoctorFinding> findings, CancellationToken cancellationToken)
    {
        try
        {
            await ledger.CheckAsync(cancellationToken);
            var newest = (await ledger.ListRotationsAsync(new RotationFilter(Limit: 1), cancellationToken))
                .Select(rotation => rotation.EndedAt ?? rotation.CreatedAt)
                .Concat((await ledger.ListSecretsAsync(cancellationToken)).Select(secret => secret.AdoptedAt))
                .DefaultIfEmpty(DateTimeOffset.MinValue)
                .Max();
            if (newest - time.GetUtcNow() is var ahead && ahead > Tolerance)
            {
                findings.Add(new(
                    FindingLevel.Problem, "clock", null, null,
                    $"The clock is at {time.GetUtcNow():u}, before the ledger's newest entry ({newest:u}): it was set back, or was ahead "
                        + "before. Set it right, as grace periods go by it."));
            }
        }
        catch (LedgerUnavailableException problem)
        {
            findings.Add(new(FindingLevel.Problem, "ledger", null, null, problem.Message));
        }
    }

    private void Disk(List<DoctorFinding> findings)
    {
        if (options.DataDirectory is not { } folder || !Directory.Exists(folder))
        {
            return;
        }

        try
        {
            var free = new DriveInfo(folder).AvailableFreeSpace;
            if (free < Little)
            {
                findings.Add(new(
                    free < TooLittle ? FindingLevel.Problem : FindingLevel.Warning, "disk", null, null,
                    $"{free / 1024 / 1024} MB are free where the data directory {folder} is. Free some space: without it nothing can be "
                        + "put on record, and rotations wait."));
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            findings.Add(new(
                FindingLevel.Warning, "disk", null, null,
                $"The free space at {folder} cannot be told ({problem.GetType().Name}). Look at it by hand: df -h {folder}"));
        }
    }
}
