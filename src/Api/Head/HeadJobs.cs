using Microsoft.Extensions.Logging;
using Rotunda.Activities.Clocks;
using Rotunda.Activities.Leases;
using Rotunda.Api.Desk;
using Rotunda.Campaigns.Desk;

namespace Rotunda.Api.Head;

/// <summary>
/// What a head does by the clock. Each may be run at any time and as often as one likes: a missed run is made up for by the next.
/// A run that fails is logged and throws, so that whoever runs it can say so (in Azure, the run of a function that failed).
/// </summary>
public sealed partial class HeadJobs(
    RefreshingCatalog catalog,
    ScheduleSweep sweep,
    LeaseSweep leases,
    DriftSweep drift,
    Reconciler reconciler,
    CampaignDesk campaigns,
    NoticeDesk notices,
    DoctorDesk doctor,
    ReportDesk reports,
    HubCleaning cleaning,
    ClockWatch clock,
    JobTimes times,
    ILogger<HeadJobs> logger)
{
    /// <summary>Takes a changed catalog, reads what its feeds of change freezes say, adopts, and starts what is due.</summary>
    public Task SweepAsync(CancellationToken cancellationToken) => RunAsync(JobTimes.Sweep, async () =>
    {
        await catalog.RefreshAsync(TimeSpan.Zero, cancellationToken);
        await catalog.ReadFeedsAsync(cancellationToken);
        await campaigns.EnsureAllScheduledAsync(cancellationToken);
        await sweep.RunOnceAsync(cancellationToken);
    });

    /// <summary>Renews the leases whose turn it is.</summary>
    public Task RenewAsync(CancellationToken cancellationToken) => RunAsync("leases", () => leases.RunAsync(cancellationToken));

    /// <summary>Notices a jump of the clock, and tries to settle what is doubted of it.</summary>
    public Task WatchClockAsync(CancellationToken cancellationToken) => RunAsync("clock", () => clock.LookAsync(cancellationToken));

    /// <summary>Makes ledger and engine agree.</summary>
    public Task WatchAsync(CancellationToken cancellationToken) => RunAsync("watchdog", async () =>
    {
        await reconciler.RunAsync(cancellationToken);
        await campaigns.EnsureAllScheduledAsync(cancellationToken);
    });

    /// <summary>The doctor's look, where one is due. May take minutes where systems do not answer.</summary>
    public Task ExamineAsync(CancellationToken cancellationToken) => RunAsync("doctor", () => doctor.RunIfDueAsync(cancellationToken));

    /// <summary>Looks at the targets and providers of the secrets whose turn it is.</summary>
    public Task VerifyAsync(CancellationToken cancellationToken) => RunAsync("verify", () => drift.RunAsync(cancellationToken));

    public Task NotifyAsync(CancellationToken cancellationToken) => RunAsync("notices", () => notices.RunAsync(cancellationToken));

    /// <summary>Writes the summary and clears the task hub of what has ended long ago, once a day.</summary>
    public Task ReportAsync(CancellationToken cancellationToken) => RunAsync("report", async () =>
    {
        if (await reports.RunAsync(cancellationToken) is not null)
        {
            await cleaning.RunAsync(cancellationToken);
        }
    });

    private async Task RunAsync(string job, Func<Task> run)
    {
        try
        {
            await run();
            times.Done(job);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            times.Failed(job);
            LogFailed(problem, job);
            throw;
        }
    }

    [LoggerMessage(EventId = 5021, Level = LogLevel.Error, Message = "The job {Job} failed; its next run tries again")]
    private partial void LogFailed(Exception problem, string job);
}
