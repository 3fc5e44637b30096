using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Rotunda.Bench.Catalog;
using Rotunda.Bench.Databases;
using Rotunda.Bench.Engine;
using Rotunda.Bench.Estate;
using Rotunda.Bench.Page;

// One JSON line: what a head does again and again, with very many secrets and years of audit. --ledger postgres: the same over a real
// PostgreSQL on this machine. "New" is the first start with this catalog; "restart" a process that starts when all of it is known. "First"
// is the first time in a process. --files 300: the catalog is read from so many files; without it is made in memory.
const string Look = "look";
const string PostgresVariable = "ROTUNDA_BENCH_POSTGRES";
var arguments = Arguments.Parse(args);
var secrets = arguments.Number("secrets") ?? 150_000;
if (arguments.Text(Look) is { } made)
{
    Console.WriteLine((await Looks.RunAsync(made, secrets, Environment.GetEnvironmentVariable(PostgresVariable))).ToJsonString());
    return;
}

var files = arguments.Number("files") ?? 0;

var audit = arguments.Number("audit") ?? 1_000_000;
var onPostgres = arguments.Text("ledger") == "postgres";
using var folder = new BenchFolder(arguments.Text("folder"));
var place = Path.GetDirectoryName(folder.HubPath)!;
var fsyncBefore = folder.FsyncPerSecond();
var path = Path.Combine(place, "ledger.db");
await ManySecrets.WriteAsync(path, secrets, withinDays: 20);
await Years.WriteAuditAsync(path, secrets, audit);
if (files > 0)
{
    // No engine is there to send notices.
    MadeFiles.Write(place, secrets, files, isTold: false);
}

await using var postgres = onPostgres ? await PostgresPlace.StartAsync() : null;
if (postgres is not null)
{
    await postgres.CopyAsync(path);
}

var (fresh, restart) = (await LookAsync(), await LookAsync());
Console.WriteLine(new JsonObject
{
    ["secrets"] = secrets,
    ["audit"] = audit,
    ["files"] = files,
    ["ledger"] = onPostgres ? "postgres" : "sqlite",
    ["new"] = fresh,
    ["restart"] = restart,
    ["ledgerMb"] = (postgres is null ? new FileInfo(path).Length : await postgres.BytesAsync()) / 1_000_000,
    ["fsyncPerSecond"] = Math.Min(fsyncBefore, folder.FsyncPerSecond()),
    ["load"] = (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0],
}.ToJsonString());

async Task<JsonNode> LookAsync()
{
    string[] asked = [$"--{Look}", place, "--secrets", secrets.ToString(CultureInfo.InvariantCulture)];
    var start = new ProcessStartInfo(Environment.ProcessPath!, asked) { RedirectStandardOutput = true, UseShellExecute = false };
    if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
    {
        start.ArgumentList.Insert(0, typeof(Looks).Assembly.Location);
    }

    if (postgres is not null)
    {
        start.Environment[PostgresVariable] = postgres.ConnectionString;
    }

    using var process = Process.Start(start)!;
    var text = await process.StandardOutput.ReadToEndAsync();
    await process.WaitForExitAsync();
    return process.ExitCode == 0 ? JsonNode.Parse(text)! : throw new InvalidOperationException("The looks failed: see above.");
}
