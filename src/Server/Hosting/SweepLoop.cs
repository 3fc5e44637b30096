using Rotunda.Api.Hosting;

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
                await jobs.SweepAsync(cancellationToken);
                await jobs.NotifyAsync(cancellationToken);
                await jobs.ReportAsync(cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }
}
