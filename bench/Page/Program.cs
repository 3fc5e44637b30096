using System.Globalization;
using System.Text.Json;
using Rotunda.Bench.Page;

// One JSON line: how long a person waits for Home with very many secrets, and how much comes over the wire for it.
var arguments =
    args.Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0].TrimStart('-'), pair => pair[1], StringComparer.Ordinal);
var secrets = int.Parse(arguments.GetValueOrDefault("secrets", "150000"), CultureInfo.InvariantCulture);
var loads = int.Parse(arguments.GetValueOrDefault("loads", "9"), CultureInfo.InvariantCulture);

var folder = Directory.CreateTempSubdirectory("rotunda-bench-page-");
try
{
    await ManySecrets.WriteAsync(Path.Combine(folder.FullName, "ledger.db"), secrets);
    await using var host = await BenchHost.StartAsync(folder.FullName, secrets);
    var counting = await host.UntilCountedAsync();
    var seen = await Loads.MeasureAsync(host, loads);
    Console.WriteLine(JsonSerializer.Serialize(new
    {
        secrets,
        loads,
        firstCountMs = (long)counting.TotalMilliseconds,
        meaningfulPaintMs = Middle(seen.Select(one => one.MeaningfulMs)),
        meaningfulPaintWorstMs = seen.Max(one => one.MeaningfulMs),
        firstPaintMs = Middle(seen.Select(one => one.FirstMs)),
        transferredBytes = seen.Max(one => one.Bytes),
        requests = seen.Max(one => one.Requests),
        homeMs = Middle(await host.TimeAsync("/api/home", 20)),
        searchMs = Middle(await host.TimeAsync("/api/secrets?q=149&limit=50", 20)),
        calendarMs = Middle(await host.TimeAsync("/api/calendar?days=7", 20)),
        secretMs = Middle(await host.TimeAsync("/api/secrets/service-000500-key", 20)),
    }));
}
finally
{
    folder.Delete(recursive: true);
}

static double Middle(IEnumerable<double> times)
{
    var sorted = times.Order().ToList();
    return Math.Round(sorted[sorted.Count / 2], 1);
}
