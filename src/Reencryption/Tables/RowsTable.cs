using Npgsql;
using Rotunda.Postgres;

namespace Rotunda.Reencryption.Tables;

/// <summary>A table as it is in the database.</summary>
/// <param name="Number">Its place in the settings; part of what is kept of a pass.</param>
/// <param name="KeyType">As SQL writes it.</param>
/// <param name="Texts">For each column: whether it is a text; else it is bytea.</param>
/// <param name="Estimate">How many rows the server believes it has.</param>
/// <param name="Bytes">Of the rows alone, without indexes.</param>
internal sealed record RowsTable(
    int Number,
    NamedTable Named,
    uint Oid,
    string KeyType,
    IReadOnlyList<bool> Texts,
    IReadOnlyList<string> ColumnTypes,
    long Estimate,
    long Bytes,
    IReadOnlyList<string> Problems,
    IReadOnlyList<string> Notes)
{
    public string Name => Named.Name;

    public int Columns => Texts.Count;

    /// <summary>Of all its indexes.</summary>
    public long IndexBytes { get; private init; }

    /// <summary>Triggers and rules that an update runs, by name; null if there are none.</summary>
    public string? OnUpdate { get; private init; }

    /// <summary>Reads what stands in the catalogs; problems and all. Null if there is no such table.</summary>
    public static async Task<RowsTable?> ReadAsync(
        NpgsqlConnection connection,
        int number,
        NamedTable named,
        CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(TableSql, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = named.Schema });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = named.Table });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = named.Key });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. named.Columns] });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var columns = named.Columns.Select((name, index) => (
            Name: name,
            Type: reader.GetFieldValue<string?[]>(8)[index],
            May: reader.GetFieldValue<bool?[]>(9)[index])).ToList();
        var keyType = await reader.IsDBNullAsync(3, cancellationToken) ? null : reader.GetString(3);
        var found = new RowsTable(
            number,
            named,
            reader.GetFieldValue<uint>(0),
            keyType ?? "",
            [.. columns.Select(c => c.Type != "bytea")],
            [.. columns.Select(c => c.Type ?? "")],
            Math.Max(0, reader.GetInt64(6)), reader.GetInt64(7), [], []);
        var onUpdate = NamesOf(reader.GetFieldValue<string[]>(12), reader.GetFieldValue<string[]>(15));
        return found with
        {
            Problems = [.. ProblemsOf(
                named,
                reader.GetChar(1),
                reader.GetBoolean(2),
                keyType,
                reader.GetBoolean(4),
                reader.GetBoolean(5),
                reader.GetBoolean(10),
                reader.GetBoolean(11),
                reader.GetString(17),
                columns)
                .Concat(
                    reader.GetBoolean(16)
                        ? [$"Partitions of {named.Name} are foreign tables. Their rows cannot be moved from here: name the tables that "
                            + "hold rows on this server, and those of the other server in a policy of its own."]
                        : [])],
            Notes = [.. NotesOf(named, onUpdate, reader.GetFieldValue<string[]>(13))],
            IndexBytes = reader.GetInt64(14),
            OnUpdate = onUpdate,
        };
    }

    // The key's type is written for a value of any length: format_type(…, NULL) would give "character" and "bit", which cut all but
    // the first character off. The rows, and so what they take and what an update runs, are those of the partitions.
    private const string TableSql = """
        SELECT c.oid, c.relkind, EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid) AND c.relkind = 'r',
               (SELECT format_type(a.atttypid, -1) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = $3 AND NOT a.attisdropped
                   AND a.attnum > 0),
               coalesce((SELECT a.attnotnull FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = $3 AND NOT a.attisdropped),
                   false),
               EXISTS (SELECT FROM pg_index x JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = $3
                       WHERE x.indrelid = c.oid AND x.indisunique AND x.indisvalid AND x.indpred IS NULL AND x.indexprs IS NULL AND
                           x.indnkeyatts = 1 AND x.indkey[0] = a.attnum),
               (SELECT coalesce(sum(greatest(p.reltuples, 0)), 0)::bigint FROM pg_class p WHERE p.oid = ANY (tree) AND p.relkind = 'r'),
               (SELECT coalesce(sum(pg_table_size(p)), 0)::bigint FROM unnest(tree) AS p),
               ARRAY(SELECT (SELECT format_type(a.atttypid, a.atttypmod) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = n AND
                   NOT a.attisdropped AND a.attnum > 0) FROM unnest($4) WITH ORDINALITY AS u(n, o) ORDER BY o),
               ARRAY(SELECT (SELECT has_column_privilege(c.oid, a.attnum, 'SELECT') AND has_column_privilege(c.oid, a.attnum, 'UPDATE')
                   FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = n AND NOT a.attisdropped AND a.attnum > 0) FROM unnest($4)
                       WITH ORDINALITY AS u(n, o) ORDER BY o),
               coalesce((SELECT has_column_privilege(c.oid, a.attnum, 'SELECT') FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname
                   = $3 AND NOT a.attisdropped), true) AND has_schema_privilege(s.oid, 'USAGE'),
               row_security_active(c.oid),
               ARRAY(SELECT DISTINCT t.tgname::text FROM pg_trigger t WHERE t.tgrelid = ANY (tree) AND NOT t.tgisinternal AND t.tgenabled
                   IN ('O', 'A') AND t.tgtype & 16 <> 0 ORDER BY 1),
               ARRAY(SELECT DISTINCT a.attname::text FROM pg_index x JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = ANY
                   (x.indkey) WHERE x.indrelid = ANY (tree) AND a.attname = ANY ($4) ORDER BY 1),
               (SELECT coalesce(sum(pg_indexes_size(p)), 0)::bigint FROM unnest(tree) AS p),
               ARRAY(SELECT r.rulename::text FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type = '2' AND r.ev_enabled IN ('O', 'A')
                   ORDER BY 1),
               EXISTS (SELECT FROM pg_class p WHERE p.oid = ANY (tree) AND p.relkind = 'f') AND c.relkind = 'p', current_user::text
        FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace,
             LATERAL (SELECT ARRAY(SELECT c.oid UNION SELECT p.relid::oid FROM pg_partition_tree(c.oid) AS p) AS tree) AS all_of_it
        WHERE s.nspname = $1 AND c.relname = $2
        """;

    private static string? NamesOf(string[] triggers, string[] rules) =>
        triggers.Length + rules.Length == 0 ? null
        : string.Join(
            "; ",
            new[] { triggers.Length == 0
                ? null
                : $"triggers {string.Join(", ", triggers)}", rules.Length == 0
                    ? null
                    : $"rules {string.Join(", ", rules)}" }.OfType<string>());

    private static IEnumerable<string> ProblemsOf(
        NamedTable named,
        char kind,
        bool hasChildren,
        string? keyType,
        bool isNotNull,
        bool isUnique,
        bool mayReadKey,
        bool isFiltered,
        string role,
        List<(string Name, string? Type, bool? May)> columns)
    {
        if (kind is not ('r' or 'p') || hasChildren)
        {
            yield return $"{named.Name} is no plain or partitioned table{(hasChildren ? " (tables inherit from it)" : "")}: name the "
                + "tables that hold the rows.";
            yield break;
        }

        if (keyType is null)
        {
            yield return $"{named.Name} has no column {named.Key}: set 'key' to the column that tells its rows apart.";
        }
        else if (!isNotNull || !isUnique)
        {
            yield return $"{named.Name} has no usable key: {named.Key} must be NOT NULL and have a unique index on it alone. Give "
                + $"another column as 'key', or run: {AdvisedSql.RequireValue(named.Sql, named.Key)} "
                + AdvisedSql.MakeUnique(named.Sql, [named.Key], isPartitioned: kind == 'p');
        }

        foreach (var (name, type, may) in columns)
        {
            if (type is null)
            {
                yield return $"{named.Name} has no column {name}.";
            }
            else if (type is not ("text" or "bytea") && !type.StartsWith("character varying", StringComparison.Ordinal))
            {
                yield return $"{named.Name}.{name} is of type {type}: only text, varchar and bytea can be moved.";
            }
            else if (may != true)
            {
                yield return $"The role may not read and update {named.Name}.{name}. Run: "
                    + AdvisedSql.LetReadAndUpdate(role, named.Sql, name);
            }
        }

        if (!mayReadKey)
        {
            yield return $"The role may not read {named.Name}.{named.Key}. Run: {AdvisedSql.LetUseSchema(role, named.Schema)} "
                + AdvisedSql.LetRead(role, named.Sql, [named.Key]);
        }

        if (isFiltered)
        {
            yield return $"Row-level security applies to the role at {named.Name} and could hide rows from the move. Use the table's "
                + $"owner, or as a superuser run: {AdvisedSql.LetSeeAllRows(role)}";
        }
    }

    private static IEnumerable<string> NotesOf(NamedTable named, string? onUpdate, string[] indexed)
    {
        if (onUpdate is not null)
        {
            yield return $"each update of {named.Name} runs {onUpdate}: what one of them copies elsewhere stays under the old key";
        }

        if (indexed.Length > 0)
        {
            yield return $"columns of {named.Name} that an index has too: {string.Join(", ", indexed)}";
        }
    }
}
