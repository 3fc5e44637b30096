using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rotunda.Activities.Ledger;
using Rotunda.Api.Desk;

namespace Rotunda.Api.Hosting;

/// <summary>
/// The first look at the catalog and the ledger. What is wrong is told at once and does not keep the head down: requests are then
/// answered with what to do, and the readiness says which part it is.
/// </summary>
public sealed partial class HeadStart(RefreshingCatalog catalog, Readiness readiness, ILedger ledger, ILogger<HeadStart> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await catalog.RefreshAsync(TimeSpan.Zero, cancellationToken);
        try
        {
            await ledger.CheckAsync(cancellationToken);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            LogLedger(problem);
        }

        readiness.Started = true;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventId = 5031, Level = LogLevel.Critical, Message = "The ledger cannot be used; nothing rotates until it can")]
    private partial void LogLedger(Exception problem);
}
