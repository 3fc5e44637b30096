using System.Collections.Concurrent;
using Rotunda.Orchestration;
using Rotunda.Rotation.Credentials;
using Rotunda.Rotation.Orchestrations;
using Rotunda.Rotation.Planning;

namespace Rotunda.Functions.Tests;

/// <summary>Activities that answer by a script (a function of the call alone), and remember in which order they were called.</summary>
internal sealed class ScriptedSteps(Func<string, StepInput, StepOutcome> script, ControlVerb atApproval = ControlVerb.Approve)
{
    private readonly ConcurrentQueue<Call> _calls = new();
    private readonly ConcurrentDictionary<string, int> _stuck = new(StringComparer.Ordinal);

    /// <summary>Where the person beside the rotations sends what is asked for. Set once the engine runs.</summary>
    public IOrchestrationClient? Client { get; set; }

    public TaskRegistry Registry()
    {
        var registry = RotationOrchestrations.AddTo(new TaskRegistry());
        foreach (var kind in StepKinds.Activities.Where(kind => kind != StepKinds.Record))
        {
            registry.AddActivity<StepInput, StepOutcome>(kind, (_, input, _) => Task.FromResult(Answer(kind, input!)));
        }

        return registry.AddActivity<RecordInput, StepOutcome>(StepKinds.Record, async (_, input, cancellationToken) =>
        {
            _calls.Enqueue(new Call(input!.RotationId, $"record {input.Sequence} {input.State} {input.Action} by {input.Actor}", null));
            if (VerbAt(input) is { } verb)
            {
                await Client!.RaiseEventAsync(input.RotationId, RotationNames.ControlEvent, new ControlMessage(verb, "someone else", "as planned"), cancellationToken);
            }

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

    /// <summary>The person says once what each record asks for. One that is stuck a second time is given up.</summary>
    private ControlVerb? VerbAt(RecordInput record) => record.Action switch
    {
        RotationActions.ApprovalRequested => atApproval,
        RotationActions.GraceStarted => ControlVerb.SkipGrace,
        RotationActions.Stuck => _stuck.AddOrUpdate(record.RotationId, 1, (_, times) => times + 1) == 1 ? ControlVerb.Resume : ControlVerb.Cancel,
        _ => null,
    };

    private StepOutcome Answer(string kind, StepInput input)
    {
        var id = input.Undo?.Id ?? input.Step.Id;
        _calls.Enqueue(new Call(input.RotationId, $"{kind} {id} attempt {input.Attempt}", input.Undo is null ? input.Step.Group : null));
        return script(kind, input);
    }

    private sealed record Call(string RotationId, string Text, string? Group);
}
