using Microsoft.Extensions.Logging;
using Rotunda.Ledger;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Clocks;

/// <summary>
/// Watches the clock that grace periods go by. A jump between the wall clock and the monotonic one, or a clock that at the start is far
/// from the last time on record or from the clocks of others, is doubted; while it is, nothing is revoked. It is believed again when
/// other clocks agree with it, when none can be asked and the system says that it is synchronised, or when a person says so.
/// </summary>
public sealed partial class ClockWatch(
    ILedger ledger,
    IEnumerable<IOutsideClock> outside,
    ISystemSynchronisation system,
    TimeProvider time,
    ILogger<ClockWatch> logger) : IDisposable
{
    /// <summary>How far the two clocks may part between two looks; a daemon that slews the clock parts them by less.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(10);

    /// <summary>How far another machine's clock may be off: its own error, and the way there and back.</summary>
    private static readonly TimeSpan Agreement = TimeSpan.FromMinutes(1);

    /// <summary>How long nothing may have run here without a question.</summary>
    private static readonly TimeSpan Absence = TimeSpan.FromHours(1);

    private static readonly TimeSpan KeepEvery = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AskingLimit = TimeSpan.FromSeconds(10);

    private const string Disagrees = " that of ";
    private readonly SemaphoreSlim _one = new(1);
    private readonly ILogger _logger = logger;
    private (DateTimeOffset Wall, long Mark)? _last;
    private ClockDoubt? _doubt;
    private int _confirmations;
    private int _jumps;

    /// <summary>Why the clock is not believed, as the last look found; null if it is.</summary>
    public ClockDoubt? Doubt => _doubt;

    /// <summary>How often, since this process began, a look found that the clock had jumped, or doubted it at the start. What was reckoned
    /// by the clock before may be wrong by as much.</summary>
    public int Jumps => _jumps;

    /// <summary>Looks now, and tries to settle what is doubted.</summary>
    /// <returns>Why the clock is not believed; null if it is.</returns>
    public async Task<ClockDoubt?> LookAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var known = await ledger.ReadClockAsync(cancellationToken);
            TakeConfirmation(known);
            var (jump, before) = (Jump(), _doubt);
            if (_last is null)
            {
                _doubt = known.Doubt ?? await AtStartAsync(known, cancellationToken);
            }
            else if (jump is { } by)
            {
                _doubt = AfterJump(by);
            }

            _jumps += jump is not null || (_last is null && _doubt is not null) ? 1 : 0;
            _last = (time.GetUtcNow(), time.GetTimestamp());
            var agrees = _doubt is null ? null : await AgreesAsync(cancellationToken);
            _doubt = agrees is null ? _doubt : null;
            await KeepAsync(known, jump, before, agrees, cancellationToken);
            return _doubt;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>A person says that the clock is right. On record.</summary>
    /// <returns>What was doubted; null, and nothing is recorded, if nothing was.</returns>
    public async Task<ClockDoubt?> ConfirmAsync(string actor, string reason, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var known = await ledger.ReadClockAsync(cancellationToken);
            if ((_doubt ?? known.Doubt) is not { } doubt)
            {
                return null;
            }

            _confirmations = known.Confirmations + 1;
            _last = (time.GetUtcNow(), time.GetTimestamp());
            _doubt = null;
            await ledger.WriteClockAsync(
                new ClockRecord(time.GetUtcNow(), null, _confirmations),
                jump: null,
                new AuditEntry(actor, AuditActions.ClockConfirmed, null, null, null, $"{reason} (it was doubted: {doubt.Why})"),
                cancellationToken);
            return doubt;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    /// <summary>Also one that a person gave to another worker of this head.</summary>
    private void TakeConfirmation(ClockRecord known)
    {
        if (_last is not null && known.Confirmations > _confirmations)
        {
            _doubt = null;
        }

        _confirmations = known.Confirmations;
    }

    /// <summary>How far the wall clock has gone otherwise than the monotonic one since the last look; null if it has not.</summary>
    private TimeSpan? Jump()
    {
        if (_last is not { } last)
        {
            return null;
        }

        var elapsed = time.GetElapsedTime(last.Mark);
        var jump = time.GetUtcNow() - last.Wall - elapsed;
        return jump.Duration() > Tolerance + (elapsed / 1000) ? jump : null;
    }

    /// <summary>Null where it jumped back to where it had been.</summary>
    private ClockDoubt? AfterJump(TimeSpan jump)
    {
        var ahead = _doubt is null ? jump.TotalSeconds : _doubt.AheadSeconds + jump.TotalSeconds;
        if (_doubt is not null && Math.Abs(ahead ?? double.MaxValue) <= Tolerance.TotalSeconds)
        {
            return null;
        }

        var way = jump > TimeSpan.Zero ? "ahead" : "back";
        return new ClockDoubt(
            _doubt?.Since ?? time.GetUtcNow(),
            $"the clock jumped {way} by {DurationText.Format(Whole(jump))} while Rotunda ran, to {Show(time.GetUtcNow())}",
            ahead);
    }

    private async Task<ClockDoubt?> AtStartAsync(ClockRecord known, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (Disagreement(await AskAsync(outside.Where(clock => clock.IsAtHand), cancellationToken)) is { } why)
        {
            return new ClockDoubt(now, why, null);
        }

        var newest = await ledger.NewestEntryAsync(cancellationToken);
        var latest = known.Believed > newest ? known.Believed : newest;
        if (latest - now > Agreement)
        {
            return new ClockDoubt(
                now, $"the clock is at {Show(now)}, before the ledger's newest entry ({Show(latest!.Value)})", null);
        }

        return now - (known.Believed ?? newest) > Absence
            ? new ClockDoubt(
                now,
                $"the clock is at {Show(now)}, {DurationText.Format(Whole(now - (known.Believed ?? newest)!.Value))} after the last time "
                    + "on record, and nothing but it tells whether so much time has passed",
                null)
            : null;
    }

    /// <summary>What agrees with the clock; null if nothing does, or something does not.</summary>
    private async Task<string?> AgreesAsync(CancellationToken cancellationToken)
    {
        var told = await AskAsync(outside, cancellationToken);
        if (Disagreement(told) is { } why)
        {
            // Once: by how much changes with each look.
            _doubt = _doubt!.Why.Contains(Disagrees, StringComparison.Ordinal) ? _doubt : _doubt with { Why = $"{_doubt.Why}; {why}" };
            return null;
        }

        return told.Count > 0 ? string.Join(", ", told.Select(one => one.Clock))
            : system.IsSynchronised() == true ? "the system's time synchronisation"
            : null;
    }

    private static string? Disagreement(IReadOnlyList<OutsideTime> told) =>
        told.FirstOrDefault(one => one.Ahead.Duration() > Agreement) is { } other
            ? $"the clock is {DurationText.Format(Whole(other.Ahead))} {(other.Ahead > TimeSpan.Zero ? "ahead of" : "behind")}{Disagrees}"
                + other.Clock
            : null;

    private async Task<IReadOnlyList<OutsideTime>> AskAsync(IEnumerable<IOutsideClock> clocks, CancellationToken cancellationToken)
    {
        var all = await Task.WhenAll(clocks.Select(clock => AskAsync(clock, cancellationToken)));
        return [.. all.SelectMany(some => some)];
    }

    private async Task<IReadOnlyList<OutsideTime>> AskAsync(IOutsideClock clock, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(AskingLimit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await clock.AskAsync(linked.Token).WaitAsync(linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }

    private async Task KeepAsync(
        ClockRecord known,
        TimeSpan? jump,
        ClockDoubt? before,
        string? agrees,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var age = (now - known.Believed)?.Duration();
        var isStale = _doubt is null && (age is null || age >= KeepEvery);
        var entry = Entry(known.Doubt ?? before, agrees);
        if (jump is null && entry is null && known.Doubt == _doubt && !isStale)
        {
            return;
        }

        await ledger.WriteClockAsync(
            new ClockRecord(_doubt is null ? now : known.Believed, _doubt, _confirmations), jump, entry, cancellationToken);
    }

    private AuditEntry? Entry(ClockDoubt? before, string? agrees)
    {
        if (_doubt is { } doubt && doubt.Why != before?.Why)
        {
            LogDoubted(doubt.Why);
            return new AuditEntry(AuditActions.System, AuditActions.ClockDoubted, null, null, null, doubt.Why);
        }

        if (_doubt is null && (before is not null || agrees is not null))
        {
            var why = agrees is null ? "it jumped back" : $"it agrees with {agrees}";
            LogBelieved(why);
            return new AuditEntry(AuditActions.System, AuditActions.ClockBelieved, null, null, null, why);
        }

        return null;
    }

    private static TimeSpan Whole(TimeSpan span) => TimeSpan.FromSeconds(Math.Max(1, Math.Round(span.Duration().TotalSeconds)));

    private static string Show(DateTimeOffset at) => $"{at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC";

    [LoggerMessage(
        EventId = 4071,
        Level = LogLevel.Warning,
        Message = "The clock is not believed, and nothing is revoked until it is: {Why}. Set it right, or say that it is: rotunda clock "
            + "confirm")]
    private partial void LogDoubted(string why);

    [LoggerMessage(EventId = 4072, Level = LogLevel.Information, Message = "The clock is believed: {Why}")]
    private partial void LogBelieved(string why);
}
