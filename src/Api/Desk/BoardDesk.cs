using Rotunda.Calendar.Due;

namespace Rotunda.Api.Desk;

/// <summary>
/// Keeps the newest board. Where it is quick to make, it is made for each who asks; with very many secrets those who ask get the
/// last one, and another is made meanwhile.
/// </summary>
public sealed class BoardDesk(BoardMaker maker, TimeProvider time)
{
    /// <summary>So long it may take to be made while somebody waits.</summary>
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(50);

    /// <summary>Of all time at most one part in so many goes into boards.</summary>
    private const int Share = 20;

    private readonly Lock _gate = new();
    private Task<Board>? _making;
    private Board? _last;

    /// <summary>The newest there is without a long wait; null only before the first is made.</summary>
    public async Task<Board?> GetAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var (last, making) = Look();
        if (making is null || last is { } board && board.Took > Quick)
        {
            return last;
        }

        try
        {
            return await making.WaitAsync(patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return last;
        }
    }

    private (Board? Last, Task<Board>? Making) Look()
    {
        lock (_gate)
        {
            if (_making is { IsCompletedSuccessfully: true })
            {
                (_last, _making) = (_making.Result, null);
            }

            if (_making is null or { IsCompleted: true })
            {
                var fresh = _last is { } last && last.Took > Quick && time.GetUtcNow() - last.At < last.Took * Share;
                _making = fresh ? null : Task.Run(() => maker.MakeAsync(CancellationToken.None));
            }

            return (_last, _making);
        }
    }
}
