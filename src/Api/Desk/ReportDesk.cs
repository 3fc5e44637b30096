using Microsoft.Extensions.Logging;
using Rotunda.Rotation.Scheduling;

namespace Rotunda.Api.Desk;

/// <summary>The summary that a person reads once a day, as one log event: how many secrets stand where, what failed, what is
/// stuck longest.</summary>
public sealed partial class ReportDesk(StatusReader status, TimeProvider time, ILogger<ReportDesk> logger)
{
    private DateOnly _last = DateOnly.MinValue;

    /// <summary>Writes it, unless this process has written one on this day (UTC).</summary>
    /// <returns>What was written; null if nothing was.</returns>
    public async Task<DailyReport?> RunAsync(CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (today == _last)
        {
            return null;
        }

        var report = await MakeAsync(cancellationToken);
        _last = today;
        LogReport(
            report is { Failing: 0, Stuck: 0, Overdue: 0, NotReady: 0, NotAdopted: 0, Drifted: 0, NotDelivered: 0 }
                ? LogLevel.Information
                : LogLevel.Warning,
            report.Secrets, report.UpToDate, report.DueSoon, report.Overdue, report.Running, report.WaitingForApproval, report.Stuck,
            report.NotAdopted, report.NotReady, report.Drifted, report.NotInCatalog, report.NotDelivered, report.NeedsValue,
            report.NeedsReview,
            report.Failing, report.Orphans,
            report.OldestStuck);
        return report;
    }

    private async Task<DailyReport> MakeAsync(CancellationToken cancellationToken)
    {
        var secrets = await status.ListAsync(cancellationToken);
        int Count(ScheduleGroup group) => secrets.Count(s => s.Group == group);
        var oldest = await status.OldestStuckAsync(cancellationToken);
        return new DailyReport(
            secrets.Count(s => s.Group != ScheduleGroup.NotInCatalog),
            Count(ScheduleGroup.UpToDate),
            Count(ScheduleGroup.DueSoon),
            Count(ScheduleGroup.Overdue),
            Count(ScheduleGroup.Running),
            Count(ScheduleGroup.WaitingForApproval), Count(ScheduleGroup.Stuck), Count(ScheduleGroup.NotAdopted),
            Count(ScheduleGroup.NotReady),
            Count(ScheduleGroup.Drifted),
            Count(ScheduleGroup.NotInCatalog),
            Count(ScheduleGroup.NotDelivered),
            Count(ScheduleGroup.NeedsValue),
            Count(ScheduleGroup.NeedsReview),
            secrets.Count(s => s.FailuresInARow > 0), secrets.Sum(s => s.Orphans),
            oldest is null ? "none" : $"{oldest.Id}, started {oldest.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
    }

    [LoggerMessage(
        EventId = 4051,
        Message = "Report on all secrets ({Secrets}): up to date {UpToDate}, due soon {DueSoon}, overdue {Overdue}, running {Running}, "
            + "waiting for approval {Waiting}, stuck {Stuck}, not adopted {NotAdopted}, not ready {NotReady}, drifted {Drifted}, "
            + "no longer in the catalog {NotInCatalog}, not delivered {NotDelivered}, needs a value {NeedsValue}, "
            + "needs a review {NeedsReview}; last rotation failed {Failing}, orphans {Orphans}; oldest stuck: {OldestStuck}")]
    private partial void LogReport(
        LogLevel level,
        int secrets,
        int upToDate,
        int dueSoon,
        int overdue,
        int running,
        int waiting,
        int stuck,
        int notAdopted,
        int notReady,
        int drifted,
        int notInCatalog,
        int notDelivered,
        int needsValue,
        int needsReview,
        int failing,
        int orphans,
        string oldestStuck);
}

/// <param name="Failing">Secrets whose last rotation did not succeed.</param>
/// <param name="OldestStuck">The rotation that is stuck longest, in words.</param>
public sealed record DailyReport(
    int Secrets,
    int UpToDate,
    int DueSoon,
    int Overdue,
    int Running,
    int WaitingForApproval,
    int Stuck,
    int NotAdopted,
    int NotReady,
    int Drifted,
    int NotInCatalog,
    int NotDelivered,
    int NeedsValue,
    int NeedsReview,
    int Failing,
    int Orphans,
    string OldestStuck);
