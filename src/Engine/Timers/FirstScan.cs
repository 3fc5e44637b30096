using Rotunda.Engine.Options;
using Rotunda.Engine.Storage;

namespace Rotunda.Engine.Timers;

/// <summary>
/// Looks through all due times of the hub within the horizon for instances that go first, page by page beside what goes on: where many
/// are overdue, these do not wait for those before them. The hub does not know who goes first; the engine's options tell it.
/// </summary>
internal sealed class FirstScan(EngineOptions options, ReaderPool readers)
{
    /// <summary>Few: a row comes with its input, which may be long.</summary>
    private const int PageSize = 256;

    private (long Due, long Key) _seen;
    private int _isRunning;

    /// <summary>Begins, unless it runs or has seen all within half the horizon.</summary>
    /// <param name="found">Hears of each page's, oldest first; false ends the look.</param>
    public void Begin(Func<List<(long Key, long DueAt)>, bool> found, Action<Exception> onFailure)
    {
        var now = options.TimeProvider.GetUtcNow();
        if (options.GoesFirst is not { } goesFirst || Interlocked.Exchange(ref _isRunning, 1) == 1)
        {
            return;
        }

        if (_seen.Due > (now + (options.TimerHorizon / 2)).UtcTicks)
        {
            Volatile.Write(ref _isRunning, 0);
            return;
        }

        _ = Task.Run(() =>
        {
            try
            {
                Look(goesFirst, (now + options.TimerHorizon).UtcTicks, found);
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

    private void Look(Func<string, string?, bool> goesFirst, long until, Func<List<(long Key, long DueAt)>, bool> found)
    {
        while (true)
        {
            var first = new List<(long, long)>();
            var (last, count) = readers.Read(reader => reader.LookAtDue(
                _seen, until, PageSize, (key, due, name, input) =>
                {
                    if (goesFirst(name, input))
                    {
                        first.Add((key, due));
                    }
                }));
            _seen = count == PageSize ? last : (until, long.MaxValue);
            if (!found(first) || count < PageSize)
            {
                return;
            }
        }
    }
}
