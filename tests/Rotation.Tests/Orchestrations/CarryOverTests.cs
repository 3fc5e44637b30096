using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Simulation;

namespace Rotunda.Rotation.Tests.Orchestrations;

/// <summary>
/// Stopped after each of its steps, and gone on with by an orchestration that knows nothing but what the ledger has, a rotation
/// makes the same calls, in the same order, each once, waits until the same times and ends the same.
/// </summary>
public sealed class CarryOverTests
{
    private static readonly RetryBudget s_slow = new(4, TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(30));

    private static readonly SamplePlanOptions s_rows = new() { Strategy = Strategy.ReEncrypt, ApproveStart = true };

    private static readonly Dictionary<string, Story> s_stories = new(StringComparer.Ordinal)
    {
        ["all gates"] = new(new() { ApproveStart = true, ApproveRevoke = true, Evidence = true }),
        ["retries"] = new(new(), Fail("verify", StepOutcome.RetryLater("busy"), 2)),
        ["stuck after promotion"] = new(new(), Fail("revoke", StepOutcome.Rejected("no right"), 1)),
        ["one of a group fails"] = new(new(), Fail("deliver-app-2", StepOutcome.Unknown("lost"), 3)),
        ["new value"] = new(
            new() { Strategy = Strategy.Alternate },
            FailWhile(made => made == 1, "verify", StepOutcome.NewValueNeeded("weak"))),
        ["rolled back"] = new(new() { Strategy = Strategy.DualKey }, Fail("second-verify-consumers", StepOutcome.Rejected("no login"), 99)),
        ["rollback stuck"] = new(
            new(),
            Both(
                Fail("verify-consumers", StepOutcome.Rejected("no login"), 99),
                FailUndo("redeliver-deliver-app-1", StepOutcome.Rejected("no right"), 1))),
        ["rolled back in grace"] = new(new(), At: RotationState.Grace, Say: ControlVerb.Rollback),
        ["cancelled at the approval"] = new(new() { ApproveStart = true }, At: RotationState.WaitingForApproval, Say: ControlVerb.Cancel),
        ["rejected"] = new(new() { ApproveStart = true }, At: RotationState.WaitingForApproval, Say: ControlVerb.Reject),
        ["no approval comes"] = new(
            new() { ApproveStart = true, ApprovalTimeout = TimeSpan.FromHours(1) },
            At: RotationState.WaitingForApproval,
            Say: null),
        ["grace extended"] = new(new(), At: RotationState.Grace, Say: ControlVerb.ExtendGrace),
        ["held"] = new(new() { Hold = true, Evidence = true }, Fail("hold", StepOutcome.RetryLater("app-3"), 3)),
        ["waits for caches"] = new(new() { Strategy = Strategy.DualKey, VerifierCache = TimeSpan.FromMinutes(5), Hold = true }),
        ["grace skipped"] = new(new() { Evidence = true }, At: RotationState.Grace, Say: ControlVerb.SkipGrace),
        ["no proof"] = new(
            new() { Evidence = true, OnTimeout = "stuck", Retry = s_slow },
            Fail("evidence", StepOutcome.RetryLater("in use"), 12)),
        ["no proof, proceeds"] = new(
            new() { Evidence = true, OnTimeout = "proceed", Retry = s_slow },
            Fail("evidence", StepOutcome.RetryLater("in use"), 4000)),
        ["slices"] = new(s_rows, Slices("migrate")),
        ["paused"] = new(s_rows, Slices("migrate"), At: RotationState.Running, Say: ControlVerb.Pause),
        ["paused and rolled back"] = new(
            s_rows,
            Slices("migrate"),
            At: RotationState.Running,
            Say: ControlVerb.Pause) { Then = ControlVerb.Rollback },
        ["paused on the way back"] = new(
            s_rows,
            Both(Fail("verifyrows", StepOutcome.Rejected("torn"), 99), SlicesBack("restorerows-migrate")),
            At: RotationState.RollingBack,
            Say: ControlVerb.Pause),
        ["emergency"] = new(new() { Trigger = RotationTrigger.Emergency, TakesOver = true, Grace = TimeSpan.Zero }),
    };

