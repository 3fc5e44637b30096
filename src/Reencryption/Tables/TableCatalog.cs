using Npgsql;

namespace Rotunda.Reencryption.Tables;

/// <summary>What the server's catalogs say of a table. The rows, and so what they take and what an update runs, are those of the
/// partitions.</summary>
internal sealed record TableCatalog
{
    public required uint Oid { get; init; }

    /// <summary>'r' for a plain table, 'p' for a partitioned one.</summary>
    public required char Kind { get; init; }

    public required bool HasChildren { get; init; }

    public required bool HasForeignPartitions { get; init; }

    /// <summary>Null for a column that is not there.</summary>
    public required string?[] KeyTypes { get; init; }

    public required bool[] KeyNotNull { get; init; }

    /// <summary>By an index over them, in this order.</summary>
    public required bool KeyIsUnique { get; init; }

    /// <summary>The same columns in the order of an index over them; null if there is none.</summary>
    public required string[]? KeyInOtherOrder { get; init; }

    /// <summary>Columns that the partitions are told apart by, of which every unique index has to have all.</summary>
    public required string[] PartitionColumns { get; init; }

    public required bool MayReadKey { get; init; }

    public required bool IsFiltered { get; init; }

    public required string?[] ColumnTypes { get; init; }

    /// <summary>Of a domain, what it is made of.</summary>
    public required string?[] BaseTypes { get; init; }

    public required bool?[] MayUpdate { get; init; }

    public required string[] Triggers { get; init; }

    public required string[] Rules { get; init; }

    public required string[] Indexed { get; init; }

    public required long Estimate { get; init; }

    public required long Bytes { get; init; }

    public required long IndexBytes { get; init; }

    public required string Role { get; init; }

    public bool IsPartitioned => Kind == 'p';

    // A key's type is written for a value of any length: format_type(…, NULL) would give "character" and "bit", which cut all but
    // the first character off.
    private const string Sql = """
        SELECT c.oid, c.relkind, EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid) AND c.relkind = 'r' AS children,
               EXISTS (SELECT FROM pg_class p WHERE p.oid = ANY (tree) AND p.relkind = 'f') AND c.relkind = 'p' AS far,
               ARRAY(SELECT format_type(a.atttypid, -1) FROM unnest($3) WITH ORDINALITY AS u(n, o)
                   LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = n AND NOT a.attisdropped AND a.attnum > 0 ORDER BY o)
                   AS key_types,
               ARRAY(SELECT coalesce(a.attnotnull, false) FROM unnest($3) WITH ORDINALITY AS u(n, o)
                   LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = n AND NOT a.attisdropped AND a.attnum > 0 ORDER BY o)
                   AS key_not_null,
               EXISTS (SELECT FROM uniques WHERE names = $3) AS key_unique,
               (SELECT names FROM uniques WHERE names @> $3 AND names <@ $3 AND cardinality(names) = cardinality($3) ORDER BY names LIMIT 1)
                   AS other_order,
               ARRAY(SELECT DISTINCT a.attname::text FROM pg_partitioned_table p JOIN pg_attribute a ON a.attrelid = p.partrelid AND
                   a.attnum = ANY (p.partattrs) WHERE p.partrelid = ANY (tree) ORDER BY 1) AS partition_columns,
               coalesce((SELECT bool_and(has_column_privilege(c.oid, a.attnum, 'SELECT')) FROM pg_attribute a WHERE a.attrelid = c.oid AND
                   a.attname = ANY ($3) AND NOT a.attisdropped), true) AND has_schema_privilege(s.oid, 'USAGE') AS may_read,
               row_security_active(c.oid) AS filtered,
               ARRAY(SELECT format_type(a.atttypid, a.atttypmod) FROM unnest($4) WITH ORDINALITY AS u(n, o)
                   LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = n AND NOT a.attisdropped AND a.attnum > 0 ORDER BY o)
                   AS types,
               ARRAY(SELECT (WITH RECURSIVE base(id) AS (SELECT a.atttypid UNION ALL
                       SELECT y.typbasetype FROM base JOIN pg_type y ON y.oid = base.id WHERE y.typtype = 'd')
                   SELECT y.typname::text FROM base JOIN pg_type y ON y.oid = base.id WHERE y.typtype <> 'd')
                   FROM unnest($4) WITH ORDINALITY AS u(n, o)
                   LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = n AND NOT a.attisdropped AND a.attnum > 0 ORDER BY o)
                   AS base_types,
               ARRAY(SELECT has_column_privilege(c.oid, a.attnum, 'SELECT') AND has_column_privilege(c.oid, a.attnum, 'UPDATE')
                   FROM unnest($4) WITH ORDINALITY AS u(n, o)
                   LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = n AND NOT a.attisdropped AND a.attnum > 0 ORDER BY o)
                   AS may_update,
               ARRAY(SELECT DISTINCT t.tgname::text FROM pg_trigger t WHERE t.tgrelid = ANY (tree) AND NOT t.tgisinternal AND t.tgenabled
                   IN ('O', 'A') AND t.tgtype & 16 <> 0 ORDER BY 1) AS triggers,
               ARRAY(SELECT r.rulename::text FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type = '2' AND r.ev_enabled IN ('O', 'A')
                   ORDER BY 1) AS rules,
               ARRAY(SELECT DISTINCT a.attname::text FROM pg_index x JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = ANY
                   (x.indkey) WHERE x.indrelid = ANY (tree) AND a.attname = ANY ($4) ORDER BY 1) AS indexed,
               (SELECT coalesce(sum(greatest(p.reltuples, 0)), 0)::bigint FROM pg_class p WHERE p.oid = ANY (tree) AND p.relkind = 'r')
                   AS estimate,
               (SELECT coalesce(sum(pg_table_size(p)), 0)::bigint FROM unnest(tree) AS p) AS bytes,
               (SELECT coalesce(sum(pg_indexes_size(p)), 0)::bigint FROM unnest(tree) AS p) AS index_bytes,
               current_user::text AS role
        FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace,
             LATERAL (SELECT ARRAY(SELECT c.oid UNION SELECT p.relid::oid FROM pg_partition_tree(c.oid) AS p) AS tree) AS all_of_it
        WHERE s.nspname = $1 AND c.relname = $2
        """;

