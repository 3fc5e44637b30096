using System.Text;
using Microsoft.Data.Sqlite;
using Rotunda.Engine.History;
using Rotunda.Orchestration;

namespace Rotunda.Engine.Storage;

/// <summary>Every statement that reads the hub, on a connection of its own. Used by one thread at a time.</summary>
internal sealed class HubReader : IDisposable
{
    // A row's own time is overtaken by its newest turn's (turns do not touch the row unless something visible changed).
    private const string StateColumns =
        "id, name, status, created_at, max(updated_at, coalesce((SELECT at FROM history h WHERE h.instance = i.key ORDER BY h.id DESC "
            + "LIMIT 1), 0)), custom_status, failure";

    private const string DueAfter = " due_at IS NOT NULL AND (due_at, key) > (?1, ?2) AND due_at <= ?3 ORDER BY due_at, key LIMIT ?4";

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);

    public HubReader(SqliteConnection connection) => _connection = connection;

    public string HubId()
    {
        using var rows = Open("SELECT id FROM hub");
        rows.Statement.Step();
        return rows.Statement.Text(0)!;
    }

    public InstanceRow? Load(long key)
    {
        using var rows = Open("""
            SELECT key, id, name, status, generation, created_at, due_at, active, parent_key, parent_generation, parent_op, input,
                custom_status, carried
            FROM instances WHERE key = ?1
            """);
        var s = rows.Statement.Bind(1, key);
        return !s.Step() ? null : new InstanceRow(
            s.Int64(0),
            s.Text(1)!,
            s.Text(2)!,
            (OrchestrationStatus)s.Int32(3),
            s.Int32(4),
            Time(s.Int64(5)),
            s.IsNull(6) ? null : Time(s.Int64(6)),
            s.Int32(7) == 1,
            s.IsNull(8) ? null : new ParentLink(s.Int64(8), s.Int32(9), s.Int32(10)),
            s.Text(11),
            s.Text(12),
            s.Text(13));
    }

    /// <summary>The turns of the present generation, oldest first, one at a time.</summary>
    public IEnumerable<Turn> Turns(long key)
    {
        using var rows = Open("SELECT turn FROM history WHERE instance = ?1 ORDER BY id");
        rows.Statement.Bind(1, key);
        while (rows.Statement.Step())
        {
            yield return HistoryJson.ReadTurn(rows.Statement.Utf8(0));
        }
    }

    public List<InboxRow> Inbox(long key)
    {
        using var rows = Open("SELECT id, generation, message FROM inbox WHERE instance = ?1 ORDER BY id");
        var s = rows.Statement.Bind(1, key);
        var inbox = new List<InboxRow>();
        while (s.Step())
        {
            inbox.Add(new InboxRow(s.Int64(0), (int?)s.NullableInt64(1), HistoryJson.ReadReceived(s.Text(2)!)));
        }

        return inbox;
    }

    public long? KeyOf(string id)
    {
        using var rows = Open("SELECT key FROM instances WHERE id = ?1");
        return rows.Statement.Bind(1, id).Step() ? rows.Statement.Int64(0) : null;
    }

    /// <summary>What recovery must load: work that was in memory, and unread messages; not what is stuck. Oldest first.</summary>
    /// <param name="goesFirst">Asked by name and input where the row does not say. Null: none does.</param>
    public (List<long> First, List<long> Others) KeysToRecover(Func<string, string?, bool>? goesFirst)
    {
        using var rows = Open("""
            SELECT key, first, CASE WHEN first IS NULL THEN name END, CASE WHEN first IS NULL THEN input END FROM instances
            WHERE key IN (SELECT key FROM instances WHERE active = 1 UNION SELECT instance FROM inbox) AND status <> 5 ORDER BY key
            """);
        var s = rows.Statement;
        var (first, others) = (new List<long>(), new List<long>());
        while (s.Step())
        {
            var isFirst = goesFirst is not null && (s.NullableInt64(1) is { } said ? said == 1 : goesFirst(s.Text(2)!, s.Text(3)));
            (isFirst ? first : others).Add(s.Int64(0));
        }

        return (first, others);
    }

    public List<long> StuckKeys()
    {
        using var rows = Open("SELECT key FROM instances WHERE status = 5");
        return Keys(rows.Statement);
    }

    /// <summary>How many have not ended, those that sleep included.</summary>
    public int CountOpen()
    {
        using var rows = Open("SELECT COUNT(*) FROM instances WHERE status IN (0, 1, 5)");
        return rows.Statement.Step() ? (int)rows.Statement.Int64(0) : 0;
    }

    /// <summary>Who falls due in (after, until], soonest first.</summary>
    public List<(long Key, long DueAt)> Due((long Due, long Key) after, long until, int limit)
    {
        using var rows = Open("SELECT key, due_at FROM instances WHERE" + DueAfter);
        return Dues(rows.Statement.Bind(1, after.Due).Bind(2, after.Key).Bind(3, until).Bind(4, limit));
    }

    /// <summary>As <see cref="Due"/>, only those whose row says that they go first.</summary>
    public List<(long Key, long DueAt)> DueFirst((long Due, long Key) after, long until, int limit)
    {
        using var rows = Open("SELECT key, due_at FROM instances INDEXED BY instances_first WHERE first = 1 AND" + DueAfter);
        return Dues(rows.Statement.Bind(1, after.Due).Bind(2, after.Key).Bind(3, until).Bind(4, limit));
    }

    /// <summary>As <see cref="Due"/>, only those whose row does not say whether they go first, one by one with name and input.</summary>
    /// <returns>The last one, and how many there were.</returns>
    public ((long Due, long Key) Last, int Count) LookAtUnsaid(
        (long Due, long Key) after, long until, int limit, Action<long, long, string, string?> look)
    {
        using var rows = Open(
            "SELECT key, due_at, name, input FROM instances INDEXED BY instances_unsaid WHERE first IS NULL AND" + DueAfter);
        var s = rows.Statement.Bind(1, after.Due).Bind(2, after.Key).Bind(3, until).Bind(4, limit);
        var (last, count) = (after, 0);
        for (; s.Step(); count++)
        {
            last = (s.Int64(1), s.Int64(0));
            look(last.Key, last.Due, s.Text(2)!, s.Text(3));
        }

        return (last, count);
    }

    /// <summary>The keys of ended instances, oldest first.</summary>
    public List<long> Ended(string? id, long endedBefore, int limit)
    {
        using var rows = id is null
            ? Open("SELECT key FROM instances WHERE status IN (2, 3, 4) AND updated_at < ?1 LIMIT ?2")
            : Open("SELECT key FROM instances WHERE status IN (2, 3, 4) AND updated_at < ?1 AND id = ?3 LIMIT ?2");
        rows.Statement.Bind(1, endedBefore).Bind(2, limit);
        if (id is not null)
        {
            rows.Statement.Bind(3, id);
        }

        return Keys(rows.Statement);
    }

    public OrchestrationState? Get(string id, bool withPayloads)
    {
        using var rows = Open($"SELECT {StateColumns}{Payloads(withPayloads)} FROM instances i WHERE id = ?1");
        return rows.Statement.Bind(1, id).Step() ? State(rows.Statement) : null;
    }

    /// <summary>Instances after an id, in id order. Each status is its own walk along an index, so that a rare status in a
    /// large hub costs no more than a common one.</summary>
    public List<OrchestrationState> Query(
        IReadOnlyList<OrchestrationStatus> statuses,
        string? prefix,
        string? after,
        int limit,
        bool withPayloads)
    {
        // The page before ended inside the prefix, so the walk starts either after its last id or at the prefix itself.
        var range = (after is null ? "id >= ?1" : "id > ?1") + (prefix is { Length: > 0 } ? " AND id < ?2" : string.Empty);
        var columns = StateColumns + Payloads(withPayloads);
        var sql = statuses.Count == 0
            ? $"SELECT {columns} FROM instances i WHERE {range} ORDER BY id LIMIT ?3"
            : $"SELECT {columns} FROM instances i WHERE key IN ("
                + string.Join(
                    " UNION ALL ",
                    statuses.Distinct()
                        .Select(s => $"SELECT * FROM (SELECT key FROM instances WHERE status = {(int)s} AND {range} ORDER BY id LIMIT ?3)"))
                + ") ORDER BY id LIMIT ?3";
        using var rows = Open(sql);
        rows.Statement.Bind(1, after ?? prefix ?? string.Empty).Bind(3, limit);
        if (prefix is { Length: > 0 })
        {
            rows.Statement.BindUtf8(2, After(prefix));
        }

        var page = new List<OrchestrationState>();
        while (rows.Statement.Step())
        {
            page.Add(State(rows.Statement));
        }

        return page;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private static string Payloads(bool with) => with ? ", input, output" : ", NULL, NULL";

    private static List<(long Key, long DueAt)> Dues(Statement statement)
    {
        var due = new List<(long, long)>();
        while (statement.Step())
        {
            due.Add((statement.Int64(0), statement.Int64(1)));
        }

        return due;
    }

    private static List<long> Keys(Statement statement)
    {
        var keys = new List<long>();
        while (statement.Step())
        {
            keys.Add(statement.Int64(0));
        }

        return keys;
    }

    private static OrchestrationState State(Statement s) => new(
        s.Text(0)!,
        s.Text(1)!,
        (OrchestrationStatus)s.Int32(2),
        Time(s.Int64(3)),
        Time(s.Int64(4)),
        s.Text(7),
        s.Text(8),
        s.Text(5),
        HistoryJson.ReadFailure(s.Text(6)));

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);

    /// <summary>The first text after all that start with the prefix: ids compare by their UTF-8 bytes.</summary>
    private static byte[] After(string prefix)
    {
        var bytes = Encoding.UTF8.GetBytes(prefix);
        bytes[^1]++;
        return bytes;
    }

    private Rows Open(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            _statements.Add(sql, statement = new Statement(_connection, sql));
        }

        return new Rows(statement);
    }

    /// <summary>Ends the read (and so the read transaction) when the caller is through.</summary>
    private readonly record struct Rows(Statement Statement) : IDisposable
    {
        public void Dispose() => Statement.Reset();
    }
}
