using Microsoft.Data.Sqlite;
using Npgsql;
using Rotunda.Ledger.Postgres;
using Rotunda.Testing.RealServers;

namespace Rotunda.Bench.Databases;

/// <summary>A ledger in a PostgreSQL of its own on this machine, which has everything on disk before it says so.</summary>
internal sealed class PostgresPlace : IAsyncDisposable
{
    private static readonly string[] s_tables = ["secrets", "rotations", "credentials", "audit"];
    private readonly PostgresCluster _cluster;

    private PostgresPlace(PostgresCluster cluster) => _cluster = cluster;

    public string ConnectionString => _cluster.AdminConnectionString.Replace("Pooling=false;", "", StringComparison.Ordinal);

    public PostgresLedgerOptions Options => new() { ConnectionString = ConnectionString };

    public static async Task<PostgresPlace> StartAsync()
    {
        var place = new PostgresPlace(await PostgresCluster.StartAsync());
        // As PostgreSQL has it by itself. What tests want instead would make it faster (no fsync) and slower (a log of all statements).
        foreach (var (name, value) in new[]
        {
            ("fsync", "on"), ("synchronous_commit", "on"), ("full_page_writes", "on"), ("shared_buffers", "128MB"),
            ("max_connections", "100"), ("log_statement", "none"), ("log_connections", "off"), ("log_min_messages", "warning"),
        })
        {
            await place._cluster.ExecuteAsync($"ALTER SYSTEM SET {name} = '{value}'");
        }

        await place._cluster.StopAsync();
        await place._cluster.LaunchAsync();
        await PostgresLedgerSchema.MigrateAsync(place.Options, [], TimeProvider.System, CancellationToken.None);
        return place;
    }

    /// <summary>Takes over all that a ledger on SQLite has, as the server's own maintenance would leave it.</summary>
    public async Task CopyAsync(string path)
    {
        await using var from = new SqliteConnection($"Data Source={path}");
        await from.OpenAsync();
        await using var to = new NpgsqlConnection($"{ConnectionString};Search Path=rotunda;Command Timeout=0");
        await to.OpenAsync();
        // No triggers: the rows have what these would write.
        await RunAsync(to, "SET session_replication_role = replica");
        foreach (var table in s_tables)
        {
            await CopyAsync(from, to, table);
        }

        await RunAsync(to, "SELECT setval(pg_get_serial_sequence('credentials', 'id'), (SELECT MAX(id) FROM credentials))");
        await RunAsync(to, "VACUUM ANALYZE");
    }

    public async Task<long> BytesAsync() => await _cluster.ScalarAsync<long>("SELECT pg_database_size('postgres')");

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private static async Task CopyAsync(SqliteConnection from, NpgsqlConnection to, string table)
    {
        await using var command = from.CreateCommand();
        command.CommandText = $"SELECT * FROM {table}";
        await using var rows = await command.ExecuteReaderAsync();
        var columns = Enumerable.Range(0, rows.FieldCount).Select(rows.GetName);
        await using var text = await to.BeginTextImportAsync($"COPY {table} ({string.Join(", ", columns)}) FROM STDIN");
        while (await rows.ReadAsync())
        {
            for (var column = 0; column < rows.FieldCount; column++)
            {
                await text.WriteAsync(column == 0 ? "" : "\t");
                await text.WriteAsync(rows.IsDBNull(column) ? "\\N" : rows.GetString(column).Replace("\\", "\\\\", StringComparison.Ordinal)
                    .Replace("\t", "\\t", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal));
            }

            await text.WriteAsync("\n");
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
