using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Model;
using Rotunda.Testing.Simulation;

namespace Rotunda.Rotation.Tests.Model;

/// <summary>Each rule is broken on purpose, and the search has to find the shortest way to what follows.</summary>
public sealed class ModelSabotageTests
{
    private static readonly SamplePlanOptions s_plain =
        new() { Targets = ["app"], Retry = new RetryBudget(2, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1)) };

    private static readonly ModelBounds s_bounds = new() { All = 1, States = 4_000 };

    private static readonly Dictionary<string, (string Says, ModelCase Case)> s_rules = new(StringComparer.Ordinal)
    {
        ["no fence"] = ("has taken over", new(s_plain, []) { IsFenced = false }),
        ["no grace"] = ("Revoked before the grace period's end", Of(steps => steps.Select(step => step.Kind == StepKinds.Grace
            ? step with { Settings = new Dictionary<string, string>(step.Settings) { [StepSettings.Duration] = "1s" } } : step))),
        ["revoked before the promotion"] = ("Revoked before the promotion", Of(steps => Moved(steps, StepKinds.Revoke, StepKinds.Promote))),
        ["no delivery"] = ("Locked out", Of(steps => steps.Where(step => step.Kind != StepKinds.Deliver))),
        ["no way back of the new credential"] = ("Undone, but", Of(steps => steps.Select(step => step.Kind == StepKinds.Issue
            ? step with { Undo = [] } : step))),
        ["no approval"] = ("Revoked without approval", new(s_plain with { ApproveRevoke = true }, [ControlVerb.Approve])
        {
            Change = plan => plan with { Steps = [.. plan.Steps.Where(step => step.Kind != StepKinds.Approval)] },
        }),
        ["a move to another head that forgets the grace period"] = ("Revoked before the grace period's end", new(s_plain, [])
        {
            Resume = input => input.Resume is { Until: not null } at
                ? input with { Resume = at with { Position = at.Position + 1, Until = null } } : input,
        }),
    };

    public static TheoryData<string> Rules() => [.. s_rules.Keys];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_that_is_broken_is_found_out(string rule)
    {
        var (says, broken) = s_rules[rule];
        var found = Assert.Throws<PromiseBrokenException>(() => new ModelSearch(broken, s_bounds).Run());
        TestContext.Current.TestOutputHelper?.WriteLine(found.Message);
        Assert.Contains(says, found.Message, StringComparison.Ordinal);
        Assert.Contains("no way is shorter", found.Message, StringComparison.Ordinal);
    }

    private static ModelCase Of(Func<IEnumerable<PlannedStep>, IEnumerable<PlannedStep>> change) =>
        new(s_plain, [ControlVerb.Rollback])
        {
            Change = plan => plan with { Steps = [.. change(plan.Steps)] },
        };

    private static List<PlannedStep> Moved(IEnumerable<PlannedStep> steps, string kind, string before)
    {
        var all = steps.ToList();
        var moved = all.First(step => step.Kind == kind);
        all.Remove(moved);
        all.Insert(all.FindIndex(step => step.Kind == before), moved);
        return all;
    }
}
