using System.Runtime.CompilerServices;
using Rotunda.Engine.History;
using Rotunda.Engine.Replay;
using Rotunda.Orchestration;
using Rotunda.Testing.EngineConformance;

namespace Rotunda.Engine.Tests;

/// <summary>
/// Histories as an earlier version wrote them, replayed by today's engine: a change of the format or of the order of
/// continuations would strand every instance under way. One folder for each release, all of them replayed; a new one is recorded
/// by eng/record-histories VERSION (which sets ROTUNDA_RECORD_HISTORIES), never to make a red test green.
/// </summary>
public sealed class GoldenHistoryTests : TestBase
{
    private static readonly PayloadSerializer Payloads = new(ConformancePayloads.Default);

    private static readonly string[] Orchestrations = ["fan-out", "race", "loop", "family"];

    /// <summary>Every recorded file, as release/name; those of the release that is being recorded too.</summary>
    public static TheoryData<string> Names =>
    [
        .. Directory.GetFiles(
            Folder(),
            "*.json",
            SearchOption.AllDirectories).Select(f => Path.ChangeExtension(Path.GetRelativePath(Folder(), f), null))
            .Concat(Recording is { } version ? Orchestrations.Select(o => $"{version}/{o}") : [])
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>The release to record; null to record none.</summary>
    private static string? Recording =>
        Environment.GetEnvironmentVariable("ROTUNDA_RECORD_HISTORIES") is { Length: > 0 } version ? version : null;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_recorded_history_is_replayed(string name)
    {
        if (Recording is { } version && name.StartsWith(version + "/", StringComparison.Ordinal))
        {
            await RecordAsync(Path.GetFileName(name), PathOf(name));
        }

        var history = HistoryFile.Parse(await File.ReadAllTextAsync(PathOf(name), Token));

        Assert.Null(history.FindDrift(Golden(), Payloads));
        Assert.Equal(await File.ReadAllTextAsync(PathOf(name), Token), history.ToJson());
    }

    [Fact]
    public async Task A_history_tells_where_other_code_departs()
    {
        var history = HistoryFile.Parse(await File.ReadAllTextAsync(PathOf("0.1.0/fan-out"), Token));
        var other = new TaskRegistry().AddOrchestration<int, int>("fan-out", (context, _) => context.CallActivityAsync<int>("other"));

        Assert.Equal(
            "Operation 0: the history has activity 'describe', the code called activity 'other'.",
            history.FindDrift(other, Payloads));
    }

    private static string PathOf(string name) => Path.Combine(Folder(), name + ".json");

    private static string Folder([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "Histories", "engine");

    private static TaskRegistry Golden() => Code()
        .AddActivity<Order, string>("describe", (_, order, _) => Task.FromResult($"{order!.Count} × {order.Item}"))
        .AddActivity<string, string>("fail", (_, _, _) => throw new InvalidOperationException("no luck"))
        .AddOrchestration<int, string[]>("fan-out", (context, count) =>
            Task.WhenAll(
                Enumerable.Range(1, count).Select(i => context.CallActivityAsync<string>("describe", new Order("book", i, ["a"])))))
        .AddOrchestration<string, string>("race", async (context, _) =>
        {
            using var cancel = new CancellationTokenSource();
            var timer = context.CreateTimerAsync(context.CurrentUtcTime.AddDays(1), cancel.Token);
            var approval = context.WaitForExternalEventAsync<string>("approval");
            var winner = await Task.WhenAny(timer, approval) == timer ? "timeout" : "approved";
#pragma warning disable CA1849, MA0042 // CancelAsync leaves the orchestration's thread.
            cancel.Cancel();
#pragma warning restore CA1849, MA0042
            return $"{winner} {context.NewGuid()}";
        })
        .AddOrchestration<int, int>("loop", async (context, round) =>
        {
            var n = await context.CallActivityAsync<int>("add", round);
            if (n < 3)
            {
                context.ContinueAsNew(n);
            }

            return n;
        })
        .AddOrchestration<int, string>("family", async (context, _) =>
        {
            var child = await context.CallSubOrchestrationAsync<int>("steps", 2);
            try
            {
                return await context.CallActivityAsync<string>("fail");
            }
            catch (TaskFailedException failure)
            {
                return $"{child} {failure.Failure.Message}";
            }
        });

    private async Task RecordAsync(string name, string path)
    {
        await Fixture.StartAsync(Golden(), Payloads, Clock);
        await Client.ScheduleNewAsync(name, name == "race" ? null : 2, new StartOptions(name), Token);
        if (name == "race")
        {
            await Client.RaiseEventAsync(name, "approval", "yes", Token);
        }

        await Client.WaitForCompletionAsync(name, Token);
        await File.WriteAllTextAsync(path, Fixture.Engine.ExportHistory(name)!.ToJson(), Token);
    }
}
