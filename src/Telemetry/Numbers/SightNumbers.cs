using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rotunda.Calendar.Due;
using Rotunda.Api.Desk;
using Rotunda.Api.Head;
using Rotunda.Api.Http;
using Rotunda.Ledger;

namespace Rotunda.Telemetry.Numbers;

/// <summary>
/// Keeps the newest numbers. A scrape brings them up to date before it is answered; where they are sent they are brought up to date
/// beside it, and are older by one collection at most.
/// </summary>
public sealed partial class SightNumbers(
    IServiceProvider services, BoardDesk boards, ICatalogSource catalog, ILedger ledger, TelemetryOptions options, TimeProvider time,
    ILogger<SightNumbers> logger) : IDisposable
{
    /// <summary>A scraper waits ten seconds by itself.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Of all time at most one part in so many goes into reading campaigns.</summary>
    private const int Share = 20;

    private readonly SemaphoreSlim _one = new(1);
    private long _campaignsAt;
    private TimeSpan _campaignsTook;
    private Board? _counted;

    /// <summary>Null before the first.</summary>
    public BoardNumbers? Board { get; private set; }

    public IReadOnlyList<CampaignNumbers> Campaigns { get; private set; } = [];

    /// <summary>Null before the first.</summary>
    public HouseNumbers? House { get; private set; }

    /// <summary>Brings all up to date. What cannot be read (the ledger is away) stays as it was, and the parts say why.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            try
            {
                House = await HouseAsync(cancellationToken);
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                LogNotRead(problem);
            }

            await ReadAsync(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>As <see cref="RefreshAsync"/>, for a collection that cannot wait. Does nothing while another one runs.</summary>
    public void RefreshBeside()
    {
        if (_one.CurrentCount > 0)
        {
            _ = Task.Run(() => RefreshAsync(CancellationToken.None));
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await boards.GetAsync(Patience, cancellationToken) is { } board && !ReferenceEquals(board, _counted))
            {
                (Board, _counted) = (BoardNumbers.Of(board, options), board);
            }

            if (_campaignsAt == 0 || time.GetElapsedTime(_campaignsAt) > _campaignsTook * Share)
            {
                var began = time.GetTimestamp();
                Campaigns = await CampaignNumbers.ReadAsync(ledger, cancellationToken);
                (_campaignsAt, _campaignsTook) = (time.GetTimestamp(), time.GetElapsedTime(began));
            }
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            LogNotRead(problem);
        }
    }

    private async Task<HouseNumbers> HouseAsync(CancellationToken cancellationToken) => new(
        await services.GetRequiredService<IReadiness>().CheckAsync(cancellationToken),
        services.GetRequiredService<ClockDesk>().Doubt is null,
        catalog.Current is not null && catalog.Problem is null,
        services.GetService<JobTimes>()?.All ?? new Dictionary<string, JobTime>(StringComparer.Ordinal));

    [LoggerMessage(
        EventId = 8001,
        Level = LogLevel.Warning,
        Message = "The numbers of secrets and campaigns could not be brought up to date")]
    private partial void LogNotRead(Exception problem);
}
