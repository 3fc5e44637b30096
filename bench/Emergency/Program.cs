using System.Globalization;
using System.Text.Json;
using Rotunda.Bench.Emergency;
using Rotunda.Bench.Heads;

// One JSON line: how long an emergency takes from its start to the first call of its vendor, while very many scheduled rotations wait for
// their turn and every place is taken; in all, and in each of its phases (named by what it ends with). With --every-ms 0 the next emergency
// comes as soon as the one before has called: then emergencies wait for each other's further steps more than for what was planned.
var arguments =
    args.Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0].TrimStart('-'), pair => pair[1], StringComparer.Ordinal);
var queued = Number("queued", 10_000);
var emergencies = Number("emergencies", 200);
var delay = TimeSpan.FromMilliseconds(Number("vendor-ms", 250));
var every = TimeSpan.FromMilliseconds(Number("every-ms", 100));

var folder = Directory.CreateTempSubdirectory("rotunda-bench-emergency-");
try
{
    await using var vendor = await SlowVendor.StartAsync(delay);
    var scheduled = Enumerable.Range(0, queued).Select(Policies.Queued).ToList();
    var urgent = Enumerable.Range(0, emergencies).Select(Policies.Urgent).ToList();
    var clock = new PhaseClock();
    await using var head = await BenchHead.StartAsync(
        folder.FullName, scheduled.Concat(urgent).Select(name => Policies.Of(name, vendor.Address)), clock: clock);
    await head.AdoptAsync(urgent);
    await head.QueueAsync(scheduled);
    var before = await head.OpenAsync();
    var (began, used, threads, planned) = (TimeProvider.System.GetTimestamp(), Environment.CpuUsage.TotalTime, 0, clock.Planned);
    var paused = GC.GetTotalPauseDuration();
    var runs = new List<(string Rotation, long Asked, long Called)>();
    foreach (var name in urgent)
    {
        runs.Add(await head.CallAsync(name, vendor));
        threads = Math.Max(threads, ThreadPool.ThreadCount);
        await Task.Delay(every, TimeProvider.System);
    }

    var (lasted, cpu) = (TimeProvider.System.GetElapsedTime(began), Environment.CpuUsage.TotalTime - used);
    var phases = runs.ConvertAll(run => clock.Of(run.Rotation, run.Asked, run.Called));
    Console.WriteLine(JsonSerializer.Serialize(new
    {
        queued,
        emergencies,
        vendorMs = delay.TotalMilliseconds,
        everyMs = every.TotalMilliseconds,
        openBefore = before,
        openAfter = await head.OpenAsync(),
        plannedActivities = clock.Planned - planned,
        seconds = Math.Round(lasted.TotalSeconds, 1),
        collectorSeconds = Math.Round((GC.GetTotalPauseDuration() - paused).TotalSeconds, 2),
        cores = Math.Round(cpu / lasted, 2),
        poolThreads = threads,
        firstCall = Of([.. phases.Select(one => one.Values.Sum())]),
        phases = PhaseClock.Names.Skip(1).ToDictionary(phase => phase, phase => Of([.. phases.Select(one => one[phase])])),
    }));
}
finally
{
    folder.Delete(recursive: true);
}

int Number(string name, int otherwise) =>
    arguments.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

static object Of(List<double> times)
{
    times.Sort();
    return new
    {
        medianMs = Math.Round(times[times.Count / 2], 1),
        p99Ms = Math.Round(times[Math.Min(times.Count - 1, (int)(times.Count * 0.99))], 1),
        worstMs = Math.Round(times[^1], 1),
    };
}
