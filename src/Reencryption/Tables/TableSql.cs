using Rotunda.Postgres;

namespace Rotunda.Reencryption.Tables;

/// <summary>
/// The statements on one table. Keys travel as text and are turned into the key's types by the server, so that any type will do;
/// their order is the server's too.
/// </summary>
/// <param name="backup">The side table, as SQL; null if it is not to be looked at.</param>
internal sealed class TableSql(RowsTable table, string? backup)
{
    private readonly KeySql _key = new(table.Named.Keys, table.KeyTypes);
    private readonly IReadOnlyList<string> _columns = [.. table.Named.Columns.Select(SqlText.Identifier)];

    /// <summary>A page after the key $1 (if <paramref name="hasAfter"/>) up to $2, at most $3 rows, without the keys in $4. The
    /// key as text (or as bigint, which is read sooner), then each column; with a side table each column as it was kept, and
    /// whether its checksum holds.</summary>
    public string Page(bool hasAfter, bool hasUpTo) =>
        $"{Select(Rows)} WHERE {Range(hasAfter, hasUpTo)} {Unskipped("$4")} ORDER BY {_key.Order("t")} LIMIT $3";

    /// <summary>As <see cref="Page"/>, of the rows that are left out.</summary>
    public string PageOfLeftOut(bool hasAfter, bool hasUpTo)
    {
        var rows = $"(SELECT {Names} FROM {table.Named.Sql} WHERE {_key.IsAmong("", "$4")}{Or(table.Named.SkipWhere)}) AS t";
        return $"{Select(rows)} WHERE {Range(hasAfter, hasUpTo)} ORDER BY {_key.Order("t")} LIMIT $3";
    }

    /// <summary>A few rows from one end, without the keys in $1.</summary>
    public string Sample(string direction, int rows) =>
        $"SELECT {_key.Text("t")}, {Columns("t")} FROM {Rows} WHERE true {Unskipped("$1")} ORDER BY {_key.Order("t", direction)} "
            + $"LIMIT {rows}";

    /// <summary>The rows with the keys in $1, locked for this transaction.</summary>
    public string Locked() => $"{Select(Rows)} WHERE {_key.IsAmong("t", "$1")} FOR UPDATE OF t";

    /// <summary>Writes new values where the old ones still stand: keys in $1, then for each column what stands there and what is
    /// to.</summary>
    public string CompareAndSet()
    {
        var set = string.Join(", ", _columns.Select((column, index) => $"{column} = v.n{index}"));
        var names = string.Join(", ", _columns.Select((_, index) => $"o{index}, n{index}"));
        var arrays = string.Join(", ", _columns.Select((_, index) => $"${(2 * index) + 2}, ${(2 * index) + 3}"));
        var compare = string.Join(
            " AND ",
            _columns.Select((column, index) => $"{Plainly($"t.{column}", index)} IS NOT DISTINCT FROM v.o{index}{Exactly(index)}"));
        var (from, where) = _key.Joined("t", "$1", arrays, names);
        return $"UPDATE {table.Named.Sql} AS t SET {set} FROM {from} WHERE {where} AND {compare}";
    }

    /// <summary>Keys that part the table into about equal lanes, from a sample: $1 is the share of pages in percent, $2 the
    /// fractions.</summary>
    public string Bounds() => $"""
        SELECT array_agg(k ORDER BY n) FROM (
            SELECT {_key.Text("t")} AS k, row_number() OVER (ORDER BY {_key.Order("t")}) AS n, count(*) OVER () AS all_of_them
            FROM {table.Named.Sql} AS t TABLESAMPLE SYSTEM ($1)) AS s
        WHERE n IN (SELECT greatest(1, ceil(f * s.all_of_them))::bigint FROM unnest($2::float8[]) AS f)
        """;

    /// <summary>How many rows there are, without the keys in $1, how many of their keys do not come back from their text as they are, and
    /// how many are left out.</summary>
    public string Count() => $"""
        SELECT count(*), count(*) FILTER (WHERE {_key.IsLost("t")}),
            {(table.Named.LeavesRowsOut ? $"(SELECT count(*) FROM {table.Named.Sql}) - count(*)" : "0::bigint")}
        FROM {Rows} WHERE true {Unskipped("$1")}
        """;

