using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Rotunda.Api.Head;
using Rotunda.Engine.History;
using Rotunda.Engine.Replay;
using Rotunda.Interpreter;
using Rotunda.Orchestration;
using Rotunda.Rotation.Planning;

namespace Rotunda.Functions.Tests.Upgrades;

/// <summary>
/// Rotations that an earlier release started, as each head's engine stored them, go on under today's interpreter: replaced at any
/// turn, so in each kind of wait too. One folder for each interpreter version; eng/record-histories records those of a new one. What is
/// released is never recorded again.
/// </summary>
public sealed class UpgradeTests
{
    private static readonly TaskRegistry s_code = RotationOrchestrations.AddTo(new TaskRegistry());

    public static TheoryData<int, string> Lives => new(
        from version in Enumerable.Range(1, RotationPlan.CurrentInterpreterVersion)
        from life in Life.ByName
        where life.Value.Since <= version
        select (version, life.Key));

    [Theory]
    [MemberData(nameof(Lives))]
    public async Task A_rotation_under_way_in_the_Functions_head_goes_on(int version, string name)
    {
        var history = DurableHistory.Parse(await ReadAsync(version, name, "durable-task.jsonl", recorder => recorder.OnDurableTaskAsync()));
        var slept = new HashSet<Place>();
        Place? waits = null;
        for (var turn = 0; turn < history.Turns; turn++)
        {
            if (waits is not null && history.WasAsleep(turn))
            {
                slept.Add(waits);
            }

            (var drift, waits) = history.Play(turn, s_code);
            Assert.True(drift is null, Advice(version, name, drift));
        }

        Assert.Empty(Life.ByName[name].Waits.Except(slept));
    }

    [Theory]
    [MemberData(nameof(Lives))]
    public async Task A_rotation_under_way_in_the_server_goes_on(int version, string name)
    {
        var text = await ReadAsync(version, name, "engine.json", recorder => recorder.OnEngineAsync());
        var drift = HistoryFile.Parse(text).FindDrift(s_code, DeskParts.Payloads);

        Assert.True(drift is null, Advice(version, name, drift));
        var turns = JsonNode.Parse(text)!["turns"]!.AsArray();
        var end = turns[^1]!["called"]!.AsArray()[^1]!["output"]!;
        Assert.Equal(Life.ByName[name].End, DeskParts.Payloads.Deserialize<RotationResult>(end.ToJsonString())!.State);
        var woken = turns.Count(turn => turn!["received"]!.AsArray().All(each => (string?)each!["kind"] is "timer-fired" or "event"));
        Assert.True(woken >= Life.ByName[name].Waits.Count(), $"It slept {woken} times.");
    }

    [Fact]
    public async Task Other_code_is_told_with_what_to_do()
    {
        var history = DurableHistory.Parse(await File.ReadAllTextAsync(
            PathOf(1, "forward", "durable-task.jsonl"), TestContext.Current.CancellationToken));
        var other = new TaskRegistry().AddOrchestration<RotationInput, string>(
            RotationNames.Orchestration, (context, _) => context.CallActivityAsync<string>("Other"));

        Assert.Contains("the code called activity 'Other'", history.Play(0, other).Drift, StringComparison.Ordinal);
        var (later, _) = history.Play(history.Turns - 1, other);
        Assert.Contains("NonDeterministicOrchestrationException", later, StringComparison.Ordinal);
        Assert.Contains("RotationPlan.CurrentInterpreterVersion", Advice(1, "forward", later), StringComparison.Ordinal);
    }

    private static string Advice(int version, string name, string? drift) =>
        $"A rotation '{name}' of interpreter version {version} that is under way would not go on as it began: {drift}.{Environment.NewLine}"
            + $"Keep what the interpreter does for plans up to version {RotationPlan.CurrentInterpreterVersion}, and give what is new to "
            + "plans of the next: raise RotationPlan.CurrentInterpreterVersion (docs/interpreter.md, \"What must not change\"). "
            + "The recorded files stay as they are.";

    private static async Task<string> ReadAsync(int version, string name, string ending, Func<LifeRecorder, Task<string>> record)
    {
        var path = PathOf(version, name, ending);
        if (!File.Exists(path))
        {
            Assert.True(
                Environment.GetEnvironmentVariable("ROTUNDA_RECORD_HISTORIES") is { Length: > 0 },
                $"Nothing is recorded of interpreter version {version}. Before its release: eng/record-histories VERSION.");
            var life = Life.ByName[name];
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(
                path,
                await record(new LifeRecorder(life, life.Input(version, $"{name}-{version}"))),
                TestContext.Current.CancellationToken);
        }

        return await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
    }

    private static string PathOf(int version, string name, string ending, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "Histories", "heads", $"{version}", $"{name}.{ending}");
}
