using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Rotunda.Activities;
using Rotunda.Activities.Clocks;
using Rotunda.Api.Desk;
using Rotunda.Api.Head;
using Rotunda.Api.Http;
using Rotunda.Bench.Page;
using Rotunda.CatalogFiles;
using Rotunda.Ledger;
using Rotunda.Ledger.Postgres;
using Rotunda.Orchestration;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Bench.Estate;

/// <summary>What a head does again and again. It is measured in a process of its own, so that nothing of the making is in its
/// memory.</summary>
internal static class Looks
{
    private static readonly CancellationToken s_stop = CancellationToken.None;

    /// <param name="postgres">The ledger's connection string; null for the file in the folder.</param>
    public static async Task<JsonObject> RunAsync(string folder, int secrets, string? postgres)
    {
        var figures = new JsonObject();
        var since = Stopwatch.GetTimestamp();
        var catalog = await CatalogAsync(folder, secrets);
        figures["catalogMs"] = Math.Round(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        await using var services = new ServiceCollection().AddLogging(logging => logging.ClearProviders())
            .AddSingleton(TimeProvider.System)
            .AddSingleton<ISystemSynchronisation, SilentSystem>()
            .AddRotundaProviders()
            .AddRotundaActivities(new ActivitiesOptions
            {
                DataDirectory = folder,
                CatalogFolder = folder,
                Ledger = postgres is null ? null : new PostgresLedgerOptions { ConnectionString = postgres },
            })
            .AddSingleton(catalog)
            .AddSingleton<IOrchestrationClient>(new NoEngine(OrchestrationStatus.Running))
            .AddRotundaApi()
            .BuildServiceProvider();
        T Get<T>() where T : notnull => services.GetRequiredService<T>();
        async Task TimeAsync(string name, int times, Func<Task> work) => figures[name] = await MillisecondsAsync(times, work);

        await TimeAsync("firstListMs", 1, async () => await Get<ILedger>().ListSecretsAsync(s_stop));
        var started = 0;
        async Task SweepAsync() => started += await Get<ScheduleSweep>().RunOnceAsync(s_stop);
        await TimeAsync("firstSweepMs", 1, SweepAsync);
        figures["untilFirstSweepMs"] = Math.Round((DateTime.Now - Process.GetCurrentProcess().StartTime).TotalMilliseconds);
        figures["peakAfterFirstSweepMb"] = PeakMb();
        await TimeAsync("sweepMs", 7, SweepAsync);
        await TimeAsync("sweepAfterChangeMs", 5, async () =>
        {
            await Get<ILedger>().RecordDriftAsync(
                ManySecrets.NameOf(1), new DriftReport(Get<TimeProvider>().GetUtcNow(), []), s_stop);
            await SweepAsync();
        });
        figures["started"] = started;
        await TimeAsync("firstNoticesMs", 1, async () => await Get<NoticeDesk>().RunAsync(s_stop));
        await TimeAsync("noticesMs", 5, async () => await Get<NoticeDesk>().RunAsync(s_stop));
        var board = await Get<BoardMaker>().MakeAsync(s_stop);
        await TimeAsync("boardMs", 5, async () => board = await Get<BoardMaker>().MakeAsync(s_stop));
        var status = Get<StatusReader>();
        await TimeAsync("secretMs", 50, async () => await status.GetSecretAsync(ManySecrets.NameOf(secrets / 2), s_stop));
        figures["workingSetMb"] = Environment.WorkingSet / 1_000_000;
        figures["peakMb"] = PeakMb();
        // What stays: the catalog, what the ledger remembers of each secret, and the board.
        figures["liveMb"] = GC.GetTotalMemory(forceFullCollection: true) / 1_000_000;
        GC.KeepAlive(board);
        await TimeAsync("statusOfAllMs", 3, async () => await status.ListAsync(s_stop));
        figures["peakWithStatusOfAllMb"] = PeakMb();
        return figures;
    }

    /// <summary>From the files in the folder; without any it is made in memory.</summary>
    private static async Task<ICatalogSource> CatalogAsync(string folder, int secrets)
    {
        var path = Path.Combine(folder, "catalog.yaml");
        if (!File.Exists(path))
        {
            return new OneCatalog(ManySecrets.Catalog(secrets, folder));
        }

        var source = new FileCatalogText(path);
        var reading = CatalogLoader.Read((await source.ReadAsync(null, s_stop))!, source.Name, source.Folder, HeadStores.Embedded);
        if (reading.Catalog is null)
        {
            throw new InvalidOperationException($"The made catalog is wrong: {reading.Problems[0]}");
        }

        // Away from the frames of what read it, which hold the texts.
        await Task.Yield();
        var catalog = new RefreshingCatalog(
            source, new ActivitiesOptions { DataDirectory = folder }, TimeProvider.System, NullLogger<RefreshingCatalog>.Instance);
        catalog.Begin(reading);
        return catalog;
    }

    private static long PeakMb()
    {
        using var self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64 / 1_000_000;
    }

    private static async Task<double> MillisecondsAsync(int times, Func<Task> work)
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
}
