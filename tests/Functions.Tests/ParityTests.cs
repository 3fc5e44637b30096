using Rotunda.Api.Head;
using Rotunda.Engine;
using Rotunda.Engine.Options;
using Rotunda.Orchestration;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Tests.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Simulation;

namespace Rotunda.Functions.Tests;

/// <summary>On the real Durable Task worker over its in-process sidecar.</summary>
public sealed class ParityTests : ParityCases
{
    [Theory]
    [MemberData(nameof(Scripts), 0, 1)]
    public Task Every_strategy_goes_the_same_way(string script) => StrategiesAsync(script);

    [Fact]
    public Task Every_shape_that_the_planner_draws_goes_the_same_way() => ShapesAsync(byDefault: 24);

    [Fact]
    public Task A_rejected_rotation_goes_the_same_way_back() => RejectedAsync();

    private protected override async Task<IRotationHost> StartAsync(TaskRegistry registry) =>
        await DurableTaskHost.StartAsync(registry, DeskParts.Payloads);
}

/// <summary>A running oracle.</summary>
internal interface IRotationHost : IAsyncDisposable
{
    DurableClient Client { get; }
}

/// <summary>
/// Durable Task is the oracle for the embedded engine: the same plan, the same answers of the steps and the same words of people
/// give the same calls in the same order, and the same end.
/// </summary>
public abstract class ParityCases
{
    private const int AtOnce = 12;
    private static readonly bool All = Environment.GetEnvironmentVariable("ROTUNDA_PARITY_ALL") == "1";
    private static readonly RetryBudget Quick = new(4, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2));
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan ShortGrace = TimeSpan.FromSeconds(1);

    private static readonly Strategy[] Planned =
        [Strategy.Overlap, Strategy.Alternate, Strategy.InPlace, Strategy.DualKey, Strategy.ReEncrypt, Strategy.Deliver, Strategy.Retire];

    private protected abstract Task<IRotationHost> StartAsync(TaskRegistry registry);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>One part of so many.</summary>
    public static TheoryData<string> Scripts(int part, int of) => [.. ScriptsByName.Keys.Where((_, number) => number % of == part)];

    private static readonly Dictionary<string, Script> ScriptsByName = new(StringComparer.Ordinal)
    {
        ["all goes well"] = new((_, _) => StepOutcome.Done()),
        ["each step is retried once"] = new((_, input) => input.Attempt == 1 && input.Step.Group is null
            ? StepOutcome.RetryLater("busy")
            : StepOutcome.Done()),
        ["each reply is lost once"] = new((_, input) => input.Attempt == 1 && input.Step.Group is null
            ? StepOutcome.Unknown("lost")
            : StepOutcome.AlreadyDone()),
        ["the new credential does not work"] = new((kind, _) => kind is StepKinds.Verify or StepKinds.VerifyRows
            ? StepOutcome.Rejected("refused")
            : StepOutcome.Done()),
        ["consumers do not come up"] = new((kind, _) => kind == StepKinds.VerifyConsumers
            ? StepOutcome.Rejected("down")
            : StepOutcome.Done()),
        ["another value is needed once"] = new((kind, input) => kind is StepKinds.Apply or StepKinds.Migrate && input.Attempt == 1
            ? StepOutcome.NewValueNeeded("too long")
            : StepOutcome.Done()),
        ["the revoke answers only after a person has resumed it"] = new((kind, input) => kind == StepKinds.Revoke
            && input.Attempt <= Quick.Attempts + 1 ? StepOutcome.Unknown("no answer") : StepOutcome.Done()),
        ["another rotation took over"] = new((kind, _) => kind == StepKinds.Promote
            ? StepOutcome.Fenced("superseded")
            : StepOutcome.Done()),
        ["what is stuck is given up"] = new(
            (kind, _) => kind == StepKinds.VerifyConsumers ? StepOutcome.Unknown("no answer") : StepOutcome.Done(),
            At(RotationActions.Stuck, Script.Say(ControlVerb.Cancel))),
        ["nothing can be undone at first"] = new((kind, input) => input is { Undo: not null, Attempt: 1 }
            ? StepOutcome.Rejected("stays")
            : kind == StepKinds.Promote ? StepOutcome.Rejected("no") : StepOutcome.Done()),
        ["each step is done in slices"] = new(Sliced),
        ["what was done in slices is undone in slices"] = new((kind, input) => kind == StepKinds.Promote
            ? StepOutcome.Rejected("no")
            : Sliced(kind, input)),
        ["a person pauses between slices"] = new(
            Sliced,
            AtStep: During(2, ControlVerb.Pause, StepKinds.Migrate, StepKinds.Verify, StepKinds.Generate)),
        ["a paused rotation is rolled back"] = new(
            Sliced,
            At(RotationActions.Paused, Script.Say(ControlVerb.Rollback)),
            During(1, ControlVerb.Pause, StepKinds.Migrate, StepKinds.Verify, StepKinds.Generate)),
        ["the grace period runs out"] = new((_, _) => StepOutcome.Done(), KeepsGrace: true),
        ["the grace period is made longer"] = new(
            (_, _) => StepOutcome.Done(),
            At(RotationActions.GraceStarted, Script.Say(ControlVerb.ExtendGrace) with { ExtendBy = TimeSpan.FromMilliseconds(200) }),
            KeepsGrace: true),
        ["a person rolls back in the grace period"] = new(
            (_, _) => StepOutcome.Done(),
            At(RotationActions.GraceStarted, Script.Say(ControlVerb.Rollback))),
        ["an emergency supersedes it in the grace period"] = new(
            (_, _) => StepOutcome.Done(),
            At(RotationActions.GraceStarted, Script.Say(ControlVerb.Supersede))),
        ["an emergency supersedes it while it promotes"] = new(
            (_, _) => StepOutcome.Done(),
            AtStep: During(1, ControlVerb.Supersede, StepKinds.Promote)),
        ["a person cancels while consumers are verified"] = new(
            (_, _) => StepOutcome.Done(),
            AtStep: During(1, ControlVerb.Cancel, StepKinds.VerifyConsumers)),
        ["a person says what means nothing there"] = new(
            (_, _) => StepOutcome.Done(),
            AtStep: During(1, ControlVerb.SkipGrace, StepKinds.Validate)),
    };

    private protected Task StrategiesAsync(string script) => CompareAsync(
        ScriptsByName[script],
        from strategy in StrategiesFor(script)
        from gates in All || script == "all goes well" ? new[] { false, true } : [strategy is Strategy.Overlap or Strategy.ReEncrypt]
        select SamplePlans.Make(new SamplePlanOptions
        {
            Strategy = strategy,
            ApproveRevoke = gates,
            ApproveStart = gates,
            Evidence = gates,
            TakesOver = gates,
            Grace = ScriptsByName[script].KeepsGrace ? ShortGrace : TimeSpan.FromDays(1),
        }));

    /// <summary>How many of the strategies each script is played with, unless all are asked for; each script takes others.</summary>
    private protected virtual int StrategiesAtOnce => Planned.Length;

    private IEnumerable<Strategy> StrategiesFor(string script)
    {
        var first = ScriptsByName.Keys.ToList().IndexOf(script) * StrategiesAtOnce;
        var count = All ? Planned.Length : StrategiesAtOnce;
        return Enumerable.Range(first, count).Select(number => Planned[number % Planned.Length]);
    }

    /// <param name="byDefault">How many are looked at, unless all are asked for.</param>
    private protected Task ShapesAsync(int byDefault) => CompareAsync(ScriptsByName["all goes well"], Shapes(byDefault));

    private protected Task RejectedAsync() => CompareAsync(
        new((_, _) => StepOutcome.Done(), At(RotationActions.ApprovalRequested, Script.Say(ControlVerb.Reject))),
        [
            SamplePlans.Make(new SamplePlanOptions { ApproveRevoke = true }),
            SamplePlans.Make(new SamplePlanOptions { ApproveStart = true, Strategy = Strategy.DualKey }),
            SamplePlans.Make(new SamplePlanOptions { ApproveRevoke = true, Strategy = Strategy.ReEncrypt }),
        ]);

    /// <summary>Only this changes the generation, so only here could a word be lost between two.</summary>
    [Fact]
    public Task What_is_said_while_a_plan_of_another_release_is_resumed_is_heard() => CompareAsync(
        new((_, _) => StepOutcome.Done(), At(RotationActions.Resumed, Script.Say(ControlVerb.Cancel))),
        [SamplePlans.Make(new SamplePlanOptions()) with { InterpreterVersion = RotationPlan.CurrentInterpreterVersion + 1 }]);

    /// <summary>Two slices, then the end; steps that run side by side are done at once.</summary>
    private static StepOutcome Sliced(string kind, StepInput input) =>
        input.Attempt <= 2 && input.Step.Group is null ? StepOutcome.Continue() : StepOutcome.Done();

    private static Func<RecordInput, ControlMessage?> At(string action, ControlMessage message) =>
        record => record.Action == action ? message : null;

    private static Func<string, StepInput, ControlMessage?> During(int attempt, ControlVerb verb, params string[] kinds) =>
        (kind, input) => input.Undo is null && input.Attempt == attempt && kinds.Contains(kind, StringComparer.Ordinal)
            ? Script.Say(verb)
            : null;

    /// <summary>The in-process host replays a whole history for each turn, so a sample of the shapes is the default, and all of
    /// them behind a variable.</summary>
    private static IEnumerable<RotationPlan> Shapes(int byDefault)
    {
        var shapes = PlanCases.Plans().Select(c => c.Plan).DistinctBy(plan => string.Join(
            ' ',
            plan.Steps.Select(s => $"{s.Kind}/{s.Group is null}/{s.Undo.Count}"))).ToList();
        var every = All ? 1 : Math.Max(1, shapes.Count / byDefault);
        return shapes.Where((_, number) => number % every == 0);
    }

    private async Task CompareAsync(Script script, IEnumerable<RotationPlan> plans)
    {
        var inputs = plans.Select((plan, number) => new RotationInput(Hurried(plan, $"parity-{number + 1}"))).ToList();
        var embedded = await RunEmbeddedAsync(script, inputs);
        var durable = await RunDurableAsync(script, inputs);
        foreach (var input in inputs)
        {
            var (id, steps) = (input.Plan.RotationId, string.Join(' ', input.Plan.Steps.Select(s => s.Kind)));
            Assert.True(
                embedded[id].End == durable[id].End,
                $"{steps}: embedded ended as {embedded[id].End}, Durable Task as {durable[id].End}");
            Assert.True(
                embedded[id].Calls.SequenceEqual(durable[id].Calls, StringComparer.Ordinal),
                $"{steps}:{Environment.NewLine}embedded: {string.Join(" | ", embedded[id].Calls)}{Environment.NewLine}durable:  "
                    + $"{string.Join(" | ", durable[id].Calls)}");
            Assert.NotEmpty(embedded[id].Calls);
            Assert.StartsWith(nameof(OrchestrationStatus.Completed), embedded[id].End, StringComparison.Ordinal);
        }
    }

    private static async Task<Dictionary<string, (string End, IReadOnlyList<string> Calls)>> RunEmbeddedAsync(
        Script script, IReadOnlyList<RotationInput> inputs)
    {
        var folder = Directory.CreateTempSubdirectory("rotunda-parity-");
        var steps = new ScriptedSteps(script);
        try
        {
            await using var engine = new DurableEngine(
                new EngineOptions { HubPath = Path.Combine(folder.FullName, "hub.db") },
                steps.Registry(),
                DeskParts.Payloads);
            await engine.StartAsync(Token);
            return await RunAllAsync(engine.Client, steps, inputs);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<Dictionary<string, (string End, IReadOnlyList<string> Calls)>> RunDurableAsync(
        Script script, IReadOnlyList<RotationInput> inputs)
    {
        var steps = new ScriptedSteps(script);
        await using var host = await StartAsync(steps.Registry());
        return await RunAllAsync(host.Client, steps, inputs);
    }

    private static async Task<Dictionary<string, (string End, IReadOnlyList<string> Calls)>> RunAllAsync(
        IOrchestrationClient client, ScriptedSteps steps, IReadOnlyList<RotationInput> inputs)
    {
        steps.Client = client;
        var results = new Dictionary<string, (string, IReadOnlyList<string>)>(StringComparer.Ordinal);
        foreach (var batch in inputs.Chunk(AtOnce))
        {
            var ends = await Task.WhenAll(batch.Select(input => SeeThroughAsync(client, input)));
            foreach (var end in ends)
            {
                results[end.InstanceId] = (
                    $"{end.Status} {end.Output}{end.Failure?.Message}{(end.HasEnded ? "" : end.CustomStatus)}",
                    steps.CallsOf(end.InstanceId));
            }
        }

        return results;
    }

    private static async Task<OrchestrationState> SeeThroughAsync(IOrchestrationClient client, RotationInput input)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Limit);
        var id = await client.ScheduleNewAsync(RotationNames.Orchestration, input, new StartOptions(input.Plan.RotationId), limit.Token);
        try
        {
            return await client.WaitForCompletionAsync(id, limit.Token);
        }
        catch (OperationCanceledException)
        {
            return (await client.GetAsync(id, cancellationToken: Token))!;
        }
    }

    /// <summary>The same plan with pauses that a test can wait for. What it waits for people it keeps.</summary>
    private static RotationPlan Hurried(RotationPlan plan, string id) => plan with
    {
        RotationId = id,
        Steps = [.. plan.Steps.Select(step => step with
        {
            // Nobody can end this wait early, as people end a grace period.
            Settings = step.Kind == StepKinds.Wait
                ? new Dictionary<string, string>(step.Settings) { [StepSettings.Duration] = "1s" }
                : step.Settings,
            Retry = Quick,
            Undo = [.. step.Undo.Select(undo => undo with { Retry = Quick })],
        })],
    };
}
