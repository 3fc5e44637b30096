using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using Rotunda.Activities.Providers;
using Rotunda.Rotation.Credentials;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.RealServers;
using Rotunda.Testing.StoredRows;

namespace Rotunda.Bench.Reencrypt;

/// <summary>Two tables alike: one is updated with values that are ready, the other is moved to another key.</summary>
internal sealed class BenchData(PostgresCluster cluster, int rows, int connections, int batch)
{
    /// <summary>So few different values that the ready ones need no room to speak of; the database does not notice.</summary>
    private const int Values = 1000;

    private readonly string _old = Fernet.NewKey();
    private readonly string _new = Fernet.NewKey();
    private string[] _before = [];
    private string[] _after = [];

    public async Task PrepareAsync()
    {
        // As a server for work, not for tests: durable, and without a log of every statement.
        foreach (var setting in new[]
        {
            "fsync = on", "full_page_writes = on", "synchronous_commit = on", "log_statement = 'none'", "log_parameter_max_length = 0", "shared_buffers = '512MB'", "max_wal_size = '8GB'",
            "checkpoint_timeout = '30min'", "autovacuum = off",
        })
        {
            await cluster.ExecuteAsync($"ALTER SYSTEM SET {setting}");
        }

        await cluster.StopAsync();
        await cluster.LaunchAsync();
        _before = [.. Enumerable.Range(0, Values).Select(n => Fernet.Seal(_old, Plain(n)))];
        _after = [.. Enumerable.Range(0, Values).Select(n => Fernet.Seal(_new, Plain(n)))];
        await using var connection = await OpenAsync();
        foreach (var table in new[] { "limits", "moves" })
        {
            await using (var create = new NpgsqlCommand($"CREATE TABLE {table} (id bigint PRIMARY KEY, email text NOT NULL, name text)", connection))
            {
                await create.ExecuteNonQueryAsync();
            }

            await using (var copy = await connection.BeginBinaryImportAsync($"COPY {table} FROM STDIN (FORMAT BINARY)"))
            {
                for (var id = 1L; id <= rows; id++)
                {
                    await copy.StartRowAsync();
                    await copy.WriteAsync(id);
                    await copy.WriteAsync(_before[id % Values]);
                    await copy.WriteAsync("A Customer");
                }

                await copy.CompleteAsync();
            }
        }

        await SettleAsync(connection);
    }

    /// <summary>The updates alone: the same statement, batch and connections, with values that are ready. Rows a second.</summary>
    public async Task<double> LimitAsync()
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(lane => Task.Run(() => UpdateAsync(lane))));
        return rows / watch.Elapsed.TotalSeconds;
    }

    /// <summary>The migration as a step runs it. Rows a second.</summary>
    public async Task<double> MoveAsync()
    {
        await using (var connection = await OpenAsync())
        {
            await SettleAsync(connection);
        }

        var services = new ServiceCollection().AddRotundaProviders().BuildServiceProvider();
        await using (services)
        {
            var provider = services.GetRequiredService<ProviderRegistry>().Ability<IReencryptData>("postgres-rows")!;
            using var old = SecretValue.FromText(_old);
            using var fresh = SecretValue.FromText(_new);
            var watch = Stopwatch.StartNew();
            var outcome = await provider.MigrateAsync(Call(), new DataKeys(old, fresh, []), new Slice(TimeSpan.FromHours(1), "migrate", null), default);
            return outcome.Succeeded && outcome.Facts!["moved"] == $"{rows}"
                ? rows / watch.Elapsed.TotalSeconds
                : throw new InvalidOperationException($"{outcome.Kind}: {outcome.Reason}");
        }
    }

    /// <summary>Every row opens with the new key, and holds what it held.</summary>
    public async Task CheckAsync()
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand("SELECT id, email FROM moves", connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync();
        var seen = 0;
        for (; await reader.ReadAsync(); seen++)
        {
            if (Fernet.Open(_new, reader.GetString(1)) != Plain((int)(reader.GetInt64(0) % Values)))
            {
                throw new InvalidOperationException($"The row {reader.GetInt64(0)} does not hold what it held.");
            }
        }

        if (seen != rows)
        {
            throw new InvalidOperationException($"{seen} rows are left of {rows}.");
        }
    }

    private static string Plain(int n) => $"customer-{n:0000}@shop.example.test";

    private ProviderCall Call()
    {
        var settings = new JsonObject
        {
            ["connection"] = "env:DB", ["connections"] = connections, ["batch"] = batch,
            ["tables"] = new JsonArray(new JsonObject { ["table"] = "public.moves", ["columns"] = new JsonArray("email") }),
        };
        var references = new FixedReferences(new Dictionary<string, string> { ["env:DB"] = cluster.AdminConnectionString });
        return new ProviderCall(new ProviderSettings(settings, references), "bench", "bench-1", 1, 1, TimeProvider.System);
    }

    private async Task UpdateAsync(int lane)
    {
        await using var connection = await OpenAsync();
        await using (var set = new NpgsqlCommand("SET synchronous_commit = off", connection))
        {
            await set.ExecuteNonQueryAsync();
        }

        await using var update = new NpgsqlCommand(
            "UPDATE limits AS t SET email = v.n FROM unnest($1::text[]::bigint[], $2, $3) AS v(k, o, n) WHERE t.id = v.k AND t.email IS NOT DISTINCT FROM v.o COLLATE \"C\"", connection);
        for (var parameter = 0; parameter < 3; parameter++)
        {
            update.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        }

        await update.PrepareAsync();
        var (first, last) = ((long)rows * lane / connections, (long)rows * (lane + 1) / connections);
        for (var from = first; from < last; from += batch)
        {
            var ids = Enumerable.Range(1, (int)Math.Min(batch, last - from)).Select(n => from + n).ToArray();
            update.Parameters[0].Value = Array.ConvertAll(ids, id => id.ToString());
            update.Parameters[1].Value = Array.ConvertAll(ids, id => _before[id % Values]);
            update.Parameters[2].Value = Array.ConvertAll(ids, id => _after[id % Values]);
            if (await update.ExecuteNonQueryAsync() != ids.Length)
            {
                throw new InvalidOperationException("An update missed rows.");
            }
        }
    }

    private static async Task SettleAsync(NpgsqlConnection connection)
    {
        foreach (var sql in new[] { "VACUUM ANALYZE limits", "VACUUM ANALYZE moves", "CHECKPOINT" })
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync();
        }
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(cluster.AdminConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
