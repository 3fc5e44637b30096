using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Rotunda.Bench.Catalog;
using Rotunda.CatalogFiles;
using Rotunda.Rotation.Catalog;

// One JSON line: how long a catalog of very many secrets in several files takes to read, and what one changed file costs.
var arguments =
    args.Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0].TrimStart('-'), pair => pair[1], StringComparer.Ordinal);
int Number(string name, string usual) => int.Parse(arguments.GetValueOrDefault(name, usual), CultureInfo.InvariantCulture);
var (secrets, files, wrong) = (Number("secrets", "150000"), Number("files", "300"), Number("wrong", "1500"));
var stop = CancellationToken.None;

var folder = Directory.CreateTempSubdirectory("rotunda-bench-catalog-");
try
{
    var bytes = MadeFiles.Write(folder.FullName, secrets, files);
    Directory.CreateDirectory(Path.Combine(folder.FullName, "apps"));
    var source = new FileCatalogText(Path.Combine(folder.FullName, "catalog.yaml"));
    var (first, firstMs) = await ReadAsync(source, null, null);
    if (first.Catalog is null)
    {
        throw new InvalidOperationException($"The made catalog is wrong: {first.Problems[0]}");
    }

    var collector = new
    {
        pauseMs = Math.Round(GC.GetTotalPauseDuration().TotalMilliseconds),
        collections = Enumerable.Range(0, GC.MaxGeneration + 1).Select(GC.CollectionCount).ToArray(),
        allocatedMb = GC.GetTotalAllocatedBytes() / 1_000_000,
    };

    // Away from the frames of what read it, which hold the texts.
    await Task.Delay(TimeSpan.FromMilliseconds(100));
    var managed = GC.GetTotalMemory(forceFullCollection: true) / 1_000_000;
    var resident = Environment.WorkingSet / 1_000_000;
    var cpu = Environment.CpuUsage.TotalTime;
    var (_, againMs) = await ReadAsync(source, null, null);
    var againCpu = Math.Round((Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds);
    var since = Stopwatch.GetTimestamp();
    var isSame = await source.ReadAsync(first.Seen, stop) is null;
    var lookMs = Since(since);

    var before = first;
    var (changes, changeCpu) = (new List<double>(), Environment.CpuUsage.TotalTime);
    for (var turn = 0; turn < 5; turn++)
    {
        var path = MadeFiles.PathOf(folder.FullName, files / 2);
        var text = await File.ReadAllTextAsync(path, stop);
        await File.WriteAllTextAsync(path, text.Replace("What service", "What the service", StringComparison.Ordinal) + "# again\n", stop);
        var (changed, changeMs) = await ReadAsync(source, before, before.Seen);
        since = Stopwatch.GetTimestamp();
        var words = CatalogChange.InWords(before.Catalog, changed.Catalog!);
        changes.Add(changeMs + Since(since));
        before = changed;
    }

    var changeCpuMs = Math.Round((Environment.CpuUsage.TotalTime - changeCpu).TotalMilliseconds / changes.Count);
    MadeFiles.Write(folder.FullName, secrets, files, wrong);
    var (broken, wrongMs) = await ReadAsync(source, null, null);
    Console.WriteLine(JsonSerializer.Serialize(new
    {
        secrets = first.Catalog!.Policies.Count,
        files = first.Catalog.Files.Count,
        catalogMb = bytes / 1_000_000,
        processors = Environment.ProcessorCount,
        readMs = firstMs,
        collector,
        readAgainMs = againMs,
        readAgainCpuMs = againCpu,
        lookMs,
        nothingNew = isSame,
        oneFileChangedMs = changes.Order().ElementAt(changes.Count / 2),
        oneFileChangedCpuMs = changeCpuMs,
        wrong,
        wrongReadMs = wrongMs,
        problems = broken.Problems.Count,
        firstProblem = broken.Problems.Count > 0 ? broken.Problems[0][(folder.FullName.Length + 1)..] : null,
        warnings = first.Warnings.Count,
        managedMb = managed,
        residentMb = resident,
    }));
}
finally
{
    folder.Delete(recursive: true);
}

// What the text was is let go, as a head lets it go.
async Task<(CatalogReading Reading, double Ms)> ReadAsync(FileCatalogText source, CatalogReading? before, string? seen)
{
    var from = Stopwatch.GetTimestamp();
    var text = await source.ReadAsync(seen, stop);
    var reading = CatalogLoader.Read(text!, source.Name, source.Folder, HeadStores.Embedded, before);
    var taken = Since(from);
    return (reading, taken);
}

static double Since(long from) => Math.Round(Stopwatch.GetElapsedTime(from).TotalMilliseconds, 1);
