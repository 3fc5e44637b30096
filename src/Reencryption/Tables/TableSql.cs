using Rotunda.Postgres;

namespace Rotunda.Reencryption.Tables;

/// <summary>
/// The statements on one table. Keys travel as text and are turned into the key's type by the server, so that any type will do;
/// their order is the server's too.
/// </summary>
/// <param name="backup">The side table, as SQL; null if it is not to be looked at.</param>
internal sealed class TableSql(RowsTable table, string? backup)
{
    private readonly string _key = SqlText.Identifier(table.Named.Key);
    private readonly IReadOnlyList<string> _columns = [.. table.Named.Columns.Select(SqlText.Identifier)];

    /// <summary>A page after the key $1 (if <paramref name="hasAfter"/>) up to $2, at most $3 rows, without the keys in $4. The
    /// key as text (or as bigint, which is read sooner), then each column; with a side table each column as it was kept, and
    /// whether its checksum holds.</summary>
    public string Page(bool hasAfter, bool hasUpTo) =>
        $"{Select()} WHERE {(hasAfter ? $"t.{_key} > $1::text::{table.KeyType}" : "$1::text IS NULL")} AND "
            + $"{(hasUpTo ? $"t.{_key} <= $2::text::{table.KeyType}" : "$2::text IS NULL")} {Unskipped("$4")} ORDER BY t.{_key} LIMIT $3";

    /// <summary>The rows with the keys in $1, locked for this transaction.</summary>
    public string Locked() => $"{Select()} WHERE t.{_key} = ANY ($1::text[]::{table.KeyType}[]) FOR UPDATE OF t";

    /// <summary>Writes new values where the old ones still stand: keys in $1, then for each column what stands there and what is
    /// to.</summary>
    public string CompareAndSet()
    {
        var set = string.Join(", ", _columns.Select((column, index) => $"{column} = v.n{index}"));
        var names = string.Join(", ", _columns.Select((_, index) => $"o{index}, n{index}"));
        var arrays = string.Join(", ", _columns.Select((_, index) => $"${(2 * index) + 2}, ${(2 * index) + 3}"));
        var compare =
            string.Join(" AND ", _columns.Select((column, index) => $"t.{column} IS NOT DISTINCT FROM v.o{index}{Exactly(index)}"));
        return $"UPDATE {table.Named.Sql} AS t SET {set} FROM unnest($1::text[]::{table.KeyType}[], {arrays}) AS v(k, {names}) WHERE "
            + $"t.{_key} = v.k AND {compare}";
    }

    /// <summary>Keys that part the table into about equal lanes, from a sample: $1 is the share of pages in percent, $2 the
    /// fractions.</summary>
    public string Bounds() =>
        $"SELECT percentile_disc($2::float8[]) WITHIN GROUP (ORDER BY t.{_key})::text[] FROM {table.Named.Sql} AS t "
            + "TABLESAMPLE SYSTEM ($1)";

    /// <summary>How many rows there are, without the keys in $1, and how many of their keys do not come back from their text as
    /// they are.</summary>
    public string Count() =>
        $"SELECT count(*), count(*) FILTER (WHERE t.{_key}::text::{table.KeyType} IS DISTINCT FROM t.{_key}) FROM {table.Named.Sql} AS t "
            + $"WHERE true {Unskipped("$1")}";

    public string CreateBackup()
    {
        var columns = string.Join(", ", table.ColumnTypes.Select((type, index) => $"c{index} {type}"));
        return $"CREATE TABLE IF NOT EXISTS {backup} (k {table.KeyType} PRIMARY KEY, {columns}, sum bytea NOT NULL)";
    }

    /// <summary>Keeps a page after $1 up to $2, at most $3 rows; gives its last key (in the order of the key's type, not of its
    /// text) and how many rows it has.</summary>
    public string Keep(bool hasAfter, bool hasUpTo)
    {
        var columns = string.Join(", ", _columns.Select((column, index) => $"t.{column} AS c{index}"));
        var names = string.Join(", ", _columns.Select((_, index) => $"c{index}"));
        return $"""
            WITH page AS MATERIALIZED (
                SELECT t.{_key} AS k, {columns} FROM {table.Named.Sql} AS t
                WHERE {(hasAfter ? $"t.{_key} > $1::text::{table.KeyType}" : "$1::text IS NULL")} AND
                    {(hasUpTo ? $"t.{_key} <= $2::text::{table.KeyType}" : "$2::text IS NULL")}
                ORDER BY t.{_key} LIMIT $3),
            kept AS (INSERT INTO {backup} (k, {names}, sum) SELECT k, {names}, {Sum("page")} FROM page ON CONFLICT (k) DO NOTHING)
            SELECT (SELECT page.k::text FROM page ORDER BY page.k DESC LIMIT 1), (SELECT count(*) FROM page)
            """;
    }

    /// <summary>How many rows are kept, and how many of them do not fit their checksum.</summary>
    public string CheckBackup() => $"SELECT count(*), count(*) FILTER (WHERE b.sum <> {Sum("b")}) FROM {backup} AS b";

    private string Select()
    {
        var columns = string.Join(", ", _columns.Select(column => $"t.{column}"));
        var key = $"t.{_key}::{(table.KeyType is "smallint" or "integer" or "bigint" ? "bigint" : "text")}";
        return backup is null
            ? $"SELECT {key}, {columns} FROM {table.Named.Sql} AS t"
            : $"SELECT {key}, {columns}, {string.Join(", ", _columns.Select((_, index) => $"b.c{index}"))}, coalesce(b.sum = {Sum("b")}, "
                + $"false) FROM {table.Named.Sql} AS t LEFT JOIN {backup} AS b ON b.k = t.{_key}";
    }

    private string Unskipped(string parameter) =>
        table.Named.Skip.Count == 0
            ? $"AND {parameter}::text[] IS NOT NULL"
            : $"AND t.{_key} <> ALL ({parameter}::text[]::{table.KeyType}[])";

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
        return $"sha256(convert_to({of}.k::text || '|', 'UTF8') || {string.Join(" || ", parts)})";
    }
}
