using System.Globalization;
using System.Text;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Simulation;

namespace Rotunda.Testing.Model;

/// <summary>
/// A secret with the rotation under way, and the emergency that takes it over: the real interpreter over the model's vendor and ledger. It
/// can be asked what may happen next, and be told what does. Nothing in it is left to chance, so the same moves come to the same state.
/// </summary>
public sealed class ModelState
{
    private const int Emergency = 2;
    private const string Person = "alice";
    private static readonly string[] s_looks =
        [StepKinds.Validate, StepKinds.Verify, StepKinds.ConfirmSync, StepKinds.RestartConsumers, StepKinds.VerifyConsumers];

    private readonly ModelCase _case;
    private readonly ModelBounds _bounds;
    private readonly ModelWorld _world;
    private readonly ModelSteps _steps;
    private readonly SortedDictionary<int, ModelOrchestration> _running = [];
    private int _faults;
    private int _words;
    private int _carried;
    private bool _supersedeIsSent;
    private bool _supersedeIsHeard;

    public ModelState(ModelCase played, ModelBounds bounds)
    {
        (_case, _bounds) = (played, bounds);
        _world = new ModelWorld(played.Options.Strategy, played.Options.Targets) { Now = s_start, Fence = 1 };
        _steps = new ModelSteps(_world, () => { });
        Start(1, played.Options with { Number = 1 });
    }

    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    /// <summary>All that it has come to, without the times that only differ by how it came there.</summary>
    public string Key()
    {
        var key = new StringBuilder(
            $"{_world}|{_world.Fence} {_faults} {_words} {_carried} {_supersedeIsSent} {_supersedeIsHeard}");
        foreach (var (number, one) in _running)
        {
            key.Append('|').Append(number).Append(':').Append(one.Key());
            key.Append(_world.Proven.Contains(number)).Append(_world.Released.Contains(number)).Append(_world.Applied.Contains(number));
        }

        return key.ToString();
    }

    /// <summary>Nothing is under way any more.</summary>
    public bool IsOver => _running.Values.All(one => one.HasEnded);

    /// <summary>Where nothing else can happen, a person is told what to do.</summary>
    public bool WaitsForPerson => _running.Values.Where(one => !one.HasEnded).All(one => one.NextAction is not null);

    public IReadOnlyList<ModelMove> Moves()
    {
        var moves = new List<ModelMove>();
        var more = _faults + _words + _carried + (_world.Fence > 1 ? 1 : 0) < _bounds.All;
        foreach (var (number, one) in _running.Where(one => !one.Value.HasEnded))
        {
            foreach (var activity in one.Activities)
            {
                moves.Add(new(ModelMoveKind.Run, number, activity.Id));
                if (more && _faults < _bounds.Faults && activity.Name != StepKinds.Record)
                {
                    moves.Add(new(ModelMoveKind.LoseReply, number, activity.Id));
                    moves.Add(new(ModelMoveKind.Refuse, number, activity.Id));
                    moves.Add(new(ModelMoveKind.RunTwice, number, activity.Id));
                }
            }

            if (one.NextTimer is { } timer)
            {
                moves.Add(new(ModelMoveKind.Fire, number, timer));
            }

            if (one.WaitsForApproval && _case.Verbs.Contains(ControlVerb.Approve))
            {
                // The plain way: it costs nothing.
                moves.Add(new(ModelMoveKind.Say, number, (int)ControlVerb.Approve));
            }

            if (more && _words < _bounds.Words)
            {
                moves.AddRange(_case.Verbs.Where(verb => verb != ControlVerb.Approve)
                    .Select(verb => new ModelMove(ModelMoveKind.Say, number, (int)verb)));
            }

            if (more && _carried < _bounds.CarryOvers && one.HasBegun)
            {
                moves.Add(new(ModelMoveKind.CarryOver, number));
            }
        }

        if (more && _world.Fence == 1 && _bounds.Emergencies > 0 && !IsOver)
        {
            moves.Add(new(ModelMoveKind.TakeOver, Emergency));
        }

        if (_supersedeIsSent && !_supersedeIsHeard && !_running[1].HasEnded)
        {
            moves.Add(new(ModelMoveKind.TellSuperseded, 1));
        }

        return moves;
    }

    /// <returns>What happened, for people.</returns>
    /// <exception cref="PromiseBrokenException">A promise does not hold any more.</exception>
    public string Make(ModelMove move)
    {
        var told = move.Kind switch
        {
            ModelMoveKind.Fire => Fire(move),
            ModelMoveKind.Say => Say(move.Rotation, (ControlVerb)move.Operation, Person),
            ModelMoveKind.TakeOver => TakeOver(),
            ModelMoveKind.TellSuperseded => TellSuperseded(),
            ModelMoveKind.CarryOver => CarryOver(move.Rotation),
            _ => Act(move),
        };
        foreach (var (number, one) in _running.Where(one => one.Value.TakeEnd()))
        {
            told += $" — rotation {number} ends: {one.Result}";
            End(number, one);
        }

        ModelPromises.NoLockOut(_world, atRest: false);
        return told;
    }

