using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Rotunda.Engine.History;
using Rotunda.Orchestration;
using SQLitePCL;

namespace Rotunda.Engine.Storage;

/// <summary>Every statement that changes the hub. Used on the commit thread only, inside its transaction.</summary>
internal sealed class HubWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly List<Statement> _statements = [];
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _rollback;
    private readonly Statement _insertInstance;
    private readonly Statement _updateInstance;
    private readonly Statement _nextGeneration;
    private readonly Statement _find;
    private readonly Statement _statusOf;
    private readonly Statement _appendTurn;
    private readonly Statement _deleteTurns;
    private readonly Statement _insertInbox;
    private readonly Statement _deleteInbox;
    private readonly Statement _clearInbox;
    private readonly Statement _deleteInstance;

    public HubWriter(SqliteConnection connection)
    {
        _connection = connection;
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _rollback = Prepare("ROLLBACK");
        _insertInstance = Prepare("""
            INSERT INTO instances(id, name, status, generation, created_at, updated_at, due_at, active, parent_key, parent_generation,
                parent_op, input, first)
            VALUES (?1, ?2, ?3, 0, ?4, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT(id) DO NOTHING
            """);
        _updateInstance = Prepare("""
            UPDATE instances SET status = ?2, updated_at = ?3, due_at = ?4, active = ?5, custom_status = ?6, output = ?7, failure = ?8
                WHERE key = ?1
            """);
        _nextGeneration = Prepare("""
            UPDATE instances SET status = 1, generation = ?2, updated_at = ?3, due_at = NULL, active = 1, input = ?4, carried = ?5,
                custom_status = ?6, first = ?7 WHERE key = ?1
            """);
        _find = Prepare("SELECT key, status FROM instances WHERE id = ?1");
        _statusOf = Prepare("SELECT status FROM instances WHERE key = ?1");
        _appendTurn = Prepare("INSERT INTO history(instance, at, turn) VALUES (?1, ?2, ?3)");
        _deleteTurns = Prepare("DELETE FROM history WHERE instance = ?1");
        _insertInbox = Prepare("INSERT INTO inbox(instance, generation, message) VALUES (?1, ?2, ?3)");
        _deleteInbox = Prepare("DELETE FROM inbox WHERE id = ?1");
        _clearInbox = Prepare("DELETE FROM inbox WHERE instance = ?1");
        _deleteInstance = Prepare("DELETE FROM instances WHERE key = ?1");
    }

    public void Begin() => _begin.Run();

    public void Commit() => _commit.Run();

    public void Rollback() => _rollback.Run();

    /// <returns>The new row's key; null if the id is taken.</returns>
    public long? InsertInstance(NewInstance instance)
    {
        _insertInstance
            .Bind(1, instance.Id)
            .Bind(2, instance.Name)
            .Bind(3, (long)OrchestrationStatus.Pending)
            .Bind(4, instance.CreatedAt.UtcTicks)
            .Bind(5, instance.StartAt?.UtcTicks)
            .Bind(6, instance.StartAt is null ? 1L : 0L)
            .Bind(7, instance.Parent?.Key)
            .Bind(8, instance.Parent?.Generation)
            .Bind(9, instance.Parent?.Op)
            .Bind(10, instance.Input)
            .Bind(11, Number(instance.GoesFirst))
            .Run();
        return raw.sqlite3_changes(_connection.Handle) == 0 ? null : raw.sqlite3_last_insert_rowid(_connection.Handle);
    }

    public void UpdateInstance(long key, VisibleState state, DateTimeOffset at, string? output, FailureDetails? failure) =>
        _updateInstance
            .Bind(1, key)
            .Bind(2, (long)state.Status)
            .Bind(3, at.UtcTicks)
            .Bind(4, state.DueAt?.UtcTicks)
            .Bind(5, state.Active ? 1L : 0L)
            .Bind(6, state.CustomStatus)
            .Bind(7, output)
            .Bind(8, HistoryJson.Write(failure))
            .Run();

    /// <summary>Replaces the history by an empty one under the next generation's input.</summary>
    public void StartGeneration(InstanceRow next, DateTimeOffset at, bool? goesFirst)
    {
        _deleteTurns.Bind(1, next.Key).Run();
        _nextGeneration
            .Bind(1, next.Key)
            .Bind(2, next.Generation)
            .Bind(3, at.UtcTicks)
            .Bind(4, next.Input)
            .Bind(5, next.Carried)
            .Bind(6, next.CustomStatus)
            .Bind(7, Number(goesFirst))
            .Run();
    }

    public (long Key, OrchestrationStatus Status)? Find(string id)
    {
        _find.Bind(1, id);
        (long, OrchestrationStatus)? found = _find.Step() ? (_find.Int64(0), (OrchestrationStatus)_find.Int32(1)) : null;
        _find.Reset();
        return found;
    }

    /// <returns>True if there is such an instance and it has not ended.</returns>
    public bool IsOpen(long key)
    {
        _statusOf.Bind(1, key);
        var open = _statusOf.Step()
            && (OrchestrationStatus)_statusOf.Int32(0) is OrchestrationStatus.Pending or OrchestrationStatus.Running
                or OrchestrationStatus.Stuck;
        _statusOf.Reset();
        return open;
    }

    public void AppendTurn(long key, DateTimeOffset at, ReadOnlySpan<byte> turn) =>
        _appendTurn.Bind(1, key).Bind(2, at.UtcTicks).BindUtf8(3, turn).Run();

    public long InsertInbox(long key, int? generation, string message)
    {
        _insertInbox.Bind(1, key).Bind(2, (long?)generation).Bind(3, message).Run();
        return raw.sqlite3_last_insert_rowid(_connection.Handle);
    }

    public void DeleteInbox(long id) => _deleteInbox.Bind(1, id).Run();

    /// <summary>An ended instance reads no more.</summary>
    public void ClearInbox(long key) => _clearInbox.Bind(1, key).Run();

    /// <returns>False if it was gone already.</returns>
    public bool DeleteInstance(long key)
    {
        _deleteTurns.Bind(1, key).Run();
        _clearInbox.Bind(1, key).Run();
        _deleteInstance.Bind(1, key).Run();
        return raw.sqlite3_changes(_connection.Handle) > 0;
    }

    public void Dispose()
    {
        _statements.ForEach(s => s.Dispose());
        _connection.Dispose();
    }

    private static long? Number(bool? goesFirst) => goesFirst is { } said ? said ? 1 : 0 : null;

    private Statement Prepare(string sql)
    {
        var statement = new Statement(_connection, sql);
        _statements.Add(statement);
        return statement;
    }
}

/// <param name="GoesFirst">As the options tell of it now; null where they tell of none.</param>
internal sealed record NewInstance(
    string Id,
    string Name,
    string? Input,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartAt,
    ParentLink? Parent,
    bool? GoesFirst)
{
    /// <summary>The row that is written of it.</summary>
    public InstanceRow RowOf(long key) => new(
        key, Id, Name, OrchestrationStatus.Pending, Generation: 0, CreatedAt, StartAt, Active: StartAt is null, Parent, Input,
        CustomStatus: null, Carried: null);
}

/// <summary>The columns that a turn may change. The row is written only if these differ from what it holds.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct VisibleState(OrchestrationStatus Status, DateTimeOffset? DueAt, bool Active, string? CustomStatus);
