using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Simulation;

namespace Rotunda.Functions.Tests.Upgrades;

/// <summary>A rotation as a release ran it: what its steps answered, and what people said where it slept.</summary>
/// <param name="Since">The first interpreter version whose plans can have it.</param>
/// <param name="Answer">What a step of that kind answers.</param>
/// <param name="Words">What people say, in this order, each where the rotation waits there.</param>
/// <param name="Sleeps">Where it sleeps besides.</param>
/// <param name="PausedAt">A person asks for a pause during the second slice of this kind of step; null for no pause.</param>
internal sealed record Life(
    int Since,
    SamplePlanOptions Plan,
    Func<string, StepInput, StepOutcome> Answer,
    IReadOnlyList<Word> Words,
    IReadOnlyList<Place> Sleeps,
    RotationState End,
    string? PausedAt = null)
{
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(30);
    private static readonly RetryBudget s_quick = new(4, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2));

    /// <summary>Together they sleep in each kind of wait.</summary>
    public static IReadOnlyDictionary<string, Life> ByName { get; } = new Dictionary<string, Life>(StringComparer.Ordinal)
    {
        ["forward"] = new(
            1,
            new() { ApproveStart = true, ApproveRevoke = true, Evidence = true, Grace = TimeSpan.FromSeconds(1) },
            (kind, input) => (kind, input.Attempt) switch
            {
                (StepKinds.Issue, 1) => StepOutcome.RetryLater("busy"),
                (StepKinds.Verify, <= 2) => StepOutcome.Continue(),
                (StepKinds.Promote, <= 4) => StepOutcome.Unknown("no answer"),
                (StepKinds.Evidence, _) => StepOutcome.RetryLater("used an hour ago", s_long),
                _ => StepOutcome.Done(),
            },
            [
                new(RotationState.WaitingForApproval, "approval", ControlVerb.Approve),
                new(RotationState.Paused, "verify", ControlVerb.Resume),
                new(RotationState.Stuck, "promote", ControlVerb.Resume),
                new(RotationState.Grace, "evidence", ControlVerb.SkipGrace),
                new(RotationState.WaitingForApproval, "approve-revoke", ControlVerb.Approve),
            ],
            [new(RotationState.Running, "issue"), new(RotationState.Grace, "grace")],
            RotationState.Succeeded,
            PausedAt: StepKinds.Verify),
        ["back"] = new(
            1,
            new(),
            (_, input) => input is { Undo.Kind: StepKinds.RevokeNew, Attempt: 1 } ? StepOutcome.Rejected("stays") : StepOutcome.Done(),
            [
                new(RotationState.Grace, "grace", ControlVerb.Rollback),
                new(RotationState.Stuck, "revokenew-issue", ControlVerb.Resume),
            ],
            [],
            RotationState.RolledBack),
        ["held"] = new(
            3,
            new() { Strategy = Strategy.DualKey, Hold = true, Grace = TimeSpan.FromSeconds(1), VerifierCache = TimeSpan.FromSeconds(1) },
            (kind, _) => kind == StepKinds.Hold ? StepOutcome.RetryLater("app-3", s_long) : StepOutcome.Done(),
            [new(RotationState.Grace, "hold", ControlVerb.SkipGrace)],
            [new(RotationState.Running, "wait"), new(RotationState.Grace, "grace")],
            RotationState.Succeeded),
        ["supplied"] = new(
            4,
            new() { Strategy = Strategy.Supplied, Grace = TimeSpan.Zero },
            (kind, input) => kind is StepKinds.Ask or StepKinds.ConfirmRevoked && input.Attempt == 1
                ? StepOutcome.RetryLater("not yet")
                : StepOutcome.Done(),
            [
                new(RotationState.WaitingForValue, "ask", ControlVerb.Provide),
                new(RotationState.WaitingForRevoke, "confirm-revoked", ControlVerb.Confirm),
            ],
            [],
            RotationState.Succeeded),
    };

    /// <summary>Every place at which it sleeps.</summary>
    public IEnumerable<Place> Waits => Sleeps.Concat(Words.Select(word => word.At));

    /// <summary>With pauses that a recording can wait for.</summary>
    public RotationInput Input(int version, string id)
    {
        var plan = SamplePlans.Make(Plan with { Retry = s_quick, Targets = ["app"] });
        return new RotationInput(plan with
        {
            RotationId = id,
            InterpreterVersion = version,
            Steps = [.. plan.Steps.Select(step => step with { Undo = [.. step.Undo.Select(undo => undo with { Retry = s_quick })] })],
        });
    }
}

/// <summary>Where a rotation waits.</summary>
internal sealed record Place(RotationState State, string? StepId)
{
    /// <summary>Null while it waits for no person and no time.</summary>
    public static Place? Of(RotationStatus? status) => status is { WaitingFor: not null } ? new(status.State, status.StepId) : null;
}

/// <summary>What a person says at a place.</summary>
internal sealed record Word(RotationState State, string StepId, ControlVerb Verb)
{
    public Place At => new(State, StepId);
}
