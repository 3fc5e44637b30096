using Rotunda.Ledger;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Simulation;

namespace Rotunda.Rotation.Tests.Orchestrations;

/// <summary>
/// A retrace simulation runs one rotation with faults and people drawn from a seed. At each row that its ledger gets, another
/// orchestration is started from the rows alone, and must come to stand where the interpreter stands.
/// </summary>
/// <remarks>
/// While a record is being written, the interpreter has decided and the ledger does not know it: the other one may stand where
/// the interpreter stood before the decision (it takes it again) or where it stands after.
/// </remarks>
internal sealed class RetraceSimulation
{
    private const string Person = "anna";
    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);
    private static readonly ControlVerb[] s_verbs = Enum.GetValues<ControlVerb>();
    private readonly string _name;
    private readonly int _seed;
    private readonly RotationPlan _plan;
    private readonly Random _random;
    private readonly SimulatedAudit _audit;
    private readonly TracedRotation _live;
    private readonly List<(int Rows, Standing Stands, string Open, bool IsUnheard)> _undecided = [];
    private readonly Dictionary<int, RotationState> _recorded = [];
    private readonly List<RotationState> _endings = [];
    private Standing? _stood;
    private object? _answered;
    private string? _unheard;
    private int _recording;
    private bool _isHeard;
    private int _compared;
    private int _faults;
    private int _messages = 6;

    public RetraceSimulation(string name, RotationPlan plan, int seed)
    {
        (_name, _seed, _plan) = (name, seed, plan);
        _random = new Random(seed);
        _faults = _random.Next(12);
        _audit = new SimulatedAudit(plan.Secret, plan.RotationId);
        _live = new TracedRotation(new RotationInput(plan), s_start, Begin, Answer);
    }

    /// <summary>How many prefixes of the records were compared.</summary>
    public int Compared { get; private set; }

    /// <summary>The states that the interpreter was seen in, its end included.</summary>
    public HashSet<RotationState> Seen { get; } = [];

    public void Run()
    {
        try
        {
            while (_live.Orchestrator.Step())
            {
                Look();
                if (!_live.Orchestrator.HasEnded)
                {
                    Say(_live.Status!);
                }
            }

            Assert.True(_live.Orchestrator.HasEnded, $"It never ended: {_live.Status}");
            var end = ((RotationResult)_live.Orchestrator.Output!).State;
            Assert.All(
                _endings,
                ending => Assert.True(end == ending || end == RotationState.Superseded, $"It ended as {end}; retraced was {ending}."));
        }
        catch (Exception failed)
        {
            throw new InvalidOperationException(
                $"Plan '{_name}', seed {_seed}: {failed.Message}\n{string.Join('\n', _audit.Rows.Select(TextOf))}", failed);
        }
    }

    /// <summary>What a person says changes nothing before it is heard, and what follows then has rows of its own.</summary>
    private static bool IsSaid(AuditRow row) =>
        row.Action.StartsWith("control.", StringComparison.Ordinal) && row.Action != RotationActions.ControlIgnored;

    private static string TextOf(AuditRow row) => $"{row.Sequence} {row.At:O} {row.Actor} {row.Action} {row.StepId} {row.Detail}";

    private void Look()
    {
        var stands = _live.Standing!;
        Seen.Add(_live.Status!.State);
        if (_recording > 0)
        {
            // The rows so far, and not the record that is on its way.
            for (; _compared < _audit.Rows.Count; _compared++)
            {
                if (IsSaid(_audit.Rows[_compared]))
                {
                    continue;
                }

                _undecided.Add((_compared + 1, Retraced(_compared + 1, stands), stands.Open, _unheard is not null));
            }

            return;
        }

        foreach (var (rows, other, open, isUnheard) in _undecided)
        {
            // Where a message is what decided, the other one goes on without it: nobody has told it, and the person says it again.
            var holds = Same(other, stands) || _isHeard || isUnheard || _unheard is not null
                || (_stood is not null && IsBefore(other, rows, _stood, open));
            Assert.True(holds, $"After {rows} rows:\n{other}\nbefore {_stood}\nthen   {stands}");
        }

        _undecided.Clear();
        _isHeard = false;
        for (_compared = _live.Orchestrator.HasEnded ? _audit.Rows.Count : _compared; _compared < _audit.Rows.Count; _compared++)
        {
            if (IsSaid(_audit.Rows[_compared]))
            {
                continue;
            }

            var other = Retraced(_compared + 1, stands);
            Assert.True(Same(other, stands) || _unheard is not null, $"After {_compared + 1} rows:\n{other}\nexpected\n{stands}");
        }

        _stood = stands;
    }

    /// <summary>Where an orchestration stands that was started from so many rows, once it has begun to wait.</summary>
    private Standing Retraced(int rows, Standing live)
    {
        Compared++;
        var trail = RotationTrail.Of(_audit.Rows.Take(rows));
        var input = trail.InputFor(_plan);
        if (input.Resume?.Ending is { } ending)
        {
            _endings.Add(ending.State);
        }

        var calls = new List<StepInput>();
        var asks = live.Waits?.StartsWith(Standing.Proof, StringComparison.Ordinal) == true ? StepKinds.Evidence
            : live.Waits?.StartsWith(Standing.Held, StringComparison.Ordinal) == true ? StepKinds.Hold
            : IsAsked(rows, live) ? _plan.Steps.First(step => step.Id == live.Open).Kind : null;
        var other = new TracedRotation(input, _live.Orchestrator.Now, Scheduled, Answered);
        other.Orchestrator.RunUntil(_live.Orchestrator.Now);
        foreach (var call in calls)
        {
            var attempts = trail.Events.OfType<StepBegan>()
                .Where(began => began.StepId == call.Step.Id && began.UndoId == call.Undo?.Id).Select(began => began.Attempt);
            Assert.True(
                call.Attempt == attempts.DefaultIfEmpty(0).Max() + 1,
                $"After {rows} rows: {call.Undo?.Id ?? call.Step.Id} is attempted as number {call.Attempt}.");
        }

        return other.Standing!;

        // Nothing else that it asks for comes back.
        static StepOutcome Answered(SimulatedCall call) =>
            call.Name == StepKinds.Record ? StepOutcome.Done() : StepOutcome.RetryLater("in use");

        TimeSpan Scheduled(SimulatedCall call)
        {
            if (call.Name == StepKinds.Record)
            {
                return TimeSpan.Zero;
            }

            calls.Add(call.Input<StepInput>());
            return call.Name == asks ? TimeSpan.Zero : TimeSpan.FromDays(1000);
        }
    }

    /// <summary>A person was asked for what is open.</summary>
    private bool IsAsked(int rows, Standing live) =>
        live.State is RotationState.WaitingForValue or RotationState.WaitingForRevoke
        || (_plan.Steps.Any(step => step.Id == live.Open && step.Kind is StepKinds.Ask or StepKinds.ConfirmRevoked)
            && _audit.Rows.Take(rows).Any(row => row.Action == (_plan.Steps.First(step => step.Id == live.Open).Kind == StepKinds.Ask
                ? RotationActions.ValueRequested : RotationActions.RevokeRequested)));

    /// <summary>What is open matters while it is worked on: not at the end, and of what is stuck the problem tells it.</summary>
    private static bool Same(Standing other, Standing live) =>
        other == (live.State == RotationState.Stuck || live.State.IsFinal() ? live with { Open = other.Open } : live);

    /// <summary>
    /// It stands where the interpreter stood last, though others of the batch may have succeeded since; or where the last record
    /// left it, if the next one followed at once (a message was waiting already).
    /// </summary>
    private bool IsBefore(Standing other, int rows, Standing stood, string open) =>
        Same(other, stood) || Same(other, stood with { Open = open })
        || (_recorded.TryGetValue(rows, out var state) && other.State == (state == RotationState.Paused ? RotationState.Stuck : state)
            && other with { State = stood.State, Waits = stood.Waits, Open = open } == stood with { Open = open });

    private TimeSpan Begin(SimulatedCall call)
    {
        if (call.Name == StepKinds.Record)
        {
            _recording++;
            _isHeard |= call.Input<RecordInput>().Actor == Person;
            return TimeSpan.Zero;
        }

        var input = call.Input<StepInput>();
        _audit.Begin(input, call.At);
        _unheard = _unheard == input.Step.Id ? null : _unheard;
        return TimeSpan.FromMilliseconds(_random.Next(1, 5) * 250);
    }

    private StepOutcome Answer(SimulatedCall call)
    {
        if (call.Name == StepKinds.Record)
        {
            _recording--;
            var record = call.Input<RecordInput>();
            _audit.Record(record, call.At);
            _recorded[_audit.Rows.Count] = record.State;
            return StepOutcome.Done();
        }

        var input = call.Input<StepInput>();
        var outcome = Outcome(input, call.Name);
        _audit.End(input, outcome, call.At);
        var mayBeLost = input.Undo is null && call.Name is StepKinds.Issue or StepKinds.Deliver or StepKinds.Verify;
        if (mayBeLost && outcome.Succeeded && _unheard is null && Fails())
        {
            _unheard = input.Step.Id;
            throw new SimulatedFailureException("the reply was lost");
        }

        return outcome;
    }

    private StepOutcome Outcome(StepInput input, string kind)
    {
        if (kind is StepKinds.Evidence or StepKinds.Hold or StepKinds.Ask or StepKinds.ConfirmRevoked && _random.Next(3) != 0)
        {
            return StepOutcome.RetryLater("in use");
        }

        if (Fails())
        {
            return Fault();
        }

        var slices = kind is StepKinds.Migrate or StepKinds.VerifyRows or StepKinds.RestoreRows;
        return slices && input.Attempt % 4 != 0 ? StepOutcome.Continue((StepFacts.Rows, $"{input.Attempt}"), (StepFacts.Total, "4"))
            : kind == StepKinds.Rehearse ? StepOutcome.Done((StepFacts.Rows, "1204")) : StepOutcome.Done();
    }

    private bool Fails() => _faults > 0 && _random.Next(6) == 0 && _faults-- > 0;

    private StepOutcome Fault() => _random.Next(14) switch
    {
        < 3 => StepOutcome.RetryLater("busy"),
        < 5 => StepOutcome.RetryLater("too many requests", TimeSpan.FromSeconds(90)),
        < 7 => StepOutcome.Unknown("no answer"),
        < 10 => StepOutcome.NewValueNeeded("too weak"),
        < 13 => StepOutcome.Rejected("refused"),
        _ => StepOutcome.Fenced("another has taken over"),
    };

    /// <summary>People answer each call for them once, and now and then say something unasked.</summary>
    private void Say(RotationStatus status)
    {
        if (ReferenceEquals(status, _answered))
        {
            return;
        }

        _answered = status;
        if (_messages > 0 && _random.Next(status.Progress is null ? 40 : 4) == 0)
        {
            _messages--;
            Send(status.Progress is null ? Any() : ControlVerb.Pause);
        }

        switch (status)
        {
            case { State: RotationState.WaitingForApproval, WaitingFor: not null } when _random.Next(8) != 0 || status.WaitingUntil is null:
                Send(_random.Next(8) == 0 ? ControlVerb.Reject : ControlVerb.Approve);
                break;
            case { State: RotationState.WaitingForValue, WaitingFor: not null } when _random.Next(4) != 0:
                Send(ControlVerb.Provide);
                break;
            case { State: RotationState.WaitingForRevoke, WaitingFor: not null } when _random.Next(4) != 0:
                Send(ControlVerb.Confirm);
                break;
            case { State: RotationState.Grace, WaitingFor: not null } when _messages > 0 && _random.Next(3) == 0:
                _messages--;
                Send(Any());
                break;
            case { State: RotationState.Stuck, WaitingFor: "another look" } when _random.Next(3) != 0:
                break;
            case { State: RotationState.Stuck or RotationState.Paused, WaitingFor: not null }:
                Send(_random.Next(4) == 0 ? ControlVerb.Rollback : ControlVerb.Resume);
                Send(ControlVerb.Resume);
                break;
            default:
                break;
        }
    }

    private ControlVerb Any() =>
        s_verbs[_random.Next(s_verbs.Length)] is var verb && verb == ControlVerb.Supersede ? ControlVerb.ExtendGrace : verb;

    private void Send(ControlVerb verb)
    {
        _audit.Say(verb, Person, _live.Orchestrator.Now);
        _live.Orchestrator.Raise(RotationNames.ControlEvent, new ControlMessage(verb, Person, null, TimeSpan.FromHours(3)));
    }
}
