using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Rotunda.Api.Head;

namespace Rotunda.Functions;

/// <summary>What the head does by the clock. One instance runs each timer; a missed tick is made up for by the next.</summary>
public sealed class TimerFunctions(HeadJobs jobs, DurableClient client)
{
    [Function("Sweep")]
    public Task SweepAsync(
        [TimerTrigger($"%{HeadSettings.SweepSchedule}%")] TimerInfo timer,
        [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken) =>
        jobs.SweepAsync(client.Use(durable, cancellationToken));

    [Function("Watchdog")]
    public async Task WatchAsync(
        [TimerTrigger($"%{HeadSettings.WatchdogSchedule}%")] TimerInfo timer,
        [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken)
    {
        var token = client.Use(durable, cancellationToken);
        await jobs.WatchAsync(token);
        await jobs.WatchClockAsync(token);
    }

    [Function("Leases")]
    public Task RenewLeasesAsync(
        [TimerTrigger($"%{HeadSettings.SweepSchedule}%")] TimerInfo timer,
        [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken) =>
        jobs.RenewAsync(client.Use(durable, cancellationToken));

    [Function("Drift")]
    public Task LookForDriftAsync(
        [TimerTrigger($"%{HeadSettings.NoticeSchedule}%")] TimerInfo timer,
        [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken) =>
        jobs.VerifyAsync(client.Use(durable, cancellationToken));

    [Function("Notices")]
    public async Task NotifyAsync(
        [TimerTrigger($"%{HeadSettings.NoticeSchedule}%")] TimerInfo timer,
        [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken)
    {
        var token = client.Use(durable, cancellationToken);
        await jobs.NotifyAsync(token);
        await jobs.ExamineAsync(token);
    }

    [Function("Report")]
    public Task ReportAsync(
        [TimerTrigger($"%{HeadSettings.ReportSchedule}%")] TimerInfo timer,
        [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken) =>
        jobs.ReportAsync(client.Use(durable, cancellationToken));
}
