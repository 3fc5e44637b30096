using System.Collections.Concurrent;
using Rotunda.Orchestration;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Functions.Tests;

/// <summary>What the world answers and what people say, as functions of the call alone, so that two engines are told the same.</summary>
/// <param name="Answer">What a step of that kind answers.</param>
/// <param name="AtRecord">What a person says while that record is being written; null for nothing.</param>
/// <param name="AtStep">What a person says while that step is under way, before it answers; null for nothing.</param>
/// <param name="KeepsGrace">The grace period is waited for: plans have a short one.</param>
internal sealed record Script(
    Func<string, StepInput, StepOutcome> Answer,
    Func<RecordInput, ControlMessage?>? AtRecord = null,
    Func<string, StepInput, ControlMessage?>? AtStep = null,
    bool KeepsGrace = false)
{
    /// <summary>By someone who may approve.</summary>
    public static ControlMessage Say(ControlVerb verb) => new(verb, "someone else", "as planned");
}

/// <summary>Activities that answer by a script, and remember in which order they were called.</summary>
internal sealed class ScriptedSteps(Script script)
{
    private readonly ConcurrentQueue<Call> _calls = new();

    /// <summary>Where the person beside the rotations sends what is asked for. Set once the engine runs.</summary>
    public IOrchestrationClient? Client { get; set; }

    public TaskRegistry Registry()
    {
        var registry = RotationOrchestrations.AddTo(new TaskRegistry());
        foreach (var kind in StepKinds.Activities.Where(kind => kind != StepKinds.Record))
        {
            registry.AddActivity<StepInput, StepOutcome>(
                kind,
                (_, input, cancellationToken) => AnswerAsync(kind, input!, cancellationToken));
        }

        return registry.AddActivity<RecordInput, StepOutcome>(StepKinds.Record, async (_, input, cancellationToken) =>
        {
            _calls.Enqueue(new Call(input!.RotationId, $"record {input.Sequence} {input.State} {input.Action} by {input.Actor}", null));
            await SayAsync(input.RotationId, script.AtRecord?.Invoke(input) ?? Usually(input), cancellationToken);
            return StepOutcome.Done();
        });
    }

    /// <summary>
    /// What was called for one rotation, in order. Steps of one group run side by side, so their calls are put into a fixed order
    /// among themselves: which of them is first is chance in every engine.
    /// </summary>
    public IReadOnlyList<string> CallsOf(string rotationId)
    {
        var ordered = new List<string>();
        var group = new List<Call>();
        foreach (var call in _calls.Where(c => c.RotationId == rotationId).Append(new Call(rotationId, "", null)))
        {
            if (group.Count > 0 && (call.Group is null || call.Group != group[0].Group))
            {
                ordered.AddRange(group.Select(c => c.Text).Order(StringComparer.Ordinal));
                group.Clear();
            }

            if (call.Group is not null)
            {
                group.Add(call);
            }
            else if (call.Text.Length > 0)
            {
                ordered.Add(call.Text);
            }
        }

        return ordered;
    }

    /// <summary>Where the script has nothing to say: approve what is asked, skip the grace period, resume what is paused or
    /// stuck.</summary>
    private ControlMessage? Usually(RecordInput record) => record.Action switch
    {
        RotationActions.ApprovalRequested => Script.Say(ControlVerb.Approve),
        RotationActions.GraceStarted when !script.KeepsGrace => Script.Say(ControlVerb.SkipGrace),
        RotationActions.Stuck or RotationActions.Paused => Script.Say(ControlVerb.Resume),
        _ => null,
    };

    private async Task<StepOutcome> AnswerAsync(string kind, StepInput input, CancellationToken cancellationToken)
    {
        var id = input.Undo?.Id ?? input.Step.Id;
        _calls.Enqueue(new Call(input.RotationId, $"{kind} {id} attempt {input.Attempt}", input.Undo is null ? input.Step.Group : null));
        await SayAsync(input.RotationId, script.AtStep?.Invoke(kind, input), cancellationToken);
        return script.Answer(kind, input);
    }

    private Task SayAsync(string rotationId, ControlMessage? message, CancellationToken cancellationToken) =>
        message is null ? Task.CompletedTask : Client!.RaiseEventAsync(rotationId, RotationNames.ControlEvent, message, cancellationToken);

    private sealed record Call(string RotationId, string Text, string? Group);
}
