using Rotunda.Api.Desk;

namespace Rotunda.Server.Hosting;

/// <summary>Runs the schedule sweep again and again.</summary>
internal sealed partial class SweepLoop(ScheduleSweep sweep, FileCatalog catalog, TimeProvider time, ILogger<SweepLoop> logger)
{
    public async Task RunAsync(TimeSpan every, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(every, time);
        try
        {
            do
            {
                await SweepAsync(cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            catalog.RefreshIfChanged();
            await sweep.RunOnceAsync(cancellationToken);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // The schedule must go on after a bad moment (a full disk, a locked file).
            LogFailed(problem);
        }
    }

    [LoggerMessage(EventId = 5021, Level = LogLevel.Error, Message = "A sweep of the schedule failed; the next one tries again")]
    private partial void LogFailed(Exception problem);
}
