using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Tests.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Simulation;

namespace Rotunda.Rotation.Tests.Orchestrations;

/// <summary>
/// Plans as a release froze them, with what its interpreter did with them. Today's interpreter reads the plan and does the same, or
/// every such rotation under way would be stranded. A released file is never recorded again; ROTUNDA_RECORD_HISTORIES=1 records those
/// that are not there.
/// </summary>
public sealed class RotationHistoryTests
{
    private static readonly Dictionary<string, (Strategy Run, ControlVerb? InGrace, string? Fails)> Stories =
        new(StringComparer.Ordinal)
        {
            ["deliver"] = (Strategy.Deliver, null, null),
            ["deliver-rolled-back"] = (Strategy.Deliver, null, StepKinds.VerifyConsumers),
            ["retire"] = (Strategy.Retire, ControlVerb.SkipGrace, null),
            ["retire-rolled-back"] = (Strategy.Retire, ControlVerb.Rollback, null),
        };

    public static TheoryData<string> Names => [.. Stories.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_frozen_plan_runs_as_it_ran(string name)
    {
        var file = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "Histories", "rotation", name + ".json");
        if (!File.Exists(file) && Environment.GetEnvironmentVariable("ROTUNDA_RECORD_HISTORIES") == "1")
        {
            var fresh = Plan(Stories[name].Run);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, Text(fresh, Run(name, fresh)));
        }

        var recorded = JsonNode.Parse(File.ReadAllText(file))!;
        var plan = recorded["plan"].Deserialize(RotationJson.Default.RotationPlan)!;

        Assert.Equal(File.ReadAllText(file), Text(plan, Run(name, plan)));
    }

    private static RotationPlan Plan(Strategy run) => Samples.Plan(
        PlanCases.Guarded(Strategy.Alternate, "postgres", ApprovalMoment.Start) with { Window = null },
        Samples.Known,
        Samples.By(RotationTrigger.Manual) with { Instead = run });

    private static RotationRig Run(string name, RotationPlan plan)
    {
        var (_, inGrace, fails) = Stories[name];
        var rig = new RotationRig(
            plan, input => input.Undo is null && input.Step.Kind == fails ? StepOutcome.Rejected("down") : StepOutcome.Done());
        rig.RunTo(RotationState.WaitingForApproval).Send(ControlVerb.Approve, "petra");
        if (inGrace is { } verb)
        {
            rig.RunTo(RotationState.Grace).Send(verb, "petra");
        }

        return rig.Run();
    }

    private static string Text(RotationPlan plan, RotationRig rig) => new JsonObject
    {
        ["plan"] = JsonSerializer.SerializeToNode(plan, RotationJson.Default.RotationPlan),
        ["calls"] = new JsonArray([.. rig.Calls.Select(call => (JsonNode)call)]),
        ["records"] = new JsonArray([.. rig.Records.Select(record => (JsonNode)$"{record.Action} {record.State}")]),
        ["end"] = rig.Result.State.ToString(),
    }.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";

    private static string Here([CallerFilePath] string path = "") => path;
}
