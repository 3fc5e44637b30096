using System.Text;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Testing.Simulation;

/// <summary>
/// A few rotations of one secret, one after another, with everything drawn from one seed: strategy, plan, faults, people.
/// The promises are checked after every effect and at every end.
/// </summary>
public sealed class PromiseSimulation
{
    private const int MaxSuperseded = 4;
    private static readonly string[] s_people = ["requester", "alice", "bob"];
    private static readonly ControlVerb[] s_verbs = Enum.GetValues<ControlVerb>();
    private readonly int _seed;
    private readonly bool _looks;
    private readonly Random _random;
    /// <summary>In events of the orchestrator: none that ends comes near it.</summary>
    private const int LongestRotation = 20_000;
    private readonly Random? _moves;
    private readonly ModelWorld _world;
    private readonly ModelSteps _steps;
    private readonly StringBuilder _trace = new();
    private readonly List<string> _targets;
    private ModelFaults _faults;
    private SimulatedAudit _audit = new("", "");
    private DateTimeOffset _now = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);
    private bool _superseding;
    private bool _retired;
    private ModelBeginning _beginning;
    private string? _outside;
    private int _fenceAfter;

    /// <param name="moves">Each rotation is carried over, again and again, to an orchestration that has nothing but the ledger.</param>
    /// <param name="looksAtTheBeginning">False to prove that without that look the promises break.</param>
    public PromiseSimulation(int seed, bool moves = false, bool looksAtTheBeginning = true)
    {
        _seed = seed;
        _moves = moves ? new Random(seed) : null;
        _random = new Random(seed);
        _targets = [.. Enumerable.Range(1, _random.Next(1, 4)).Select(n => $"app-{n}")];
        _world = new ModelWorld(SamplePlans.Rotations[_random.Next(SamplePlans.Rotations.Count)], _targets);
        _faults = new ModelFaults(_random, 0, 0);
        _looks = looksAtTheBeginning;
        _steps = new ModelSteps(_world, () => _faults.MayCrash(), looksAtTheBeginning);
    }

    /// <summary>How the rotations ended, in order.</summary>
    public List<(Strategy Strategy, RotationState State)> Ends { get; } = [];

    /// <summary>How wrong beginnings were met.</summary>
    public List<(ModelBeginning Beginning, RotationState State)> Met { get; } = [];

    /// <exception cref="PromiseBrokenException">With the seed and the trace.</exception>
    public void Run()
    {
        try
        {
            var rotations = _random.Next(1, 4);
            for (var number = 1; !_retired && (number <= rotations || _superseding); number++)
            {
                RunRotation(number);
            }
        }
        catch (Exception failed)
        {
            throw new PromiseBrokenException($"Seed {_seed} ({_world.Strategy}): {failed.Message}\n{_trace}\n{failed}", failed);
        }
    }

    private void RunRotation(int number)
    {
        var instead = DrawInstead();
        var plan = ModelPlans.Make(_world, DrawPlan(number, instead));
        var activeBefore = _world.Active;
        DrawBeginning(plan);
        _superseding = false;
        _world.Fence = number;
        _world.Plans[number] = plan;
        _faults = new ModelFaults(_random, _random.NextDouble() * 0.3, _random.Next(12));
        Trace($"--- rotation {number}, {plan.Trigger}: {string.Join(" ", plan.Steps.Select(s => s.Id))}");
        _audit = new SimulatedAudit(plan.Secret, plan.RotationId);
        var orchestrator = Orchestrate(plan, new RotationInput(plan));
        SendAtRandom(orchestrator, plan);
        for (var left = _moves?.Next(1, 6) ?? 0; left > 0 && !orchestrator.HasEnded; left--)
        {
            var steps = _moves!.Next(1, 25);
            orchestrator.Run(() => --steps <= 0);
            if (!orchestrator.HasEnded)
            {
                orchestrator = CarryOver(plan, orchestrator);
            }
        }

        var most = LongestRotation;
        orchestrator.Run(() => --most <= 0);
        if (!orchestrator.HasEnded)
        {
            throw new PromiseBrokenException($"It never ended: {orchestrator.Status}");
        }

        var result = (RotationResult)orchestrator.Output!;
        Trace($"--- {result} {_world}");
        _now = orchestrator.Now;
        _superseding |= result.State == RotationState.Superseded;
        _retired = plan.Strategy == Strategy.Retire && result.State == RotationState.Succeeded;
        Ends.Add((plan.Strategy, result.State));
        EndBeginning(result.State);
        ModelPromises.AtTheEnd(_world, plan, result, activeBefore);
    }

    private SimulatedOrchestrator Orchestrate(RotationPlan plan, RotationInput input)
    {
        var orchestrator = new SimulatedOrchestrator(
            RotationRig.Registered, plan.RotationId, input, RotationRig.Serializer, Answer,
            new SimulationOptions
            {
                Start = _now,
                Batches = _random.Next(2) == 0,

                // Each step costs the square of the history; the table tests replay at every one.
                ReplayEvery = _random.Next(5) == 0 ? 1 : 7,
                Latency = _ => TimeSpan.FromMilliseconds(_random.Next(4) * 250),
            });
        var people = new ModelPeople(_random, orchestrator, Trace);
        orchestrator.AfterStep = () => { AtRest(orchestrator); people.Look(); };
        return orchestrator;
    }

    private SimulatedOrchestrator CarryOver(RotationPlan plan, SimulatedOrchestrator before)
    {
        _now = before.Now;
        var input = _audit.Trail().InputFor(plan);
        Trace($"--- carried over at {_now:u}: {input.Resume}");
        return Orchestrate(plan, input);
    }

    /// <summary>Now and then a run that makes no new value. A person retires what is settled, and nobody retires a key over data.</summary>
    private Strategy? DrawInstead()
    {
        var isSettled = _world.Rows.All(r => r.State is CredentialState.Active or CredentialState.Revoked);
        return _superseding ? null
            : _random.Next(8) switch
            {
                0 => Strategy.Deliver,
                1 when isSettled && _world.Strategy != Strategy.ReEncrypt => Strategy.Retire,
                _ => null,
            };
    }

    /// <summary>Now and then the world is another one than the ledger believes. What an earlier rotation left half done is left alone:
    /// one wrong thing at a time.</summary>
    private void DrawBeginning(RotationPlan plan)
    {
        if (plan.Strategy == Strategy.Deliver && _world.Strategy != Strategy.ReEncrypt && _random.Next(2) == 0)
        {
            _world.Targets[_targets[_random.Next(_targets.Count)]] = ModelDelivery.Foreign;
        }

        var isSettled = _world.Rows.All(r => r.State is CredentialState.Active or CredentialState.Revoked);
        if (!isSettled || plan.Strategy is not (Strategy.Alternate or Strategy.InPlace) || _random.Next(3) != 0)
        {
            return;
        }

        // In place, an emergency whose way back is gone waits for the next one; that is played by itself.
        _beginning = plan.Strategy == Strategy.InPlace ? ModelBeginning.Stale : (ModelBeginning)_random.Next(1, 5);
        _world.Diverge(_beginning);
        _outside = _beginning == ModelBeginning.Stale && plan.Trigger == RotationTrigger.Emergency ? null : _world.Outside;
        Trace($"--- begins {_beginning}: {_world}");
    }

    /// <summary>Whoever was refused mends what the refusal told.</summary>
    private void EndBeginning(RotationState state)
    {
        if (_beginning != ModelBeginning.AsBelieved)
        {
            Met.Add((_beginning, state));
            if (_looks && _outside is not null && state == RotationState.Succeeded)
            {
                throw new PromiseBrokenException($"Succeeded, though it began {_beginning}.");
            }

            _world.Mend();
        }

        (_beginning, _outside) = (ModelBeginning.AsBelieved, null);
    }

    private SamplePlanOptions DrawPlan(int number, Strategy? instead) => new()
    {
        Strategy = _world.Strategy,
        Instead = instead,
        Number = number,
        Targets = _targets,
        Trigger = _superseding ? RotationTrigger.Emergency : RotationTrigger.Manual,
        TakesOver = _superseding,
        ApproveStart = instead == Strategy.Retire || (!_superseding && _random.Next(3) == 0),
        ApproveRevoke = !_superseding && _random.Next(3) == 0,
        Evidence = !_superseding && _random.Next(3) == 0,
        DisableFor = _random.Next(2) == 0 ? TimeSpan.FromHours(_random.Next(1, 48)) : null,
        OnTimeout = _random.Next(2) == 0 ? "stuck" : "proceed",
        Grace = _superseding ? TimeSpan.Zero : TimeSpan.FromHours(_random.Next(1, 48)),
    };

    private void SendAtRandom(SimulatedOrchestrator orchestrator, RotationPlan plan)
    {
        // A secret that leaves the catalog has no emergencies.
        var number = plan.Strategy == Strategy.Retire ? int.MaxValue : plan.Number;
        for (var messages = _random.Next(5); messages > 0; messages--)
        {
            var verb = s_verbs[_random.Next(s_verbs.Length)];
            var within = _random.Next(2) == 0 ? TimeSpan.FromSeconds(30) : TimeSpan.FromHours(40);
            var message = new ControlMessage(verb, s_people[_random.Next(3)], "at random", TimeSpan.FromHours(_random.Next(0, 9)));
            if (verb == ControlVerb.SkipGrace && messages % 2 == 0)
            {
                // As the desk sends it; the others as older releases did.
                message = message with { Step = plan.GraceStepId };
            }

            if (verb == ControlVerb.Supersede && (number > MaxSuperseded || _random.Next(2) == 0))
            {
                continue;
            }

            var at = _now + (within * _random.NextDouble());
            Trace($"at {at:u}: {verb} by {message.By}");
            orchestrator.RaiseAt(at, RotationNames.ControlEvent, message);
        }

        _fenceAfter = number <= MaxSuperseded && _random.Next(8) == 0 ? _random.Next(1, 30) : 0;
    }

    private StepOutcome Answer(SimulatedCall call)
    {
        _world.Now = call.At;
        var outcome = call.Name == StepKinds.Record
            ? AnswerRecord(call.Input<RecordInput>())
            : AnswerStep(call.Input<StepInput>());
        return outcome;
    }

    private StepOutcome AnswerRecord(RecordInput record)
    {
        Trace(
            $"{_world.Now:u} record {record.Sequence} {record.Action} {record.State} by {record.Actor}: {record.Detail} {record.Until:u}");
        return _faults.Around(StepKinds.Record, () =>
        {
            var known = _world.Records.ContainsKey((record.Number, record.Sequence));
            var outcome = _steps.Record(record);
            if (!known && _world.Records.ContainsKey((record.Number, record.Sequence)))
            {
                _audit.Record(record, _world.Now);
            }

            return outcome;
        });
    }

    private StepOutcome AnswerStep(StepInput input)
    {
        if (--_fenceAfter == 0)
        {
            // An emergency takes the next number, perhaps before its message is read.
            _world.Fence++;
            _superseding = true;
            Trace($"{_world.Now:u} the fence moves to {_world.Fence}");
        }

        var name = input.Undo?.Id ?? input.Step.Id;
        _audit.Begin(input, _world.Now);
        try
        {
            var outcome = _faults.Around(input.Undo?.Kind ?? input.Step.Kind, () => Journaled(input, Effect(input)));
            _audit.End(input, outcome, _world.Now);
            Trace($"{_world.Now:u} {name} #{input.Attempt}: {outcome.Kind} {outcome.Reason} | {_world}");
            return outcome;
        }
        catch (SimulatedFailureException lost)
        {
            Trace($"{_world.Now:u} {name} #{input.Attempt}: threw {lost.Message} | {_world}");
            throw;
        }
    }

    /// <summary>A reply may be lost after the ledger has the outcome, or before.</summary>
    private StepOutcome Journaled(StepInput input, StepOutcome outcome)
    {
        if (_moves?.Next(2) == 0)
        {
            _audit.End(input, outcome, _world.Now);
        }

        return outcome;
    }

    private StepOutcome Effect(StepInput input)
    {
        ModelPromises.NoEarlyRevoke(_world, input);
        if (input.Step.Kind is StepKinds.Evidence or StepKinds.Hold && _random.Next(3) == 0)
        {
            return StepOutcome.RetryLater("in use");
        }

        var outcome = _steps.Run(input);
        if (_looks && _outside is not null && _outside != _world.Outside)
        {
            throw new PromiseBrokenException($"Touched, though it began {_beginning}.");
        }

        _world.Write(_random.Next(), _random.Next());
        ModelPromises.NoLockOut(_world, atRest: false);
        return outcome;
    }

    private void AtRest(SimulatedOrchestrator orchestrator)
    {
        if (orchestrator.Status is RotationStatus { State: RotationState.Grace or RotationState.Succeeded, WaitingFor: not "the ledger" })
        {
            ModelPromises.NoLockOut(_world, atRest: true);
        }
    }

    private void Trace(string line) => _trace.AppendLine(line);
}
