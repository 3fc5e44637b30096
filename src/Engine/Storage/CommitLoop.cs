using System.Diagnostics;
using Rotunda.Engine.Telemetry;

namespace Rotunda.Engine.Storage;

/// <summary>
/// The one writer. While the disk is busy with one transaction, commits queue up; the next transaction takes them all, so
/// one fsync serves many. Nothing is announced before its transaction is on disk, and the first failure is the last commit:
/// what could not be written is told to its callers, and the hub stays as the disk has it. Those that go first have a transaction of their
/// own, before the others; now and then one takes in both, so that the others come on.
/// </summary>
internal sealed class CommitLoop : IDisposable
{
    /// <summary>After so many transactions of what goes first, the others come too.</summary>
    private const int FirstInARow = 2;

    private readonly HubWriter _hub;
    private readonly EngineMetrics _metrics;
    private readonly Action<string>? _crashPoint;
    private readonly Action<Exception> _onFailure;
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _arrived = new(initialState: false);
    private readonly Thread _thread;
    private List<Commit> _queue = [];
    private List<Commit> _first = [];
    private int _firstInARow;
    private Exception? _failure;
    private bool _stopping;
    private bool _isWaiting;

    /// <param name="crashPoint">Tests: called around each commit; may kill the process, or throw to play dead.</param>
    public CommitLoop(HubWriter hub, EngineMetrics metrics, Action<string>? crashPoint, Action<Exception> onFailure)
    {
        _hub = hub;
        _metrics = metrics;
        _crashPoint = crashPoint;
        _onFailure = onFailure;
        _thread = new Thread(Loop) { IsBackground = true, Name = "rotunda-hub-commit" };
        _thread.Start();
    }

    public void Enqueue(Commit commit)
    {
        Exception? refusal;
        var wakes = false;
        lock (_gate)
        {
            refusal = _failure ?? (_stopping ? new TaskHubException("The engine has stopped. Start the server again.") : null);
            if (refusal is null)
            {
                (commit.GoesFirst ? _first : _queue).Add(commit);
                (wakes, _isWaiting) = (_isWaiting, false);
            }
        }

        if (refusal is not null)
        {
            commit.Finish(refusal);
        }
        else if (wakes)
        {
            _arrived.Set();
        }
    }

    /// <summary>From now on every commit fails with this. What is being written is not called back.</summary>
    public void Refuse(Exception failure)
    {
        lock (_gate)
        {
            _failure ??= failure;
        }
    }

    /// <summary>Writes what is queued, then ends.</summary>
    public void Stop() => End(null);

    /// <summary>Plays a crash: what is queued is lost.</summary>
    public void Abandon() => End(new TaskHubException("The engine was abandoned. Start the server again."));

    public void Dispose()
    {
        Stop();
        _arrived.Dispose();
        _hub.Dispose();
    }

    private void End(Exception? failure)
    {
        lock (_gate)
        {
            _stopping = true;
            _failure ??= failure;
        }

        _arrived.Set();
        _thread.Join();
    }

    private void Loop()
    {
        var batch = new List<Commit>();
        while (Take(ref batch))
        {
            var failure = _failure ?? Write(batch);
            foreach (var commit in batch)
            {
                commit.Finish(failure);
            }

            batch.Clear();
        }
    }

    private bool Take(ref List<Commit> batch)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_first.Count > 0 && (_queue.Count == 0 || _firstInARow < FirstInARow))
                {
                    (batch, _first) = (_first, batch);
                    _firstInARow++;
                    return true;
                }

                if (_queue.Count > 0)
                {
                    (batch, _queue) = (_queue, batch);
                    batch.InsertRange(0, _first);
                    _first.Clear();
                    _firstInARow = 0;
                    return true;
                }

                if (_stopping)
                {
                    return false;
                }

                _isWaiting = true;
            }

            _arrived.WaitOne();
        }
    }

    private TaskHubException? Write(List<Commit> batch)
    {
        var open = false;
        var began = Stopwatch.GetTimestamp();
        try
        {
            _hub.Begin();
            open = true;
            foreach (var commit in batch)
            {
                commit.Write(_hub);
            }

            _crashPoint?.Invoke("engine.commit.before");
            _hub.Commit();
            open = false;
            _metrics.Committed(batch.Count, Stopwatch.GetElapsedTime(began));
            _crashPoint?.Invoke("engine.commit.after");
            return null;
        }
        catch (Exception exception)
        {
            // Whatever it was (disk full, I/O error, a defect): the transaction is undone as a whole and the hub takes no more.
            return Fail(exception, open);
        }
    }

    private TaskHubException Fail(Exception exception, bool open)
    {
        var failure = new TaskHubException(
            $"The task hub cannot be written: {exception.Message}. Nothing that was acknowledged is lost; restart after the "
                + "cause is removed.",
            exception);
        lock (_gate)
        {
            _failure = failure;
        }

        if (open)
        {
            TryRollback();
        }

        _onFailure(failure);
        return failure;
    }

    private void TryRollback()
    {
        try
        {
            _hub.Rollback();
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // SQLite has rolled back by itself (disk full, I/O error).
        }
    }
}
