using System.Globalization;
using System.Text.Json;
using Rotunda.Bench.Emergency;
using Rotunda.Bench.Heads;

// One JSON line: how long an emergency takes from its start to the first call of its vendor, while very many scheduled rotations wait for
// their turn and every place is taken.
var arguments =
    args.Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0].TrimStart('-'), pair => pair[1], StringComparer.Ordinal);
var queued = Number("queued", 10_000);
var emergencies = Number("emergencies", 200);
var delay = TimeSpan.FromMilliseconds(Number("vendor-ms", 250));

var folder = Directory.CreateTempSubdirectory("rotunda-bench-emergency-");
try
{
    await using var vendor = await SlowVendor.StartAsync(delay);
    var scheduled = Enumerable.Range(0, queued).Select(Policies.Queued).ToList();
    var urgent = Enumerable.Range(0, emergencies).Select(Policies.Urgent).ToList();
    await using var head = await BenchHead.StartAsync(
        folder.FullName, scheduled.Concat(urgent).Select(name => Policies.Of(name, vendor.Address)));
    await head.QueueAsync(scheduled);
    var before = await head.OpenAsync();
    var times = new List<double>();
    foreach (var name in urgent)
    {
        times.Add(await head.TimeAsync(name, vendor));
    }

    var sorted = times.Order().ToList();
    Console.WriteLine(JsonSerializer.Serialize(new
    {
        queued,
        emergencies,
        vendorMs = delay.TotalMilliseconds,
        openBefore = before,
        openAfter = await head.OpenAsync(),
        firstCallMedianMs = Math.Round(sorted[sorted.Count / 2], 1),
        firstCallP99Ms = Math.Round(sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * 0.99))], 1),
        firstCallWorstMs = Math.Round(sorted[^1], 1),
    }));
}
finally
{
    folder.Delete(recursive: true);
}

int Number(string name, int otherwise) =>
    arguments.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
