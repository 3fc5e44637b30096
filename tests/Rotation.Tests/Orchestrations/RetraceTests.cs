using System.Globalization;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Tests.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Simulation;

namespace Rotunda.Rotation.Tests.Orchestrations;

/// <summary>
/// There are two readings of a plan, the interpreter's and the ledger's. For each prefix of the records of a simulated rotation
/// they come to the same point. ROTUNDA_RETRACE_SEEDS says how many rotations of each plan; ROTUNDA_RETRACE_FIRST where to start.
/// </summary>
public sealed class RetraceTests(ITestOutputHelper output)
{
    [Fact]
    public void Steps_that_ran_side_by_side_are_undone_in_the_plan_s_order_whichever_began_first()
    {
        var plan = SamplePlans.Make(new() { Strategy = Strategy.Overlap });
        var at = new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

        var point = Retrace.Of(plan, new[] { "deliver-app-2", "deliver-app-1" }.Select(id => new StepBegan(at, id, null, 1)));

        Assert.Equal(["deliver-app-1", "deliver-app-2"], point!.Started);
    }

    [Fact]
    public void At_each_record_the_ledger_tells_where_the_interpreter_stands()
    {
        var first = Number("ROTUNDA_RETRACE_FIRST", 1);
        var seeds = Number("ROTUNDA_RETRACE_SEEDS", 1);
        var seen = new HashSet<(Strategy, RotationState)>();
        var compared = 0;
        var plans = PlanCases.Plans().Concat(PlanCases.Runs()).Concat(PlanCases.TakenOver()).DistinctBy(one => ShapeOf(one.Plan)).ToList();
        output.WriteLine($"{plans.Count} plans, seeds {first} to {first + (plans.Count * seeds) - 1}");
        for (var index = 0; index < plans.Count * seeds; index++)
        {
            var (name, plan) = plans[index % plans.Count];
            var simulation = new RetraceSimulation(name, plan, first + index);
            simulation.Run();
            compared += simulation.Compared;
            seen.UnionWith(simulation.Seen.Select(state => (plan.Strategy, state)));
        }

        output.WriteLine($"{compared} prefixes");

        // A simulation that never comes somewhere proves nothing about it.
        Assert.All(
            Enum.GetValues<RotationState>().Where(state => state is not (RotationState.Planned or RotationState.Paused)),
            state => Assert.Contains(state, seen.Select(one => one.Item2)));
        Assert.Contains((Strategy.ReEncrypt, RotationState.Paused), seen);
        Assert.All(
            Enum.GetValues<Strategy>(),
            strategy => Assert.Contains((strategy, RotationState.RolledBack), seen));
    }

    /// <summary>What the interpreter looks at; two plans that differ only elsewhere are run once.</summary>
    private static string ShapeOf(RotationPlan plan) => string.Join(
        '|',
        plan.Steps.Select(step =>
            $"{step.Id} {step.Kind} {step.Group} {step.Timeout} {string.Join(',', step.Undo.Select(undo => undo.Id))} {SettingsOf(step)}"))
        + plan.Trigger;

    private static string SettingsOf(PlannedStep step) =>
        string.Join(',', step.Settings.Select(setting => $"{setting.Key}={setting.Value}").Order(StringComparer.Ordinal));

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
