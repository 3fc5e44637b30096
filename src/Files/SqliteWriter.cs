using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Microsoft.Data.Sqlite;

namespace Rotunda.Files;

/// <summary>
/// The one who writes to a SQLite file. Where nobody else writes, it is the caller's thread, and its transaction is its own. What comes
/// meanwhile waits, and a thread of its own takes it: several pieces of work in one transaction, so that they share its way to the disk.
/// Each has its savepoint, so one that fails takes no other with it. Nothing is told as done before it is on disk.
/// </summary>
/// <param name="told">What to say of a failure in its place; null for the failure itself.</param>
internal sealed class SqliteWriter(
    SqliteConnection connection, string name, CrashPoints crashPoints, Func<Exception, Exception?> told) : IDisposable
{
    /// <summary>No transaction takes in more once it has lasted so long, since somebody waits for its end.</summary>
    private static readonly TimeSpan LongEnough = TimeSpan.FromMilliseconds(4);

    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly WriteLanes _lanes = new();
    private readonly AutoResetEvent _handedOver = new(initialState: false);
    private Thread? _thread;
    private SqliteWrite? _next;
    private bool _isBusy;
    private bool _isStopping;

    /// <param name="alone">It runs outside any transaction.</param>
    public async Task<T> RunAsync<T>(Func<SqliteConnection, T> work, bool alone, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var write = new SqliteWrite<T>(work, alone) { Context = ExecutionContext.Capture() };
        bool waits;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isStopping, this);
            waits = _isBusy;
            _isBusy = true;
            if (waits)
            {
                _lanes.Add(write);
            }
        }

        if (!waits)
        {
            write.Context = null;
            RunOne(write);
            HandOver();
            return await write.Done;
        }

        await using var registration = cancellationToken.UnsafeRegister(
            _ =>
            {
                if (write.TryTake())
                {
                    write.Cancel(cancellationToken);
                }
            },
            null);
        return await write.Done;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isStopping)
            {
                return;
            }

            _isStopping = true;
        }

        _handedOver.Set();
        _thread?.Join();
        // One that its caller's own thread writes ends first.
        SpinWait.SpinUntil(
            () =>
            {
                lock (_gate)
                {
                    return !_isBusy;
                }
            },
            LongestEnd);
        _handedOver.Dispose();
    }

    /// <summary>Whoever waits is served by the thread, which is made when it is first needed.</summary>
    private void HandOver()
    {
        lock (_gate)
        {
            if (_lanes.Take() is not { } next)
            {
                _isBusy = false;
                return;
            }

            if (_isStopping)
            {
                for (var left = next; left is not null; left = _lanes.Take())
                {
                    left.Fail(new ObjectDisposedException(name));
                }

                _isBusy = false;
                return;
            }

            _next = next;
            if (_thread is null)
            {
                _thread = new Thread(Serve) { IsBackground = true, Name = $"rotunda-{name}-commit" };
                _thread.UnsafeStart();
            }

            _handedOver.Set();
        }
    }

    private void Serve()
    {
        while (true)
        {
            _handedOver.WaitOne();
            var next = Interlocked.Exchange(ref _next, null);
            if (next is null)
            {
                // Nobody was handed over, so it is the end.
                return;
            }

            for (; next is not null; next = NextOrIdle())
            {
                if (next.IsAlone)
                {
                    RunOne(next);
                }
                else if (RunSome(next) is { } left)
                {
                    RunOne(left);
                }
            }

            lock (_gate)
            {
                // Its end may have been told together with the work.
                if (_isStopping)
                {
                    return;
                }
            }
        }
    }

    private SqliteWrite? NextOrIdle()
    {
        lock (_gate)
        {
            var next = _lanes.Take();
            _isBusy = next is not null;
            return next;
        }
    }

    private void RunOne(SqliteWrite write)
    {
        try
        {
            if (write.IsAlone)
            {
                write.Run(connection);
            }
            else
            {
                connection.Run("BEGIN IMMEDIATE");
                try
                {
                    write.Run(connection);
                    Commit();
                }
                catch
                {
                    RollBack();
                    throw;
                }
            }

            write.Succeed();
        }
        catch (Exception exception)
        {
            write.Fail(told(exception) ?? exception);
        }
    }

    /// <summary>One transaction for it and for those that wait.</summary>
    /// <returns>One that was taken and has to run by itself; null if there is none.</returns>
    private SqliteWrite? RunSome(SqliteWrite first)
    {
        var done = new List<SqliteWrite>();
        SqliteWrite? next = first;
        try
        {
            connection.Run("BEGIN IMMEDIATE");
            var began = Stopwatch.GetTimestamp();
            var anyFast = false;
            for (; next is { IsAlone: false }; next = Following(began, anyFast))
            {
                anyFast |= next.IsFast;
                if (RunWithin(next))
                {
                    done.Add(next);
                }
            }

            Commit();
            done.ForEach(write => write.Succeed());
            return next;
        }
        catch (Exception exception)
        {
            RollBack();
            var why = told(exception) ?? exception;
            done.ForEach(write => write.Fail(why));
            if (next is { IsAlone: false })
            {
                next.Fail(why);
                return null;
            }

            return next;
        }
    }

    /// <summary>Who is in a hurry waits for nobody who came later and is not.</summary>
    private SqliteWrite? Following(long began, bool anyFast)
    {
        lock (_gate)
        {
            return Stopwatch.GetElapsedTime(began) < LongEnough && (!anyFast || _lanes.HasFast) ? _lanes.Take() : null;
        }
    }

    /// <returns>False if it failed, which undid what it wrote and no more, and was told.</returns>
    /// <exception cref="SqliteException">The whole transaction is gone: the disk is full, or cannot be written.</exception>
    private bool RunWithin(SqliteWrite write)
    {
        connection.Run("SAVEPOINT one");
        try
        {
            write.Run(connection);
            connection.Run("RELEASE one");
            return true;
        }
        catch (Exception exception)
        {
            try
            {
                connection.Run("ROLLBACK TO one");
                connection.Run("RELEASE one");
            }
            catch (SqliteException)
            {
                // SQLite has rolled back all of it by itself, and the first failure says why.
                ExceptionDispatchInfo.Throw(exception);
            }

            write.Fail(told(exception) ?? exception);
            return false;
        }
    }

    private void Commit()
    {
        crashPoints.Hit($"{name}.commit.before");
        connection.Run("COMMIT");
        crashPoints.Hit($"{name}.commit.after");
    }

    private void RollBack()
    {
        try
        {
            connection.Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            // Committed, or rolled back by SQLite itself when the disk was full.
        }
    }
}