    public static TheoryData<string> Names() =>
        [.. Enum.GetValues<Strategy>().Where(s => (int)s < 4).Select(s => $"plain {s}"), .. s_stories.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Wherever_it_is_stopped_it_goes_on_and_does_nothing_twice(string name)
    {
        var whole = Run(StoryOf(name), int.MaxValue);
        Assert.True(whole.Orchestrator.HasEnded);
        for (var stop = 0; ; stop++)
        {
            var story = StoryOf(name);
            var first = Run(story, stop);
            if (first.Orchestrator.HasEnded)
            {
                Assert.True(stop > 5, "It was never stopped.");
                return;
            }

            var input = first.Resumed;
            var events = first.Audit.Trail().Events;
            if (IsUnheard(events))
            {
                // What a person said and nobody heard is gone: it has to be said again.
                story.Forget();
            }

            var then =
                new RotationRig(first.Plan, story.Answer, new() { Start = first.Orchestrator.Now, ReplayEvery = 20 }, Through(input));
            Drive(then, story, int.MaxValue);
            Compare(whole, first, then, $"{name}, stopped after {stop} steps at {first.Orchestrator.Now:u} with {input.Resume}");
        }
    }

    [Fact]
    public void A_rotation_without_events_starts_from_its_beginning() =>
        Assert.Null(Retrace.Of(SamplePlans.Make(new()), [new Sent(default, ControlVerb.Cancel, "anna")]));

    [Theory]
    [InlineData(new[] { ControlVerb.Cancel, ControlVerb.ExtendGrace }, RotationState.Cancelled)]
    [InlineData(new[] { ControlVerb.Cancel, ControlVerb.Rollback }, RotationState.Cancelled)]
    [InlineData(new[] { ControlVerb.Rollback, ControlVerb.Cancel }, RotationState.RolledBack)]
    public void The_first_verb_that_stops_a_rotation_says_how_it_ends_whatever_the_person_says_after_it(
        ControlVerb[] verbs,
        RotationState end)
    {
        var plan = SamplePlans.Make(new());
        var resume = Retrace.Of(plan,
        [
            new StepBegan(default, "issue", null, 1), .. verbs.Select(verb => new Sent(default, verb, "anna")),
            new Recorded(default, RotationActions.RollbackStarted, "anna", "why", null),
        ]);
        Assert.Equal(end, resume?.Ending?.State);
    }

    [Fact]
    public void A_verb_without_effect_does_not_say_how_the_rotation_ends()
    {
        var plan = SamplePlans.Make(new());
        var resume = Retrace.Of(plan,
        [
            new StepBegan(default, "issue", null, 1), new Sent(default, ControlVerb.Cancel, "anna"),
            new Recorded(
                default,
                RotationActions.ControlIgnored,
                "anna",
                "cancel has no effect: the new credential is in use; use rollback",
                null),
            new Sent(default, ControlVerb.Rollback, "anna"), new Recorded(default, RotationActions.RollbackStarted, "anna", "why", null),
        ]);
        Assert.Equal(RotationState.RolledBack, resume?.Ending?.State);
    }

    [Fact]
    public void A_success_that_nobody_heard_of_undoes_no_neighbours()
    {
        var plan = SamplePlans.Make(new());
        var both = new[] { "deliver-app-1", "deliver-app-2" };
        var resume = Retrace.Of(plan,
        [
            .. plan.Steps.TakeWhile(step => step.Id != both[0]).Select(step => step.Id).Concat(both)
                .SelectMany(id => new RotationEvent[]
                {
                    new StepBegan(default, id, null, 1),
                    new StepEnded(default, id, null, StepOutcomeKind.Done),
                }),
            new StepBegan(default, both[1], null, 2),
        ]);
        Assert.Equal(["deliver-app-1"], resume!.Done);
        Assert.Equal("deliver-app-1", plan.Steps[resume.Position].Id);
    }

    [Fact]
    public void A_sleeper_of_a_long_grace_keeps_its_due_time()
    {
        var plan = SamplePlans.Make(new() { Grace = TimeSpan.FromDays(30) });
        var before = new RotationRig(plan).RunTo(RotationState.Grace);
        var due = before.Status.WaitingUntil!.Value;

        var later = before.Orchestrator.Now.AddDays(12);
        var after = new RotationRig(plan, null, new() { Start = later }, before.Resumed).RunTo(RotationState.Grace);
        Assert.Equal(due, after.Status.WaitingUntil);
        Assert.Empty(after.Calls);
        after.Run();
        Assert.Equal(RotationState.Succeeded, after.Result.State);
        Assert.Equal(["revoke", "finish"], after.Calls);
        Assert.True(after.CallTimes[0] >= due);
    }

    [Fact]
    public void A_sleeper_whose_time_is_over_goes_on_at_once()
    {
        var plan = SamplePlans.Make(new() { Grace = TimeSpan.FromDays(30) });
        var before = new RotationRig(plan).RunTo(RotationState.Grace);
        var after = new RotationRig(
            plan, null, new() { Start = before.Orchestrator.Now.AddDays(40) }, before.Resumed).Run();
        Assert.Equal(RotationState.Succeeded, after.Result.State);
    }

    [Fact]
    public void Who_is_asked_to_approve_is_shown_again_what_the_rehearsal_found()
    {
        var plan = SamplePlans.Make(s_rows);
        var before = new RotationRig(
            plan,
            input => input.Step.Id == "rehearse" ? StepOutcome.Done((StepFacts.Rows, "1204")) : StepOutcome.Done()).RunTo(
                RotationState.WaitingForApproval);
        var input = Through(before.Resumed);
        var after = new RotationRig(plan, null, new() { Start = before.Orchestrator.Now.AddHours(1) }, input).RunTo(
            RotationState.WaitingForApproval);
        Assert.Contains("1204", after.Status.WaitingFor, StringComparison.Ordinal);
        Assert.Equal(before.Status.WaitingFor, after.Status.WaitingFor);
        Assert.Empty(after.Calls);
    }

    private static void Compare(RotationRig whole, RotationRig first, RotationRig then, string where)
    {
        Assert.True(then.Orchestrator.HasEnded, where);
        Assert.True(whole.Result == then.Result, $"{where}: {then.Result}, expected {whole.Result}");
        var expected = Asking(whole.Calls);
        var once = expected.SequenceEqual(Asking([.. first.Calls, .. then.Calls]));
        Assert.True(
            once
                || (IsUndecided(first.Audit.Trail().Events)
                    && then.Calls[0] == first.Calls[^1]
                    && expected.SequenceEqual(Asking([.. first.Calls, .. then.Calls.Skip(1)]))),
            $"{where}: {string.Join(" ", first.Calls)} | {string.Join(" ", then.Calls)}, expected {string.Join(" ", whole.Calls)}");
        foreach (var calls in first.Inputs.Concat(then.Inputs).GroupBy(i => (i.Step.Id, i.Undo?.Id)))
        {
            Assert.True(
                calls.Select(i => i.Attempt).SequenceEqual(Enumerable.Range(1, calls.Count())),
                $"{where}: attempts of {calls.Key}");
        }

        Assert.True(
            first.Resumed.Resume?.Until is not { } until || then.Records.First(r => r.Until is not null).Until == until,
            $"{where}: due time");
        Assert.Equal(
            Enumerable.Range(1, first.Records.Count + then.Records.Count),
            first.Records.Concat(then.Records).Select(r => r.Sequence));
    }

    /// <summary>A step's failure is on record and nothing yet of what follows from it: the step is asked once more, and so looks
    /// first.</summary>
    private static bool IsUndecided(IReadOnlyList<RotationEvent> journal) =>
        journal is [.., StepEnded { Outcome: not (StepOutcomeKind.Done or StepOutcomeKind.AlreadyDone) }];

    /// <summary>The gate only asks, and how often depends on when; so does how many slices are done before a pause is heard.</summary>
    private static List<string> Asking(List<string> calls) =>
        [.. calls.Where((call, index) => call is not ("evidence" or "migrate" or "restorerows-migrate")
            || index == 0
            || calls[index - 1] != call)];

    private static bool IsUnheard(IReadOnlyList<RotationEvent> journal) =>
        journal.Any(e => e is Sent) && !journal.Skip(journal.ToList().FindLastIndex(e => e is Sent)).Any(e => e is Recorded);

    /// <summary>As an engine would keep it.</summary>
    private static RotationInput Through(RotationInput input) =>
        RotationRig.Serializer.Deserialize<RotationInput>(RotationRig.Serializer.Serialize(input))!;

    private static RotationRig Run(Story story, int steps)
    {
        var rig = new RotationRig(SamplePlans.Make(story.Options), story.Answer, new() { ReplayEvery = 20 });
        Drive(rig, story, steps);
        return rig;
    }

    /// <summary>Steps, and the same words of people at the same places.</summary>
    private static void Drive(RotationRig rig, Story story, int steps)
    {
        for (var step = 0; step < steps && !rig.Orchestrator.HasEnded; step++)
        {
            var status = rig.Orchestrator.Status as RotationStatus;
            if (status?.Progress is not null && story.Say == ControlVerb.Pause && status.State == story.At && !story.Said)
            {
                story.Said = true;
                rig.Send(ControlVerb.Pause, "anna");
            }
            else if (status is { State: RotationState.Paused, WaitingFor: not null } && !ReferenceEquals(status, story.Settled))
            {
                story.Settled = status;
                rig.Send(story.Then, "anna");
            }
            else if (status is { WaitingFor: not null } && status.State == story.At && !story.Said && story.Say != ControlVerb.Pause)
            {
                story.Said = true;
                if (story.Say is { } verb)
                {
                    rig.Send(verb, "anna", TimeSpan.FromHours(5));
                }
            }
            else if (status is { State: RotationState.WaitingForApproval, WaitingFor: not null }
                && story.At != RotationState.WaitingForApproval
                && status.StepId != story.Approved)
            {
                story.Approved = status.StepId;
                rig.Send(ControlVerb.Approve, "anna");
            }
            else if (status is { State: RotationState.Stuck, WaitingFor: "a person" } && !ReferenceEquals(status, story.Settled))
            {
                story.Settled = status;
                rig.Send(
                    status.Problem?.StartsWith("paused by", StringComparison.Ordinal) == true ? story.Then : ControlVerb.Resume,
                    "anna");
            }

            rig.Orchestrator.Step();
        }
    }

    private static Story StoryOf(string name) =>
        name.StartsWith("plain ", StringComparison.Ordinal)
            ? new Story(new() { Strategy = Enum.Parse<Strategy>(name["plain ".Length..]) })
            : s_stories[name] with { };

    private static Func<StepInput, int, StepOutcome?> Fail(string step, StepOutcome outcome, int times) =>
        (input, _) => input.Undo is null && input.Step.Id == step && input.Attempt <= times ? outcome : null;

    private static Func<StepInput, int, StepOutcome?> FailWhile(Func<int, bool> made, string step, StepOutcome outcome) =>
        (input, values) => input.Undo is null && input.Step.Id == step && made(values) ? outcome : null;

    private static Func<StepInput, int, StepOutcome?> FailUndo(string undo, StepOutcome outcome, int times) =>
        (input, _) => input.Undo?.Id == undo && input.Attempt <= times ? outcome : null;

    /// <summary>Six slices.</summary>
    private static Func<StepInput, int, StepOutcome?> Slices(string step) =>
        (input, _) => input.Undo is null && input.Step.Id == step ? Slice(input) : null;

    private static Func<StepInput, int, StepOutcome?> SlicesBack(string undo) => (input, _) => input.Undo?.Id == undo ? Slice(input) : null;

    private static StepOutcome? Slice(StepInput input) =>
        input.Attempt < 6
            ? StepOutcome.Continue((StepFacts.Rows, $"{input.Attempt * 100}"), (StepFacts.Total, "600"), (StepFacts.Rate, "10"))
            : null;

    private static Func<StepInput, int, StepOutcome?> Both(
        Func<StepInput, int, StepOutcome?> one,
        Func<StepInput, int, StepOutcome?> other) =>
        (input, made) => one(input, made) ?? other(input, made);

    private sealed record Story(
        SamplePlanOptions Options,
        Func<StepInput, int, StepOutcome?>? Script = null,
        RotationState? At = null,
        ControlVerb? Say = null)
    {
        public bool Said { get; set; }

        public string? Approved { get; set; }

        public RotationStatus? Settled { get; set; }

        /// <summary>What is said to a rotation that is paused.</summary>
        public ControlVerb Then { get; init; } = ControlVerb.Resume;

        private int Made { get; set; }

        public StepOutcome Answer(StepInput input)
        {
            Made += input.Undo is null && input.Step.Kind is StepKinds.Generate or StepKinds.Issue ? 1 : 0;
            return Script?.Invoke(input, Made) ?? StepOutcome.Done();
        }

        /// <summary>The same world, and people who say again what was not heard.</summary>
        public void Forget() => (Said, Approved, Settled) = (false, null, null);
    }
}
