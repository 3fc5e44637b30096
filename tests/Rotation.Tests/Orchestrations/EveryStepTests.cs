using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Simulation;

namespace Rotunda.Rotation.Tests.Orchestrations;

/// <summary>Over every plan: fail every step, lose the reply of every step, repeat every step, repeat every undo.</summary>
public sealed class EveryStepTests
{
    public static TheoryData<Strategy> Strategies => [.. SamplePlans.Rotations];

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Fail_every_step(Strategy strategy)
    {
        foreach (var step in StepsOf(strategy))
        {
            var model = new Model(strategy, (input, run) => input.Step.Id == step.Id && input.Undo is null && input.Attempt == 1
                ? StepOutcome.Rejected("it must fail") : run());
            var promoted = model.IsAfterPromotion(step);
            model.Run();
            if (step.Kind == StepKinds.Ask)
            {
                // People are asked again.
                model.CheckEnd(RotationState.Succeeded);
                continue;
            }

            if (promoted && step.Kind is not (StepKinds.Hold or StepKinds.ConfirmRevoked))
            {
                Assert.Equal(RotationState.Stuck, model.Status.State);
                Assert.Contains("it must fail", model.Status.Problem);
                model.Send(ControlVerb.Resume);
            }

            model.CheckEnd(promoted ? RotationState.Succeeded : RotationState.RolledBack);
        }
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Fail_every_step_after_its_effect(Strategy strategy)
    {
        foreach (var step in StepsOf(strategy))
        {
            var model = new Model(strategy, (input, run) =>
            {
                var outcome = run();
                return input.Step.Id == step.Id && input.Undo is null && input.Attempt <= step.Retry.Attempts
                    ? StepOutcome.Unknown("the reply was lost")
                    : outcome;
            });
            model.Run(() => model.Orchestrator.Status is RotationStatus { WaitingFor: "another look" });
            if (step.Kind is StepKinds.Deliver or StepKinds.ConfirmSync or StepKinds.RestartConsumers or StepKinds.VerifyConsumers
                && !model.IsAfterPromotion(step))
            {
                // Whatever came of it, the way back puts it right.
                model.CheckEnd(RotationState.RolledBack);
                continue;
            }

            if (step.Kind is StepKinds.Hold or StepKinds.Ask or StepKinds.ConfirmRevoked)
            {
                // It waits until it gets an answer.
                model.CheckEnd(RotationState.Succeeded);
                continue;
            }

            Assert.Equal(RotationState.Stuck, model.Status.State);
            var mayGoBack = model.Status.NextAction!.Contains("rollback", StringComparison.Ordinal);
            model.Send(mayGoBack ? ControlVerb.Rollback : ControlVerb.Resume);
            model.CheckEnd(mayGoBack ? RotationState.RolledBack : RotationState.Succeeded);
        }
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Repeat_every_step(Strategy strategy)
    {
        foreach (var step in StepsOf(strategy))
        {
            var model = new Model(strategy, (input, run) =>
            {
                if (input.Step.Id == step.Id)
                {
                    run();
                }

                return run();
            });
            model.Run();
            model.CheckEnd(RotationState.Succeeded);
        }
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Repeat_every_undo_and_fail_it_once(Strategy strategy)
    {
        var undos = StepsOf(strategy).SelectMany(s => s.Undo).ToList();
        Assert.NotEmpty(undos);
        foreach (var undo in undos)
        {
            var model = new Model(strategy, (input, run) =>
            {
                if (input.Step.Kind == StepKinds.Promote && input.Undo is null)
                {
                    return StepOutcome.Rejected("back, from as far as it goes");
                }

                var outcome = run();
                return input.Undo?.Id != undo.Id ? outcome : input.Attempt == 1 ? StepOutcome.Unknown("the reply was lost") : run();
            });
            model.Run();
            model.CheckEnd(RotationState.RolledBack);
        }
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Ask_for_a_rollback_after_every_step(Strategy strategy)
    {
        foreach (var step in StepsOf(strategy))
        {
            var model = new Model(strategy, (_, run) => run());
            model.Run(() => model.LastStep == step.Id);
            model.Send(ControlVerb.Rollback);

            // The next step runs already; after the last there is nothing to stop any more.
            var tooLate = model.LastRetired || StepsOf(strategy).TakeLast(strategy == Strategy.InPlace ? 3 : 2).Any(s => s.Id == step.Id);
            model.CheckEnd(tooLate ? RotationState.Succeeded : RotationState.RolledBack);
        }
    }

    private static IEnumerable<PlannedStep> StepsOf(Strategy strategy) =>
        NewPlan(NewWorld(strategy)).Steps.Where(s => s.Kind is not (StepKinds.Grace or StepKinds.Approval));

    private static ModelWorld NewWorld(Strategy strategy) => new(strategy, ["app-1", "app-2"]) { Fence = 1 };

    private static RotationPlan NewPlan(ModelWorld world) => ModelPlans.Make(
        world,
        new() { Strategy = world.Strategy, DisableFor = TimeSpan.FromHours(12) });

    /// <summary>A rotation on the model world, with one hook around every step.</summary>
    private sealed class Model
    {
        private readonly ModelWorld _world;
        private readonly ModelSteps _steps;
        private readonly ModelRow _activeBefore;
        private readonly Func<StepInput, Func<StepOutcome>, StepOutcome> _around;
        private readonly RotationPlan _plan;
        private int _writes;
        private bool _isAsking;

        public Model(Strategy strategy, Func<StepInput, Func<StepOutcome>, StepOutcome> around)
        {
            _world = NewWorld(strategy);
            _plan = NewPlan(_world);
            _world.Plans[1] = _plan;
            _steps = new ModelSteps(_world, () => { });
            _activeBefore = _world.Active;
            _around = around;
            Orchestrator = new SimulatedOrchestrator(RotationRig.Registered, _plan.RotationId, new RotationInput(
                _plan), RotationRig.Serializer, Answer, new SimulationOptions
            {
                // Its plans are twice as long, and each replay costs the square of that.
                ReplayEvery = strategy == Strategy.ReEncrypt ? 9 : 1,
            });
        }

        public SimulatedOrchestrator Orchestrator { get; }

        public string? LastStep { get; private set; }

        /// <summary>A step was started after which there is no way back.</summary>
        public bool LastRetired { get; private set; }

        public RotationStatus Status => (RotationStatus)Orchestrator.Status!;

        public bool IsAfterPromotion(PlannedStep step) =>
            _plan.Steps.ToList().FindIndex(s => s.Id == step.Id) > _plan.Steps.ToList().FindIndex(s => s.Kind == StepKinds.Promote);

        /// <summary>To the end, or until only a person can wake it, or as far as told. Someone approves on the way.</summary>
        public void Run(Func<bool>? until = null)
        {
            Orchestrator.Run(() => _isAsking || until?.Invoke() == true);
            while (_isAsking)
            {
                _isAsking = false;
                Orchestrator.Raise(RotationNames.ControlEvent, new ControlMessage(ControlVerb.Approve, "approver", null));
                Orchestrator.Run(() => _isAsking || until?.Invoke() == true);
            }
        }

        public void Send(ControlVerb verb)
        {
            Orchestrator.Raise(RotationNames.ControlEvent, new ControlMessage(verb, "operator", null));
            Run();
        }

        public void CheckEnd(RotationState state)
        {
            Assert.True(Orchestrator.HasEnded, Status.ToString());
            var result = (RotationResult)Orchestrator.Output!;
            Assert.Equal(state, result.State);
            ModelPromises.AtTheEnd(_world, _plan, result, _activeBefore);
        }

        private StepOutcome Answer(SimulatedCall call)
        {
            _world.Now = call.At;
            if (call.Name == StepKinds.Record)
            {
                var record = call.Input<RecordInput>();
                _isAsking |= record.Action == RotationActions.ApprovalRequested;
                return _steps.Record(record);
            }

            var input = call.Input<StepInput>();
            LastStep = input.Step.Id;
            LastRetired |= input.Undo is null
                && (input.Step.Kind is StepKinds.Revoke or StepKinds.DropBackup
                    || (input.Step.Kind == StepKinds.Deliver && input.Step.Undo.Count == 0));
            ModelPromises.NoEarlyRevoke(_world, input);
            var outcome = _around(input, () => _steps.Run(input));
            _writes++;
            _world.Write(_writes, _writes / 2);
            ModelPromises.NoLockOut(_world, atRest: false);
            return outcome;
        }
    }
}
