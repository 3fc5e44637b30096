using System.Text.Json;
using Rotunda.Bench.Engine;

// One JSON line per run: figures to compare between versions on one machine, with the disk's own limit beside them.
var arguments = Arguments.Parse(args);
if (arguments.Number("victim") is { } inFlight)
{
    await Scale.VictimAsync(arguments.Text("hub")!, inFlight);
    return;
}

using var folder = new BenchFolder(arguments.Text("folder"));
object result = arguments switch
{
    _ when arguments.Number("sleepers") is { } sleepers => await Scale.SleepersAsync(folder, sleepers),
    _ when arguments.Number("due-timers") is { } timers => await DueTimers.RunAsync(folder, timers),
    _ when arguments.Number("recovery") is { } instances => await Scale.RecoveryAsync(folder, instances),
    _ when arguments.Number("queries") is { } instances => await Queries.RunAsync(folder, instances),
    _ when arguments.Number("history") is { } events => await Scale.HistoryAsync(folder, events),
    _ =>
        await Throughput.RunAsync(
            folder,
            arguments.Number("workflows") ?? 20_000,
            arguments.Number("steps") ?? 8,
            arguments.Number("concurrency") ?? 64),
};
var line = JsonSerializer.SerializeToNode(result, JsonSerializerOptions.Web)!.AsObject();
line.TryAdd("fsyncPerSecond", folder.FsyncPerSecond());
Console.WriteLine(line.ToJsonString());
