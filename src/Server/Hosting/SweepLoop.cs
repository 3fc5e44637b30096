using Rotunda.Api.Head;

namespace Rotunda.Server.Hosting;

/// <summary>Runs the jobs again and again: the schedule, what people should know, and once a day the summary. The renewal of leases, the
/// doctor's look, the clock's and the look at targets have loops of their own: a system that does not answer must not keep the schedule
/// waiting.</summary>
internal sealed class SweepLoop(HeadJobs jobs, TimeProvider time)
{
    public Task RunAsync(TimeSpan every, CancellationToken cancellationToken) => Task.WhenAll(
        LoopAsync(every, [jobs.SweepAsync, jobs.NotifyAsync, jobs.ReportAsync], cancellationToken),
        LoopAsync(every, [jobs.WatchClockAsync], cancellationToken),
        LoopAsync(every, [jobs.RenewAsync], cancellationToken),
        LoopAsync(every, [jobs.VerifyAsync], cancellationToken),
        LoopAsync(every, [jobs.ExamineAsync], cancellationToken));

    private async Task LoopAsync(TimeSpan every, Func<CancellationToken, Task>[] all, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(every, time);
        try
        {
            do
            {
                foreach (var job in all)
                {
                    await TryAsync(job, cancellationToken);
                }
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
