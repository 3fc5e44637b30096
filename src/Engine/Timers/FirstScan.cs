using Rotunda.Engine.Options;
using Rotunda.Engine.Storage;

namespace Rotunda.Engine.Timers;

/// <summary>
/// Looks through all due times of the hub within the horizon for instances that go first, page by page beside what goes on: where many
/// are overdue, these do not wait for those before them. A row says whether it goes first, and only those that do are read. Rows of an
/// earlier release do not say it; of these the name and the input are read, and the engine's options tell.
/// </summary>
internal sealed class FirstScan(EngineOptions options, ReaderPool readers)
{
    private const int PageSize = 4096;

    /// <summary>Few: a row comes with its input, which may be long.</summary>
    private const int UnsaidPageSize = 256;

    private (long Due, long Key) _seen;
    private (long Due, long Key) _seenUnsaid;
    private int _isRunning;

    /// <summary>Begins, unless it runs or has seen all within half the horizon.</summary>
    /// <param name="found">Hears of each page's, oldest first; false ends the look, and the next one goes on from there.</param>
    public void Begin(Func<List<(long Key, long DueAt)>, bool> found, Action<Exception> onFailure)
    {
        var now = options.TimeProvider.GetUtcNow();
        if (options.GoesFirst is not { } goesFirst || Interlocked.Exchange(ref _isRunning, 1) == 1)
        {
            return;
        }

        if (Math.Min(_seen.Due, _seenUnsaid.Due) > (now + (options.TimerHorizon / 2)).UtcTicks)
        {
            Volatile.Write(ref _isRunning, 0);
            return;
        }

        _ = Task.Run(() =>
        {
            try
            {
                var until = (now + options.TimerHorizon).UtcTicks;
                if (Look(until, found))
                {
                    LookAtUnsaid(goesFirst, until, found);
                }
            }
            catch (Exception exception)
            {
                // Reading the hub failed, or whoever tells what goes first has a defect: nobody else would hear of it.
                onFailure(exception);
            }
            finally
            {
                Volatile.Write(ref _isRunning, 0);
            }
        });
    }

    /// <returns>True if it came to the end.</returns>
    private bool Look(long until, Func<List<(long Key, long DueAt)>, bool> found)
    {
        while (true)
        {
            var first = readers.Read(reader => reader.DueFirst(_seen, until, PageSize));
            _seen = first.Count == PageSize ? (first[^1].DueAt, first[^1].Key) : (until, long.MaxValue);
            if (!found(first))
            {
                return false;
            }

            if (first.Count < PageSize)
            {
                return true;
            }
        }
    }

    private void LookAtUnsaid(Func<string, string?, bool> goesFirst, long until, Func<List<(long Key, long DueAt)>, bool> found)
    {
        while (true)
        {
            var first = new List<(long, long)>();
            var (last, count) = readers.Read(reader => reader.LookAtUnsaid(
                _seenUnsaid, until, UnsaidPageSize, (key, due, name, input) =>
                {
                    if (goesFirst(name, input))
                    {
                        first.Add((key, due));
                    }
                }));
            _seenUnsaid = count == UnsaidPageSize ? last : (until, long.MaxValue);
            if (!found(first) || count < UnsaidPageSize)
            {
                return;
            }
        }
    }
}