    private void Start(int number, SamplePlanOptions options)
    {
        var whole = ModelPlans.Make(_world, options);
        // What only looks is left out: nothing of what is searched hangs on it, and each step doubles the ways.
        var right = whole with { Steps = [.. whole.Steps.Where(step => !s_looks.Contains(step.Kind))] };
        var plan = _case.Change(right);
        _world.Plans[number] = right;
        _running[number] = new ModelOrchestration(plan, new RotationInput(plan), _world.Now) { ActiveBefore = _world.Active };
    }

    private string Act(ModelMove move)
    {
        var one = _running[move.Rotation];
        var operation = one.Activities.First(activity => activity.Id == move.Operation);
        var name = operation.Name;
        if (name == StepKinds.Record)
        {
            var record = one.Input<RecordInput>(operation);
            var known = _world.Records.ContainsKey((record.Number, record.Sequence));
            var done = _steps.Record(record);
            if (!known)
            {
                one.Audit.Record(record, _world.Now);
            }

            one.End(operation.Id, name, done, _world.Now);
            return $"rotation {move.Rotation} records {record.Action}";
        }

        var input = one.Input<StepInput>(operation);
        _faults += move.Kind == ModelMoveKind.Run ? 0 : 1;
        one.Audit.Begin(input, _world.Now);
        var outcome = move.Kind == ModelMoveKind.Refuse ? StepOutcome.Rejected("refused") : Effect(input);
        if (move.Kind == ModelMoveKind.RunTwice)
        {
            outcome = Effect(input);
        }
        else if (move.Kind == ModelMoveKind.LoseReply)
        {
            outcome = StepOutcome.Unknown("the reply was lost");
        }

        one.Audit.End(input, outcome, _world.Now);
        one.End(operation.Id, name, outcome, _world.Now);
        return $"rotation {move.Rotation}, {input.Undo?.Id ?? input.Step.Id} #{input.Attempt}: {move.Kind}, {outcome.Kind} | {_world}";
    }

    private StepOutcome Effect(StepInput input)
    {
        ModelPromises.NoEarlyRevoke(_world, input);
        var before = _world.Outside;
        var number = input.Number;
        var outcome = _case.IsFenced ? _steps.Run(input) : _steps.Run(input with { Number = Math.Max(number, _world.Fence) });
        return number >= _world.Fence || before == _world.Outside
            ? outcome
            : throw new PromiseBrokenException($"Rotation {number} changed something though number {_world.Fence} has taken over.");
    }

    private string Fire(ModelMove move)
    {
        var one = _running[move.Rotation];
        var due = one.DueOf(move.Operation);
        _world.Now = due > _world.Now ? due : _world.Now;
        one.Fire(move.Operation, _world.Now);
        return string.Create(CultureInfo.InvariantCulture, $"a timer of rotation {move.Rotation} fires, it is {_world.Now:u}");
    }

    private string Say(int number, ControlVerb verb, string by)
    {
        _words += verb == ControlVerb.Approve ? 0 : 1;
        var one = _running[number];
        one.Audit.Say(verb, by, _world.Now);
        one.Raise(new ControlMessage(verb, by, null, TimeSpan.FromHours(1)), _world.Now);
        return $"{by} says {ControlNames.Of(verb)} to rotation {number}";
    }

    private string TakeOver()
    {
        _world.Fence = Emergency;
        _supersedeIsSent = true;
        Start(Emergency, _case.Options with
        {
            Number = Emergency, Trigger = RotationTrigger.Emergency, TakesOver = true, ApproveStart = false, ApproveRevoke = false,
            Evidence = false, Grace = TimeSpan.Zero,
        });
        return "an emergency takes over";
    }

    private string TellSuperseded()
    {
        _supersedeIsHeard = true;
        _running[1].Raise(new ControlMessage(ControlVerb.Supersede, "carol", null), _world.Now);
        return "rotation 1 is told that it was taken over";
    }

    private string CarryOver(int number)
    {
        _carried++;
        var before = _running[number];
        var input = _case.Resume(before.Audit.Trail().InputFor(before.Plan));
        _running[number] = new ModelOrchestration(before.Plan, input, _world.Now, before.Audit) { ActiveBefore = before.ActiveBefore };
        return $"rotation {number} goes on elsewhere, at {input.Resume?.ToString() ?? "its beginning"}";
    }

    /// <summary>What a rotation that has ended leaves. While another one moves, the world is not as the end says.</summary>
    private void End(int number, ModelOrchestration one)
    {
        if (_running.Values.All(other => other.HasEnded || other == one) && number == _world.Fence)
        {
            ModelPromises.AtTheEnd(_world, one.Plan, one.Result!, one.ActiveBefore);
        }
    }
}
