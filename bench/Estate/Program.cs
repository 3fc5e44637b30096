using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rotunda.Activities;
using Rotunda.Activities.Clocks;
using Rotunda.Api.Desk;
using Rotunda.Api.Http;
using Rotunda.Bench.Estate;
using Rotunda.Bench.Page;
using Rotunda.Ledger;
using Rotunda.Orchestration;

// One JSON line: what a head does again and again, with very many secrets and years of audit. "First" is a process that has just started.
var arguments =
    args.Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0].TrimStart('-'), pair => pair[1], StringComparer.Ordinal);
var secrets = int.Parse(arguments.GetValueOrDefault("secrets", "150000"), CultureInfo.InvariantCulture);
var audit = long.Parse(arguments.GetValueOrDefault("audit", "1000000"), CultureInfo.InvariantCulture);
var stop = CancellationToken.None;

var folder = Directory.CreateTempSubdirectory("rotunda-bench-estate-");
try
{
    var path = Path.Combine(folder.FullName, "ledger.db");
    await ManySecrets.WriteAsync(path, secrets, withinDays: 20);
    await Years.WriteAuditAsync(path, secrets, audit);
    var catalog = ManySecrets.Catalog(secrets, folder.FullName);
    await using var services = new ServiceCollection().AddLogging(logging => logging.ClearProviders())
        .AddSingleton(TimeProvider.System)
        .AddSingleton<ISystemSynchronisation, SilentSystem>()
        .AddRotundaProviders()
        .AddRotundaActivities(new ActivitiesOptions { DataDirectory = folder.FullName, CatalogFolder = folder.FullName })
        .AddSingleton<ICatalogSource>(new OneCatalog(catalog))
        .AddSingleton<IOrchestrationClient>(new NoEngine(OrchestrationStatus.Running))
        .AddRotundaApi()
        .BuildServiceProvider();
    var ledger = services.GetRequiredService<ILedger>();
    var started = 0;
    var firstList = await TimeAsync(1, async () => await ledger.ListSecretsAsync(stop));
    async Task SweepAsync() => started += await services.GetRequiredService<ScheduleSweep>().RunOnceAsync(stop);
    var firstSweep = await TimeAsync(1, SweepAsync);
    var sweep = await TimeAsync(7, SweepAsync);
    async Task NoticesAsync() => await services.GetRequiredService<NoticeDesk>().RunAsync(stop);
    var firstNotices = await TimeAsync(1, NoticesAsync);
    var notices = await TimeAsync(5, NoticesAsync);
    var board = await TimeAsync(5, async () => await services.GetRequiredService<BoardMaker>().MakeAsync(stop));
    var status = services.GetRequiredService<StatusReader>();
    var all = await TimeAsync(3, async () => await status.ListAsync(stop));
    var one = await TimeAsync(50, async () => await status.GetSecretAsync(ManySecrets.NameOf(secrets / 2), stop));
    Console.WriteLine(JsonSerializer.Serialize(new
    {
        secrets,
        audit,
        started,
        firstListMs = firstList,
        firstSweepMs = firstSweep,
        sweepMs = sweep,
        firstNoticesMs = firstNotices,
        noticesMs = notices,
        boardMs = board,
        statusOfAllMs = all,
        secretMs = one,
        managedMb = GC.GetTotalMemory(forceFullCollection: true) / 1_000_000,
        workingSetMb = Environment.WorkingSet / 1_000_000,
        ledgerMb = new FileInfo(path).Length / 1_000_000,
    }));
}
finally
{
    folder.Delete(recursive: true);
}

static async Task<double> TimeAsync(int times, Func<Task> work)
{
    var all = new List<double>();
    for (var time = 0; time < times; time++)
    {
        var since = Stopwatch.GetTimestamp();
        await work();
        all.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
    }

    all.Sort();
    return Math.Round(all[all.Count / 2], 1);
}
