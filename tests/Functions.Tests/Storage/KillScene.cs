using Rotunda.Api.Head;
using Rotunda.Orchestration;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Simulation;

namespace Rotunda.Functions.Tests.Storage;

/// <summary>The model of a secret's outside, worked on by the steps of hosts that die, with every promise checked at every step.</summary>
internal sealed class KillScene(Strategy strategy)
{
    private static readonly RetryBudget Quick = new(4, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2));
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private readonly Lock _oneAtATime = new();
    private ModelRow? _activeBefore;
    private PromiseBrokenException? _broken;

    public ModelWorld World { get; } = new(strategy, ["east", "west"]);

    public RotationPlan Begin(int number)
    {
        lock (_oneAtATime)
        {
            var plan = ModelPlans.Make(World, new SamplePlanOptions
            {
                Strategy = strategy,
                Number = number,
                ApproveRevoke = strategy != Strategy.ReEncrypt,
                Evidence = strategy != Strategy.ReEncrypt,
                Grace = Grace,
                Targets = [.. World.Targets.Keys],
                Retry = Quick,
            });
            (World.Plans[number], World.Fence, _activeBefore) = (plan, number, World.Active);
            return plan;
        }
    }

    public void Check(RotationPlan plan, OrchestrationState state)
    {
        lock (_oneAtATime)
        {
            Assert.Null(_broken);
            Assert.Equal(OrchestrationStatus.Completed, state.Status);
            var result = DeskParts.Payloads.Deserialize<RotationResult>(state.Output)!;
            Assert.Equal(RotationState.Succeeded, result.State);
            ModelPromises.AtTheEnd(World, plan, result, _activeBefore!);
            Assert.Single(World.Rows, row => row.State != CredentialState.Revoked);
        }
    }

    /// <summary>The steps as one host runs them: they die with it, between any two effects.</summary>
    public TaskRegistry Registry(Func<StorageHost> host)
    {
        var registry = RotationOrchestrations.AddTo(new TaskRegistry());
        foreach (var kind in StepKinds.Activities.Where(kind => kind != StepKinds.Record))
        {
            registry.AddActivity<StepInput, StepOutcome>(kind, (_, input, _) => Task.FromResult(Run(host().Wire, input!)));
        }

        return registry.AddActivity<RecordInput, StepOutcome>(StepKinds.Record, async (_, record, cancellationToken) =>
        {
            // A host that dies between its messages and its history makes the turn once more, at another time: what is counted from then
            // differs in the second record, and the ledger keeps the first.
            var outcome = Alone(host().Wire, steps => steps.Record(record! with { Until = null }));
            if (WordAt(record!) is { } word)
            {
                // Said again where nobody knows whether it was heard.
                await host().Client.RaiseEventAsync(record!.RotationId, RotationNames.ControlEvent, word, cancellationToken);
            }

            return outcome;
        });
    }

    private static ControlMessage? WordAt(RecordInput record) => record.Action switch
    {
        RotationActions.ApprovalRequested => Script.Say(ControlVerb.Approve),
        RotationActions.Stuck => Script.Say(ControlVerb.Resume),
        _ => null,
    };

    private StepOutcome Run(StorageWire wire, StepInput input) => Alone(wire, steps =>
    {
        ModelPromises.NoEarlyRevoke(World, input);
        var outcome = steps.Run(input);
        ModelPromises.NoLockOut(World, atRest: false);
        return outcome;
    });

    private StepOutcome Alone(StorageWire wire, Func<ModelSteps, StepOutcome> effect)
    {
        lock (_oneAtATime)
        {
            wire.ThrowIfCut();
            World.Now = TimeProvider.System.GetUtcNow();
            try
            {
                return effect(new ModelSteps(World, wire.ThrowIfCut));
            }
            catch (PromiseBrokenException broken)
            {
                _broken ??= broken;
                throw;
            }
        }
    }
}

/// <summary>One host after the other over one hub.</summary>
internal sealed class KillHosts(KillScene scene) : IAsyncDisposable
{
    private readonly StorageHub _hub = StorageHub.New();
    private StorageHost? _host;

    /// <summary>The present one, or a new one if that is dead.</summary>
    public async Task<StorageHost> StartAsync()
    {
        if (_host is { Wire.IsCut: false } alive)
        {
            return alive;
        }

        await DisposeAsync();
        var started = new TaskCompletionSource<StorageHost>(TaskCreationOptions.RunContinuationsAsynchronously);
        _host = await StorageHost.StartAsync(_hub, scene.Registry(() => started.Task.GetAwaiter().GetResult()), DeskParts.Payloads);
        started.SetResult(_host);
        return _host;
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is { } host)
        {
            await host.DisposeAsync();
            await host.Wire.ForgetAsync();
        }
    }
}
