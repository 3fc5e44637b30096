using System.Runtime.CompilerServices;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Simulation;

namespace Rotunda.Rotation.Tests.Orchestrations;

/// <summary>
/// What plans of earlier interpreter versions asked their engine for, call by call, as the release of that version wrote it down:
/// a rotation that it started must ask today's code for the same, on every engine. ROTUNDA_RECORD_HISTORIES records a new version;
/// never to make a red test green.
/// </summary>
public sealed class OldPlanTests
{
    private static readonly StepOutcome s_unknown = StepOutcome.Unknown("no answer");
    private static readonly StepOutcome s_busy = StepOutcome.RetryLater("busy");

    private static readonly Dictionary<string, Func<int, RotationRig>> s_lives = new(StringComparer.Ordinal)
    {
        ["stuck-before-promotion"] = version => Rig(version, new(), InterpreterTests.Fail("issue", s_unknown, 4))
            .RunTo(RotationState.Stuck).RunFor(TimeSpan.FromHours(30)).Send(ControlVerb.Resume).Run(),
        ["stuck-after-promotion"] = version => Rig(version, new(), InterpreterTests.Fail("revoke", s_busy, 8))
            .RunTo(RotationState.Stuck).Send(ControlVerb.Resume).Run().Send(ControlVerb.Resume).Run(),
        ["stuck-at-the-gate"] = version => Rig(version, new() { Evidence = true }, InterpreterTests.Fail("evidence", s_unknown, 4))
            .RunTo(RotationState.Stuck).Send(ControlVerb.SkipGrace).Run(),
        ["stuck-going-back"] = version => Rig(
                version, new(),
                InterpreterTests.Either(
                    InterpreterTests.Fail("verify", StepOutcome.Rejected("no"), 1),
                    input => input.Undo is { Kind: StepKinds.RevokeNew } && input.Attempt <= 4 ? s_busy : StepOutcome.Done()))
            .RunTo(RotationState.Stuck).RunFor(TimeSpan.FromHours(2)).Send(ControlVerb.Resume).Run(),
        ["cancelled"] = version => Rig(version, new() { ApproveStart = true })
            .RunTo(RotationState.WaitingForApproval).Send(ControlVerb.Cancel).Run(),
        ["rejected"] = version => Rig(version, new() { ApproveRevoke = true })
            .RunTo(RotationState.WaitingForApproval).Send(ControlVerb.Reject, "boss").Run(),
    };

    /// <summary>What plans have since a version.</summary>
    private static readonly Dictionary<string, (int Since, Func<int, RotationRig> Life)> s_later = new(StringComparer.Ordinal)
    {
        ["held"] = (3, version => Rig(
            version, new() { Hold = true }, InterpreterTests.Fail("hold", StepOutcome.RetryLater("app-3"), 3)).Run()),
        ["held-and-skipped"] = (3, version => Rig(
                version, new() { Hold = true }, InterpreterTests.Fail("hold", StepOutcome.RetryLater("app-3"), 99))
            .RunFor(TimeSpan.FromHours(25)).Send(ControlVerb.SkipGrace).Run()),
        ["held-and-rolled-back"] = (3, version => Rig(
                version, new() { Hold = true, Strategy = Strategy.DualKey }, InterpreterTests.Fail("hold", s_unknown, 99))
            .RunFor(TimeSpan.FromHours(25)).Send(ControlVerb.Rollback).Run()),
        ["waiting-for-caches"] = (3, version => Rig(
            version, new() { Strategy = Strategy.DualKey, VerifierCache = TimeSpan.FromMinutes(5) }).Run()),
    };

    public static TheoryData<int, string> Lives => new(Versions().SelectMany(version =>
        s_lives.Keys.Concat(s_later.Where(later => later.Value.Since <= version).Select(later => later.Key))
            .Select(life => (version, life))));

    [Theory]
    [MemberData(nameof(Lives))]
    public void A_plan_of_an_earlier_version_asks_for_the_same(int version, string life)
    {
        var rig = (s_lives.GetValueOrDefault(life) ?? s_later[life].Life)(version);
        var asked = string.Join('\n', rig.Orchestrator.Operations.Where(o => o.Kind != SimulatedOperationKind.Status)
            .Select((o, index) => $"{index} {o.Kind} {o.Name} {o.Input}")) + "\n";
        var path = Path.Combine(Folder(), $"{version}", $"{life}.txt");
        if (Environment.GetEnvironmentVariable("ROTUNDA_RECORD_HISTORIES") is { Length: > 0 } && !File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, asked);
        }

        Assert.Equal(File.ReadAllText(path), asked);
        Assert.True(rig.Orchestrator.HasEnded);
    }

    private static RotationRig Rig(int version, SamplePlanOptions options, Func<StepInput, StepOutcome>? script = null) =>
        new(SamplePlans.Make(options) with { InterpreterVersion = version }, script);

    private static IEnumerable<int> Versions() => Enumerable.Range(1, RotationPlan.CurrentInterpreterVersion);

    private static string Folder([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "Histories", "interpreter");
}
