using Npgsql;
using NpgsqlTypes;
using Rotunda.Postgres;

namespace Rotunda.Reencryption.Tables;

/// <summary>
/// A publication that sends updates has to tell the row that an update is of. Where the table has nothing for that (no replica
/// identity), the server refuses every update, so no row can be moved; the partitions are looked at each for itself, as the server does.
/// </summary>
internal static class Publications
{
    private const int MostTold = 10;

    private const string Sql = """
        SELECT format('%I.%I', s.nspname, c.relname), array_to_string(pubs, ', '),
               EXISTS (SELECT FROM pg_index x WHERE x.indrelid = c.oid AND x.indisprimary AND x.indisvalid AND x.indimmediate),
               (SELECT format('%I', i.relname) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
                WHERE x.indrelid = c.oid AND x.indisunique AND x.indisvalid AND x.indimmediate AND x.indpred IS NULL AND x.indexprs IS NULL
                  AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (x.indkey) AND NOT a.attnotnull)
                ORDER BY x.indnkeyatts, i.relname LIMIT 1)
        FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace,
             LATERAL (SELECT ARRAY(
                SELECT DISTINCT p.pubname::text FROM pg_publication p JOIN pg_publication_tables t ON t.pubname = p.pubname
                    JOIN pg_namespace o ON o.nspname = t.schemaname JOIN pg_class r ON r.relnamespace = o.oid AND r.relname = t.tablename
                WHERE p.pubupdate AND (r.oid = c.oid OR r.oid IN (SELECT relid FROM pg_partition_ancestors(c.oid) AS relid)) ORDER BY 1)
                AS pubs) AS all_of_them
        WHERE (c.oid = $1 OR c.oid IN (SELECT relid FROM pg_partition_tree($1::regclass))) AND c.relkind = 'r' AND pubs <> '{}'
          AND CASE c.relreplident
              WHEN 'f' THEN false
              WHEN 'd' THEN NOT EXISTS (SELECT FROM pg_index x WHERE x.indrelid = c.oid AND x.indisprimary AND x.indisvalid
                  AND x.indimmediate)
              WHEN 'i' THEN NOT EXISTS (SELECT FROM pg_index x WHERE x.indrelid = c.oid AND x.indisreplident AND x.indisvalid)
              ELSE true END
        ORDER BY 1
        """;

    /// <summary>What is wrong, with the statements that mend it; null if updates are taken.</summary>
    public static async Task<string?> ProblemAsync(
        NpgsqlConnection connection,
        uint table,
        string name,
        CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Oid, Value = table });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (statements, publications) = (new List<string>(), "");
        while (await reader.ReadAsync(cancellationToken))
        {
            publications = reader.GetString(1);
            statements.Add(
                reader.GetBoolean(2) ? AdvisedSql.IdentifyByPrimaryKey(reader.GetString(0))
                : await reader.IsDBNullAsync(3, cancellationToken) ? AdvisedSql.IdentifyByWholeRow(reader.GetString(0))
                : AdvisedSql.IdentifyByIndex(reader.GetString(0), reader.GetString(3)));
        }

        return statements.Count == 0 ? null
            : $"{name} is in the publication {publications}, which sends updates, and has no replica identity, so the server refuses every "
                + $"update of it (SQLSTATE {PostgresErrorCodes.ObjectNotInPrerequisiteState}). As its owner, run: "
                + string.Join(' ', statements.Take(MostTold))
                + (statements.Count > MostTold ? $" And the same for {statements.Count - MostTold} more partitions." : "");
    }
}
