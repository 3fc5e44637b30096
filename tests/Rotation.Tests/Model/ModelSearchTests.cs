using System.Diagnostics;
using System.Globalization;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Model;
using Rotunda.Testing.Simulation;

namespace Rotunda.Rotation.Tests.Model;

/// <summary>
/// Every way in which a rotation, an emergency, people, faults and moves to another head can come between each other, up to a bound, on the
/// real interpreter. ROTUNDA_MODEL_DEPTH=4 searches further (how many things beside the plain way may happen on one path).
/// </summary>
public sealed class ModelSearchTests
{
    private static readonly SamplePlanOptions s_plain =
        new() { Targets = ["app"], Retry = new RetryBudget(2, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1)) };

    private static readonly Dictionary<string, ModelCase> s_cases = new(StringComparer.Ordinal)
    {
        ["overlap, approved before the revoke"] = new(
            s_plain with { ApproveRevoke = true }, [ControlVerb.Approve, ControlVerb.Rollback, ControlVerb.SkipGrace]),
        ["alternate"] = new(s_plain with { Strategy = Strategy.Alternate }, [ControlVerb.Rollback, ControlVerb.Cancel, ControlVerb.Resume]),
        ["in place, approved before the start"] = new(
            s_plain with { Strategy = Strategy.InPlace, ApproveStart = true, Grace = TimeSpan.Zero },
            [ControlVerb.Approve, ControlVerb.Reject, ControlVerb.Resume]),
        ["dual-key"] = new(s_plain with { Strategy = Strategy.DualKey }, [ControlVerb.Rollback, ControlVerb.Resume]),
    };

    private static int Depth => int.TryParse(
        Environment.GetEnvironmentVariable("ROTUNDA_MODEL_DEPTH"), CultureInfo.InvariantCulture, out var depth) ? depth : 2;

    public static TheoryData<string> Cases() => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void No_promise_breaks_on_any_way(string name)
    {
        var bounds = new ModelBounds { All = Depth, Faults = Depth - 1, Words = Depth };
        var (search, began) = (new ModelSearch(s_cases[name], bounds), Stopwatch.GetTimestamp());
        search.Run();
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{name}, depth {Depth}: {search.States:N0} states, {search.Moves:N0} moves, {search.Ends:N0} ends "
                + $"({search.Waits:N0} wait for a person), {search.Deepest} moves deep, "
                + $"{Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s");
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        Console.WriteLine(line);
        Assert.True(search is { IsWhole: true, Ends: > 0 } && search.States > 500, line);
    }
}
