using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rotunda.Bench.Engine;
using Rotunda.Bench.Databases;
using Rotunda.Bench.Heads;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

// One JSON line: how many whole rotations a second one process does, with its hub, ledger, store and two files of each secret on disk.
// --ledger postgres: the ledger in a real PostgreSQL on this machine.
var arguments = Arguments.Parse(args);
var count = arguments.Number("rotations") ?? 2_000;
var warm = arguments.Number("warm") ?? 200;

using var folder = new BenchFolder(arguments.Text("folder"));
var place = Path.GetDirectoryName(folder.HubPath)!;
var fsyncBefore = folder.FsyncPerSecond();
var names = Enumerable.Range(0, warm + count).Select(number => string.Create(CultureInfo.InvariantCulture, $"key-{number:D6}")).ToList();
var onPostgres = arguments.Text("ledger") == "postgres";
await using var postgres = onPostgres ? await PostgresPlace.StartAsync() : null;
await using var head = await BenchHead.StartAsync(place, names.Select(name => PolicyOf(name, place)), postgres?.Options);

await RunAsync(names[..warm]);
var (watch, cpu) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
await RunAsync(names[warm..]);
var (took, worked) = (watch.Elapsed, Process.GetCurrentProcess().TotalProcessorTime - cpu);

var rotations = await head.ListAsync(warm + count);
Console.WriteLine(JsonSerializer.Serialize(new
{
    rotations = count,
    ledger = onPostgres ? "postgres" : "sqlite",
    succeeded = rotations.Count(one => one.State == RotationState.Succeeded) - warm,
    steps = rotations[0].Plan.Steps.Count,
    rotationsPerSecond = Math.Round(count / took.TotalSeconds, 1),
    cpuMsPerRotation = Math.Round(worked.TotalMilliseconds / count, 2),
    fsyncPerSecond = Math.Min(fsyncBefore, folder.FsyncPerSecond()),
}));

async Task RunAsync(List<string> some)
{
    await head.QueueAsync(some);
    using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
    while (await head.IsAnyOpenAsync())
    {
        await often.WaitForNextTickAsync();
    }
}

static Policy PolicyOf(string name, string folder) => new()
{
    Name = name,
    Strategy = Strategy.DualKey,
    Provider = new ProviderBinding("generated", new JsonObject { ["purpose"] = "webhook" }),
    Interval = TimeSpan.FromDays(30),
    Grace = TimeSpan.Zero,
    Targets = [TargetOf("one", name, folder), TargetOf("two", name, folder)],
};

static TargetBinding TargetOf(string target, string name, string folder) => new(
    target,
    new ProviderBinding("dotenv", new JsonObject
    {
        ["path"] = Path.Combine(folder, $"{name}-{target}.env"),
        ["keys"] = new JsonObject { ["KEY"] = "{primary}", ["OLD_KEY"] = "{secondary}" },
    }),
    1,
    TimeSpan.FromMinutes(5));
