using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Rotunda.Bench.Reencrypt;
using Rotunda.Testing.RealServers;

// One JSON line per run: how fast rows are moved to another key, beside what the same updates cost by themselves.
var arguments =
    args.Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0].TrimStart('-'), pair => pair[1], StringComparer.Ordinal);
var rows = int.Parse(arguments.GetValueOrDefault("rows", "1000000"), CultureInfo.InvariantCulture);
var connections = int.Parse(arguments.GetValueOrDefault("connections", "4"), CultureInfo.InvariantCulture);
var batch = int.Parse(arguments.GetValueOrDefault("batch", "1000"), CultureInfo.InvariantCulture);

await using var cluster = await PostgresCluster.StartAsync();

// As a server for work, not for tests: durable, and without a log of every statement and its values.
foreach (var setting in new[]
{
    "fsync = on", "full_page_writes = on", "synchronous_commit = on",
    "log_statement = 'none'", "log_parameter_max_length = 0", "log_parameter_max_length_on_error = 0",
    "shared_buffers = '512MB'", "max_wal_size = '8GB'", "checkpoint_timeout = '30min'", "autovacuum = off",
})
{
    await cluster.ExecuteAsync($"ALTER SYSTEM SET {setting}");
}

// Neither is to pay for the compiling of the code.
var warm = new BenchData(cluster, "warm", Math.Min(rows, 100_000), connections, batch);
await warm.PrepareAsync();
await warm.LimitAsync();
await warm.MoveAsync();

// Each is measured twice, first and last in turn: what a machine with other work does to both over time is so shared out.
var (first, second) = (
    new BenchData(cluster, "first", rows, connections, batch),
    new BenchData(cluster, "second", rows, connections, batch));
await first.PrepareAsync();
var limits = await first.LimitAsync();
var before = ResidentMb();
var moves = await first.MoveAsync();
await first.DropAsync();
await second.PrepareAsync();
moves += await second.MoveAsync();
limits += await second.LimitAsync();
var (moved, limit) = (2 * rows / moves.TotalSeconds, 2 * rows / limits.TotalSeconds);
Console.WriteLine(JsonSerializer.Serialize(new
{
    rows,
    connections,
    batch,
    rowsPerSecond = Math.Round(moved),
    limitRowsPerSecond = Math.Round(limit),
    share = Math.Round(moved / limit, 2),
    residentMbBefore = before,
    peakResidentMb = PeakMb(),
}));

static long ResidentMb() => Process.GetCurrentProcess().WorkingSet64 >> 20;

static long PeakMb() => Process.GetCurrentProcess().PeakWorkingSet64 >> 20;