    public string CreateBackup()
    {
        var columns = string.Join(", ", table.ColumnTypes.Select((type, index) => $"c{index} {type}"));
        return $"CREATE TABLE IF NOT EXISTS {backup} ({_key.KeptColumns}, {columns}, sum bytea NOT NULL, PRIMARY KEY ({_key.KeptNames}))";
    }

    /// <summary>Keeps a page after $1 up to $2, at most $3 rows; gives its last key (in the order of the key's types, not of its
    /// text) and how many rows it has.</summary>
    public string Keep(bool hasAfter, bool hasUpTo)
    {
        var columns = string.Join(", ", _columns.Select((column, index) => $"{Plainly($"t.{column}", index)} AS c{index}"));
        var names = string.Join(", ", _columns.Select((_, index) => $"c{index}"));
        return $"""
            WITH page AS MATERIALIZED (
                SELECT {_key.AsKept("t")}, {columns} FROM {Rows} WHERE {Range(hasAfter, hasUpTo)} ORDER BY {_key.Order("t")} LIMIT $3),
            kept AS (INSERT INTO {backup} ({_key.KeptNames}, {names}, sum) SELECT {_key.KeptNames}, {names}, {Sum("page")} FROM page
                ON CONFLICT ({_key.KeptNames}) DO NOTHING)
            SELECT (SELECT {_key.KeptText("page")} FROM page ORDER BY {_key.KeptOrder("page")} LIMIT 1), (SELECT count(*) FROM page)
            """;
    }

    /// <summary>How many rows are kept, and how many of them do not fit their checksum.</summary>
    public string CheckBackup() => $"SELECT count(*), count(*) FILTER (WHERE b.sum <> {Sum("b")}) FROM {backup} AS b";

    /// <summary>The condition stands in a query of its own, where its names are the table's and nothing else's.</summary>
    private string Rows => table.Named.SkipWhere is { } condition
        ? $"(SELECT {Names} FROM {table.Named.Sql} WHERE (\n{condition}\n) IS NOT TRUE) AS t"
        : $"{table.Named.Sql} AS t";

    private string Names => string.Join(", ", table.Named.Keys.Concat(table.Named.Columns).Select(SqlText.Identifier));

    private string Range(bool hasAfter, bool hasUpTo) =>
        $"{(hasAfter ? _key.Compare("t", ">", "$1") : "$1::text IS NULL")} AND "
            + (hasUpTo ? _key.Compare("t", "<=", "$2") : "$2::text IS NULL");

    private string Select(string rows) =>
        backup is null
            ? $"SELECT {_key.Read("t")}, {Columns("t")} FROM {rows}"
            : $"SELECT {_key.Read("t")}, {Columns("t")}, {string.Join(", ", _columns.Select((_, index) => $"b.c{index}"))}, "
                + $"coalesce(b.sum = {Sum("b")}, false) FROM {rows} LEFT JOIN {backup} AS b ON {_key.IsKept("t", "b")}";

    private string Columns(string of) => string.Join(", ", _columns.Select((column, index) => Plainly($"{of}.{column}", index)));

    private string Unskipped(string parameter) =>
        table.Named.Skip.Count == 0 ? $"AND {parameter}::text[] IS NOT NULL" : $"AND NOT ({_key.IsAmong("t", parameter)})";

    private static string Or(string? condition) => condition is null ? "" : $" OR (\n{condition}\n) IS TRUE";

    /// <summary>Without what a domain or a type such as citext adds to it.</summary>
    private string Plainly(string column, int index) => $"{column}::{(table.Texts[index] ? "text" : "bytea")}";

    /// <summary>Byte by byte, whatever the column's collation takes for equal.</summary>
    private string Exactly(int column) => table.Texts[column] ? " COLLATE \"C\"" : "";

    /// <summary>SHA-256 over the key and the columns, each with its length so that none runs into the next.</summary>
    private string Sum(string of)
    {
        var parts = table.Texts.Select((isText, index) =>
        {
            var bytes = isText ? $"convert_to({of}.c{index}, 'UTF8')" : $"{of}.c{index}";
            return $"coalesce(convert_to(length({bytes})::text || ':', 'UTF8') || {bytes}, convert_to('-', 'UTF8'))";
        });
        return $"sha256(convert_to({_key.KeptText(of)} || '|', 'UTF8') || {string.Join(" || ", parts)})";
    }
}
