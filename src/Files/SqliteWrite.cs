using Microsoft.Data.Sqlite;

namespace Rotunda.Files;

/// <summary>One piece of work on the file, which one of two takes: who runs it, or who gives up waiting for it.</summary>
/// <param name="alone">It runs outside any transaction.</param>
internal abstract class SqliteWrite(bool alone)
{
    private int _isTaken;

    public bool IsAlone => alone;

    /// <summary>It goes before those that wait in the other lane.</summary>
    public bool IsFast { get; } = FastLane.IsCurrent;

    /// <summary>As whoever asked for it has it; null where that one's own thread runs it.</summary>
    public ExecutionContext? Context { get; set; }

    /// <returns>False if the other has it.</returns>
    public bool TryTake() => Interlocked.Exchange(ref _isTaken, 1) == 0;

    public void Run(SqliteConnection connection)
    {
        if (Context is { } context)
        {
            ExecutionContext.Run(context, _ => Work(connection), null);
        }
        else
        {
            Work(connection);
        }
    }

    /// <summary>Its transaction is on disk.</summary>
    public abstract void Succeed();

    public abstract void Fail(Exception why);

    public abstract void Cancel(CancellationToken cancellationToken);

    protected abstract void Work(SqliteConnection connection);
}

/// <inheritdoc cref="SqliteWrite"/>
internal sealed class SqliteWrite<T>(Func<SqliteConnection, T> work, bool alone) : SqliteWrite(alone)
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Done => _done.Task;

    public override void Succeed() => _done.TrySetResult(_result!);

    public override void Fail(Exception why) => _done.TrySetException(why);

    public override void Cancel(CancellationToken cancellationToken) => _done.TrySetCanceled(cancellationToken);

    protected override void Work(SqliteConnection connection) => _result = work(connection);
}
