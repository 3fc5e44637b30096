using Rotunda.Api.Hosting;
using Rotunda.Engine;
using Rotunda.Orchestration;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Credentials;
using Rotunda.Rotation.Orchestrations;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Tests.Planning;
using Rotunda.Testing.Simulation;

namespace Rotunda.Functions.Tests;

/// <summary>
/// Durable Task is the oracle for the embedded engine: the same plan, the same answers of the steps and the same words of people
/// give the same calls in the same order, and the same end.
/// </summary>
public sealed class ParityTests
{
    private const int ShapesByDefault = 24;
    private static readonly RetryBudget Quick = new(4, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Scripts() => [.. ScriptsByName.Keys];

    private static readonly Dictionary<string, Func<string, StepInput, StepOutcome>> ScriptsByName = new(StringComparer.Ordinal)
    {
        ["all goes well"] = (_, _) => StepOutcome.Done(),
        ["each step is retried once"] = (_, input) => input.Attempt == 1 && input.Step.Group is null ? StepOutcome.RetryLater("busy") : StepOutcome.Done(),
        ["each reply is lost once"] = (_, input) => input.Attempt == 1 && input.Step.Group is null ? StepOutcome.Unknown("lost") : StepOutcome.AlreadyDone(),
        ["the new credential does not work"] = (kind, _) => kind == StepKinds.Verify ? StepOutcome.Rejected("refused") : StepOutcome.Done(),
        ["consumers do not come up"] = (kind, _) => kind == StepKinds.VerifyConsumers ? StepOutcome.Rejected("down") : StepOutcome.Done(),
        ["another value is needed once"] = (kind, input) => kind is StepKinds.Apply && input.Attempt == 1 ? StepOutcome.NewValueNeeded("too long") : StepOutcome.Done(),
        ["the revoke never answers"] = (kind, _) => kind == StepKinds.Revoke ? StepOutcome.Unknown("no answer") : StepOutcome.Done(),
        ["another rotation took over"] = (kind, _) => kind == StepKinds.Promote ? StepOutcome.Fenced("superseded") : StepOutcome.Done(),
        ["nothing can be undone"] = (kind, input) => input.Undo is not null ? StepOutcome.Rejected("stays") : kind == StepKinds.Promote ? StepOutcome.Rejected("no") : StepOutcome.Done(),
    };

    [Theory]
    [MemberData(nameof(Scripts))]
    public Task Every_strategy_goes_the_same_way(string script) => CompareAsync(
        ScriptsByName[script],
        from strategy in Enum.GetValues<Strategy>().Where(s => s is Strategy.Overlap or Strategy.Alternate or Strategy.InPlace or Strategy.DualKey)
        from gates in new[] { false, true }
        select SamplePlans.Make(new SamplePlanOptions { Strategy = strategy, ApproveRevoke = gates, ApproveStart = gates, Evidence = gates, TakesOver = gates }));

    [Fact]
    public Task Every_shape_that_the_planner_draws_goes_the_same_way() => CompareAsync(
        ScriptsByName["all goes well"],
        Shapes());

    [Fact]
    public Task A_rejected_rotation_goes_the_same_way_back() => CompareAsync(
        ScriptsByName["all goes well"],
        [SamplePlans.Make(new SamplePlanOptions { ApproveRevoke = true }), SamplePlans.Make(new SamplePlanOptions { ApproveStart = true, Strategy = Strategy.DualKey })],
        ControlVerb.Reject);

    /// <summary>The in-process host takes its time for each turn, so a sample of the shapes is the default, and all of them behind a variable.</summary>
    private static IEnumerable<RotationPlan> Shapes()
    {
        var shapes = PlanCases.Plans().Select(c => c.Plan).DistinctBy(plan => string.Join(' ', plan.Steps.Select(s => $"{s.Kind}/{s.Group is null}/{s.Undo.Count}"))).ToList();
        var every = Environment.GetEnvironmentVariable("ROTUNDA_PARITY_ALL") == "1" ? 1 : Math.Max(1, shapes.Count / ShapesByDefault);
        return shapes.Where((_, number) => number % every == 0);
    }

    private static async Task CompareAsync(Func<string, StepInput, StepOutcome> script, IEnumerable<RotationPlan> plans, ControlVerb atApproval = ControlVerb.Approve)
    {
        var inputs = plans.Select((plan, number) => new RotationInput(Hurried(plan, $"parity-{number + 1}"))).ToList();
        var embedded = await RunEmbeddedAsync(script, inputs, atApproval);
        var durable = await RunDurableAsync(script, inputs, atApproval);
        foreach (var input in inputs)
        {
            var (id, steps) = (input.Plan.RotationId, string.Join(' ', input.Plan.Steps.Select(s => s.Kind)));
            Assert.True(embedded[id].End == durable[id].End, $"{steps}: embedded ended as {embedded[id].End}, Durable Task as {durable[id].End}");
            Assert.True(
                embedded[id].Calls.SequenceEqual(durable[id].Calls, StringComparer.Ordinal),
                $"{steps}:{Environment.NewLine}embedded: {string.Join(" | ", embedded[id].Calls)}{Environment.NewLine}durable:  {string.Join(" | ", durable[id].Calls)}");
            Assert.NotEmpty(embedded[id].Calls);
        }
    }

    private static async Task<Dictionary<string, (string End, IReadOnlyList<string> Calls)>> RunEmbeddedAsync(
        Func<string, StepInput, StepOutcome> script, IReadOnlyList<RotationInput> inputs, ControlVerb atApproval)
    {
        var folder = Directory.CreateTempSubdirectory("rotunda-parity-");
        var steps = new ScriptedSteps(script, atApproval);
        try
        {
            await using var engine = new DurableEngine(new EngineOptions { HubPath = Path.Combine(folder.FullName, "hub.db") }, steps.Registry(), DeskParts.Payloads);
            await engine.StartAsync(Token);
            return await RunAllAsync(engine.Client, steps, inputs);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<Dictionary<string, (string End, IReadOnlyList<string> Calls)>> RunDurableAsync(
        Func<string, StepInput, StepOutcome> script, IReadOnlyList<RotationInput> inputs, ControlVerb atApproval)
    {
        var steps = new ScriptedSteps(script, atApproval);
        await using var host = await DurableTaskHost.StartAsync(steps.Registry(), DeskParts.Payloads);
        return await RunAllAsync(host.Client, steps, inputs);
    }

    private static async Task<Dictionary<string, (string End, IReadOnlyList<string> Calls)>> RunAllAsync(
        IOrchestrationClient client, ScriptedSteps steps, IReadOnlyList<RotationInput> inputs)
    {
        steps.Client = client;
        var results = new Dictionary<string, (string, IReadOnlyList<string>)>(StringComparer.Ordinal);
        foreach (var batch in inputs.Chunk(Environment.ProcessorCount))
        {
            var ends = await Task.WhenAll(batch.Select(input => SeeThroughAsync(client, input)));
            foreach (var end in ends)
            {
                results[end.InstanceId] = ($"{end.Status} {end.Output}{end.Failure?.Message}{(end.HasEnded ? "" : end.CustomStatus)}", steps.CallsOf(end.InstanceId));
            }
        }

        return results;
    }

    private static async Task<OrchestrationState> SeeThroughAsync(IOrchestrationClient client, RotationInput input)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
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
        Steps = [.. plan.Steps.Select(step => step with { Retry = Quick, Undo = [.. step.Undo.Select(undo => undo with { Retry = Quick })] })],
    };
}
