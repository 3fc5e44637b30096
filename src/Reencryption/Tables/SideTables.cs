using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Rotunda.Postgres;

namespace Rotunda.Reencryption.Tables;

/// <summary>The side tables of one rotation: what its rows were before it.</summary>
internal sealed class SideTables(string schema, string rotation)
{
    private readonly string _prefix = $"rows_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(rotation)))[..12]}";

    public string Of(RowsTable table) => $"{SqlText.Identifier(schema)}.{SqlText.Identifier($"{_prefix}_{table.Number}")}";

    public async Task CreateAsync(NpgsqlConnection connection, RowsTable table, CancellationToken cancellationToken)
    {
        var side = Of(table);
        await using var command = new NpgsqlCommand(
            $"{new TableSql(table, side).CreateBackup()}; COMMENT ON TABLE {side} IS "
                + $"{SqlText.Literal($"Rows of {table.Name} before rotation {rotation}. Dropped at its end.")}",
            connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<bool> ExistsAsync(NpgsqlConnection connection, RowsTable table, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Of(table) });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>All of the rotation's, also of tables that the settings named once.</summary>
    public async Task<int> DropAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await using (var command = new NpgsqlCommand(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace WHERE s.nspname = $1 AND "
                + "starts_with(c.relname, $2) AND c.relkind = 'r'",
            connection))
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = schema });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _prefix + "_" });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                names.Add(reader.GetString(0));
            }
        }

        foreach (var name in names)
        {
            await using var drop =
                new NpgsqlCommand($"DROP TABLE IF EXISTS {SqlText.Identifier(schema)}.{SqlText.Identifier(name)}", connection);
            await drop.ExecuteNonQueryAsync(cancellationToken);
        }

        return names.Count;
    }
}