    /// <summary>The columns of each unique index that tells every row apart, in its order, without what it only includes.</summary>
    private const string Uniques = """
        WITH uniques AS (
            SELECT ARRAY(SELECT a.attname::text FROM unnest(x.indkey) WITH ORDINALITY AS u(n, o)
                JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = u.n WHERE o <= x.indnkeyatts ORDER BY o) AS names
            FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace s ON s.oid = c.relnamespace
            WHERE s.nspname = $1 AND c.relname = $2 AND x.indisunique AND x.indisvalid AND x.indpred IS NULL AND x.indexprs IS NULL)
        """;

    /// <summary>Null if there is no such table.</summary>
    public static async Task<TableCatalog?> ReadAsync(NpgsqlConnection connection, NamedTable named, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"{Uniques}\n{Sql}", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = named.Schema });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = named.Table });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. named.Keys] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. named.Columns] });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        T Get<T>(string name) => reader.GetFieldValue<T>(reader.GetOrdinal(name));
        return new TableCatalog
        {
            Oid = Get<uint>("oid"),
            Kind = Get<char>("relkind"),
            HasChildren = Get<bool>("children"),
            HasForeignPartitions = Get<bool>("far"),
            KeyTypes = Get<string?[]>("key_types"),
            KeyNotNull = Get<bool[]>("key_not_null"),
            KeyIsUnique = Get<bool>("key_unique"),
            KeyInOtherOrder = await reader.IsDBNullAsync(reader.GetOrdinal("other_order"), cancellationToken)
                ? null
                : Get<string[]>("other_order"),
            PartitionColumns = Get<string[]>("partition_columns"),
            MayReadKey = Get<bool>("may_read"),
            IsFiltered = Get<bool>("filtered"),
            ColumnTypes = Get<string?[]>("types"),
            BaseTypes = Get<string?[]>("base_types"),
            MayUpdate = Get<bool?[]>("may_update"),
            Triggers = Get<string[]>("triggers"),
            Rules = Get<string[]>("rules"),
            Indexed = Get<string[]>("indexed"),
            Estimate = Math.Max(0, Get<long>("estimate")),
            Bytes = Get<long>("bytes"),
            IndexBytes = Get<long>("index_bytes"),
            Role = Get<string>("role"),
        };
    }
}
