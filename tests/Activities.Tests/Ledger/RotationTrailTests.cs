using System.Text.RegularExpressions;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Simulation;
using Rotunda.Testing.Time;

namespace Rotunda.Activities.Tests.Ledger;

/// <summary>What a real ledger has on record leads to the same place as what happened.</summary>
public sealed partial class RotationTrailTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly SqliteLedger _ledger;

    public RotationTrailTests() => _ledger = new SqliteLedger(_folder.File("ledger.db"), _time, new CrashPoints());

    public void Dispose()
    {
        _ledger.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_audit_tells_every_event_of_a_rotation()
    {
        var plan = SamplePlans.Make(new() { ApproveStart = true, ApproveRevoke = true, Evidence = true });
        await _ledger.AdoptAsync(new AdoptSecret(plan.Secret, "anna", null), default);
        await _ledger.TryStartAsync(plan, null, false, default);
        Assert.Null((await TrailAsync(plan)).InputFor(plan).Resume);

        var rig = new RotationRig(plan, Answer) { LedgerIsAway = Record };
        await SayAsync(rig.RunTo(RotationState.WaitingForApproval), ControlVerb.Approve);
        await SameAsync(rig.RunTo(RotationState.Grace));
        await _ledger.RecordStateAsync(
            new RecordInput(
                plan.RotationId,
                1,
                RotationTrail.OutsideRecords,
                RotationState.Stuck,
                RotationActions.Stuck,
                "system",
                "stands still",
                null),
            default);
        await SayAsync(rig, ControlVerb.ExtendGrace);
        await SameAsync(rig.RunFor(TimeSpan.FromHours(1)));
        await SayAsync(rig, ControlVerb.Rollback);
        await SameAsync(rig.RunTo(RotationState.Stuck));
        await SayAsync(rig, ControlVerb.Resume);
        await SameAsync(rig.Run());
        Assert.Equal(RotationState.RolledBack, rig.Result.State);
    }

    [Fact]
    public async Task A_paused_rotation_that_is_carried_over_stays_paused_and_loses_no_record()
    {
        var plan = SamplePlans.Make(new() { Strategy = Strategy.ReEncrypt });
        await _ledger.AdoptAsync(new AdoptSecret(plan.Secret, "anna", null), default);
        await _ledger.TryStartAsync(plan, null, false, default);
        var before = new RotationRig(plan, Answer) { LedgerIsAway = Record };
        before.Orchestrator.Run(() => before.Orchestrator.Status is RotationStatus { Progress: not null });
        await SayAsync(before, ControlVerb.Pause);
        await SameAsync(before.RunTo(RotationState.Paused));

        var after = new RotationRig(
            plan,
            Answer,
            new() { Start = before.Orchestrator.Now },
            (await TrailAsync(plan)).InputFor(plan)) { LedgerIsAway = Record };
        after.Run();
        Assert.False(after.Orchestrator.HasEnded);
        Assert.Empty(after.Calls);
        Assert.Equal("paused by anna", after.Status.Problem);
        var rows = await _ledger.ReadAuditAsync(new AuditFilter(RotationId: plan.RotationId, Limit: 100_000), default);
        Assert.Single(rows, row => row.Action == RotationActions.CarriedOver);
        Assert.Equal(before.Records.Count + after.Records.Count, rows.Count(row => RotationActions.All.Contains(row.Action)));

        await SayAsync(after, ControlVerb.Resume);
        after.Run();
        Assert.Equal(RotationState.Succeeded, after.Result.State);
    }

    private static StepOutcome Outcome(StepInput input) =>
        input.Undo?.Kind == StepKinds.Unpromote && input.Attempt == 1 ? StepOutcome.Rejected("no right")
        : input.Step.Kind == StepKinds.Verify && input.Attempt == 1 ? StepOutcome.RetryLater("busy", TimeSpan.FromSeconds(3))
        : input.Step.Kind == StepKinds.Migrate
            && input.Attempt < 4 ? StepOutcome.Continue((StepFacts.Rows, $"{input.Attempt}"), (StepFacts.Total, "4"))
        : StepOutcome.Done(("fact", "1"));

    private StepOutcome Answer(StepInput input)
    {
        _ledger.BeginStepAsync(input, default).GetAwaiter().GetResult();
        var outcome = Outcome(input);
        _ledger.EndStepAsync(input, outcome, default).GetAwaiter().GetResult();
        return outcome;
    }

    private bool Record(RecordInput record)
    {
        _ledger.RecordStateAsync(record, default).GetAwaiter().GetResult();
        return false;
    }

    private async Task SayAsync(RotationRig rig, ControlVerb verb)
    {
        await _ledger.AuditAsync(
            new AuditEntry("anna", $"control.{RotationActions.NameOf(verb)}", rig.Plan.Secret, rig.Plan.RotationId, null, "why"),
            default);
        rig.Send(verb, "anna", TimeSpan.FromHours(3));
    }

    private async Task<RotationTrail> TrailAsync(RotationPlan plan) =>
        RotationTrail.Of(await _ledger.ReadAuditAsync(new AuditFilter(RotationId: plan.RotationId, Limit: 100_000), default));

    private async Task SameAsync(RotationRig rig)
    {
        var rows = await _ledger.ReadAuditAsync(new AuditFilter(RotationId: rig.Plan.RotationId, Limit: 100_000), default);
        Assert.Equal(rig.Audit.Rows.Select(Comparable), rows.Where(IsOfTheRotation).Select(Comparable));
        var trail = RotationTrail.Of(rows);
        Assert.Equal(rig.Audit.Trail().Events.Select(Comparable), trail.Events.Select(Comparable));
        Assert.Equal(rig.Records.Count, trail.RecordsWritten);
    }

    /// <summary>Not what the ledger and the heads write of their own.</summary>
    private static bool IsOfTheRotation(AuditRow row) =>
        row.StepId is not null || row.Action.StartsWith("control.", StringComparison.Ordinal)
        || (RotationActions.All.Contains(row.Action) && !row.Detail!.Contains($"{RotationTrail.OutsideRecords}", StringComparison.Ordinal));

    /// <summary>A row without its place in the chain, its time, and how long a step took.</summary>
    private static (string, string, string?, string?, string?, string?) Comparable(AuditRow row) =>
        (row.Actor, row.Action, row.Secret, row.RotationId, row.StepId, row.Detail is { } detail ? Duration().Replace(detail, "") : null);

    [GeneratedRegex(",\"durationMs\":[0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Duration();

    // A record compares its facts by reference: they are put beside it, spelled out.
    private static (RotationEvent Event, string Facts) Comparable(RotationEvent happened) =>
        happened is StepEnded ended
            ? (
                ended with { At = default, Facts = null },
                string.Join(';', (ended.Facts ?? new Dictionary<string, string>()).OrderBy(fact => fact.Key, StringComparer.Ordinal)))
            : (happened with { At = default }, "");
}
