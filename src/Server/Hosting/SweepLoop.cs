using Rotunda.Api.Head;

namespace Rotunda.Server.Hosting;

/// <summary>Runs the jobs again and again: the schedule, what people should know, and once a day the summary.</summary>
internal sealed class SweepLoop(HeadJobs jobs, TimeProvider time)
{
    public async Task RunAsync(TimeSpan every, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(every, time);
        try
        {
            do
            {
                await TryAsync(jobs.SweepAsync, cancellationToken);
                await TryAsync(jobs.NotifyAsync, cancellationToken);
                await TryAsync(jobs.ReportAsync, cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    /// <summary>The schedule must go on after a bad moment (a full disk, a database that is away). The job has logged it.</summary>
    private static async Task TryAsync(Func<CancellationToken, Task> job, CancellationToken cancellationToken)
    {
        try
        {
            await job(cancellationToken);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // The next run tries again.
        }
    }
}
