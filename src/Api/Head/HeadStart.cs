using Microsoft.Extensions.Hosting;
using Rotunda.Ledger;

namespace Rotunda.Api.Head;

/// <summary>
/// The first look at the ledger and the catalog. A head without its ledger does not start (the host tries again), nor does one
/// whose ledger another head works with. A broken catalog does not keep it down: the readiness tells.
/// </summary>
/// <remarks>
/// The ledger is looked at, and claimed, before any other part starts: as soon as the worker has started, the host gives it
/// timers, requests and steps of rotations.
/// </remarks>
public sealed class HeadStart(RefreshingCatalog catalog, Readiness readiness, ILedger ledger, HeadOptions options) : IHostedLifecycleService
{
    /// <exception cref="LedgerUnavailableException">It cannot be used; the message says what to do.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await ledger.CheckAsync(cancellationToken);
        if (options.Ledger is not null && ledger is SqlLedger shared)
        {
            await shared.ClaimAsync($"functions {options.TaskHub}", cancellationToken);
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await catalog.RefreshAsync(TimeSpan.Zero, cancellationToken);
        readiness.Started = true;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
