using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using Rotunda.Activities;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.RealServers;
using Rotunda.Testing.StoredRows;

namespace Rotunda.Bench.Reencrypt;

/// <summary>Two tables alike: one is updated with values that are ready, the other is moved to another key.</summary>
/// <param name="name">Of the tables.</param>
internal sealed class BenchData(PostgresCluster cluster, string name, int rows, int connections, int batch)
{
    /// <summary>So few different values that the ready ones need no room to speak of; the database does not notice.</summary>
    private const int Values = 1000;

    private readonly string _old = Fernet.NewKey();
    private readonly string _new = Fernet.NewKey();
    private string[] _before = [];
    private string[] _after = [];

    private string Limits => $"{name}_limits";

    private string Moves => $"{name}_moves";

    /// <summary>How far each connection is with the limits.</summary>
    private string Places => $"{name}_places";

    public async Task PrepareAsync()
    {
        _before = [.. Enumerable.Range(0, Values).Select(n => Fernet.Seal(_old, Plain(n)))];
        _after = [.. Enumerable.Range(0, Values).Select(n => Fernet.Seal(_new, Plain(n)))];
        await using var connection = await OpenAsync();
        await using (var places = new NpgsqlCommand(
            $"CREATE TABLE {Places} (lane int PRIMARY KEY, after text, rows bigint NOT NULL); INSERT INTO {Places} SELECT lane, NULL, 0 "
                + $"FROM generate_series(0, {connections - 1}) AS lane",
            connection))
        {
            await places.ExecuteNonQueryAsync();
        }

        foreach (var table in new[] { Limits, Moves })
        {
            await using (var create =
                new NpgsqlCommand($"CREATE TABLE {table} (id bigint PRIMARY KEY, email text NOT NULL, name text)", connection))
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

            await using var vacuum = new NpgsqlCommand($"VACUUM ANALYZE {table}", connection) { CommandTimeout = 0 };
            await vacuum.ExecuteNonQueryAsync();
        }
    }

    /// <summary>The updates alone: the same transactions, each a batch and its place, over as many connections, with values that
    /// are ready.</summary>
    public async Task<TimeSpan> LimitAsync()
    {
        await RestartAsync();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(lane => Task.Run(() => UpdateAsync(lane))));
        return watch.Elapsed;
    }

    /// <summary>The migration as a step runs it. Every row is looked at afterwards.</summary>
    public async Task<TimeSpan> MoveAsync()
    {
        await RestartAsync();
        var services = new ServiceCollection().AddRotundaProviders().BuildServiceProvider();
        await using (services)
        {
            var provider = services.GetRequiredService<ProviderRegistry>().Ability<IReencryptData>("postgres-rows")!;
            using var old = SecretValue.FromText(_old);
            using var fresh = SecretValue.FromText(_new);
            var watch = Stopwatch.StartNew();
            var outcome = await provider.MigrateAsync(
                Call(),
                new DataKeys(old, fresh, []),
                new Slice(TimeSpan.FromHours(1), "migrate", null),
                default);
            var took = watch.Elapsed;
            if (!outcome.Succeeded || outcome.Facts!["moved"] != $"{rows}")
            {
                throw new InvalidOperationException($"{outcome.Kind}: {outcome.Reason}");
            }

            await CheckAsync();
            return took;
        }
    }

    public Task DropAsync() => cluster.ExecuteAsync($"DROP TABLE {Limits}, {Moves}");

    /// <summary>Every row opens with the new key, and holds what it held.</summary>
    private async Task CheckAsync()
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand($"SELECT id, email FROM {Moves}", connection) { CommandTimeout = 0 };
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
            ["tables"] = new JsonArray(new JsonObject { ["table"] = $"public.{Moves}", ["columns"] = new JsonArray("email") }),
        };
        var references = new FixedReferences(new Dictionary<string, string> { ["env:DB"] = cluster.AdminConnectionString });
        return new ProviderCall(new ProviderSettings(settings, references), name, $"{name}-1", 1, 1, TimeProvider.System);
    }

    private async Task UpdateAsync(int lane)
    {
        await using var connection = await OpenAsync();
        await using (var set = new NpgsqlCommand("SET synchronous_commit = off", connection))
        {
            await set.ExecuteNonQueryAsync();
        }

        const NpgsqlDbType Texts = NpgsqlDbType.Array | NpgsqlDbType.Text;
        await using var update = await PreparedAsync(
            connection,
            $"UPDATE {Limits} AS t SET email = v.n FROM unnest($1::text[]::bigint[], $2, $3) AS v(k, o, n) WHERE t.id = v.k AND t.email "
                + "IS NOT DISTINCT FROM v.o COLLATE \"C\"",
            Texts,
            Texts,
            Texts);
        await using var advance = await PreparedAsync(
            connection,
            $"UPDATE {Places} SET after = $1, rows = rows + $2 WHERE lane = $3 AND after IS NOT DISTINCT FROM $4",
            NpgsqlDbType.Text,
            NpgsqlDbType.Bigint,
            NpgsqlDbType.Integer,
            NpgsqlDbType.Text);
        advance.Parameters[2].Value = lane;
        advance.Parameters[3].Value = DBNull.Value;
        var (first, last) = ((long)rows * lane / connections, (long)rows * (lane + 1) / connections);
        for (var from = first; from < last; from += batch)
        {
            var ids = Enumerable.Range(1, (int)Math.Min(batch, last - from)).Select(n => from + n).ToArray();
            update.Parameters[0].Value = Array.ConvertAll(ids, id => id.ToString());
            update.Parameters[1].Value = Array.ConvertAll(ids, id => _before[id % Values]);
            update.Parameters[2].Value = Array.ConvertAll(ids, id => _after[id % Values]);
            advance.Parameters[0].Value = ids[^1].ToString();
            advance.Parameters[1].Value = ids.LongLength;
            await using var transaction = await connection.BeginTransactionAsync();
            if (await update.ExecuteNonQueryAsync() != ids.Length || await advance.ExecuteNonQueryAsync() != 1)
            {
                throw new InvalidOperationException("An update missed rows.");
            }

            await transaction.CommitAsync();
            advance.Parameters[3].Value = ids[^1].ToString();
        }
    }

    private static async Task<NpgsqlCommand> PreparedAsync(NpgsqlConnection connection, string sql, params NpgsqlDbType[] types)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var type in types)
        {
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
        }

        await command.PrepareAsync();
        return command;
    }

    /// <summary>Both find the server as it is after a start: nothing in its buffers, nothing left to write.</summary>
    private async Task RestartAsync()
    {
        await cluster.StopAsync();
        await cluster.LaunchAsync();
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(cluster.AdminConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
