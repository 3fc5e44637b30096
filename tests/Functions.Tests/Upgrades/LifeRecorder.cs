using Rotunda.Api.Head;
using Rotunda.Engine;
using Rotunda.Engine.Options;
using Rotunda.Functions.Tests.Storage;
using Rotunda.Interpreter;
using Rotunda.Orchestration;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Functions.Tests.Upgrades;

/// <summary>Lives a life on a real engine, once for a release, and keeps what that engine has stored of it.</summary>
internal sealed class LifeRecorder(Life life, RotationInput input)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);
    private IOrchestrationClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>On Azure Storage, by the worker of the Functions head.</summary>
    public async Task<string> OnDurableTaskAsync()
    {
        string? recorded = null;
        await using var host = await StorageHost.StartAsync(
            StorageHub.New(), Registry(), DeskParts.Payloads, (request, response) => recorded = DurableHistory.Of(request, response));
        await LiveAsync(host.Client);
        return recorded!;
    }

    /// <summary>On the embedded engine.</summary>
    public async Task<string> OnEngineAsync()
    {
        var folder = Directory.CreateTempSubdirectory("rotunda-life-");
        try
        {
            var options = new EngineOptions { HubPath = Path.Combine(folder.FullName, "hub.db") };
            await using var engine = new DurableEngine(options, Registry(), DeskParts.Payloads);
            await engine.StartAsync(Token);
            await LiveAsync(engine.Client);
            return engine.ExportHistory(input.Plan.RotationId)!.ToJson();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private TaskRegistry Registry()
    {
        var registry = RotationOrchestrations.AddTo(new TaskRegistry());
        foreach (var kind in StepKinds.Activities.Where(kind => kind != StepKinds.Record))
        {
            registry.AddActivity<StepInput, StepOutcome>(kind, async (_, step, _) =>
            {
                if (kind == life.PausedAt && step is { Undo: null, Attempt: 2 })
                {
                    await SayAsync(ControlVerb.Pause);
                }

                return life.Answer(kind, step!);
            });
        }

        return registry.AddActivity<RecordInput, StepOutcome>(StepKinds.Record, (_, _, _) => Task.FromResult(StepOutcome.Done()));
    }

    private async Task LiveAsync(IOrchestrationClient client)
    {
        _client = client;
        var id = input.Plan.RotationId;
        await client.ScheduleNewAsync(RotationNames.Orchestration, input, new StartOptions(id), Token);
        var words = new Queue<Word>(life.Words);
        for (var state = await client.GetAsync(id, cancellationToken: Token); state is not { HasEnded: true };
            state = await client.GetAsync(id, cancellationToken: Token))
        {
            var status = state?.CustomStatus is { } json ? DeskParts.Payloads.Deserialize<RotationStatus>(json) : null;
            if (words.TryPeek(out var word) && Place.Of(status) == word.At && status!.WaitingFor != "another attempt")
            {
                words.Dequeue();
                await SayAsync(word.Verb);
            }

            await Task.Delay(s_look, TimeProvider.System, Token);
        }
    }

    private Task SayAsync(ControlVerb verb) =>
        _client.RaiseEventAsync(input.Plan.RotationId, RotationNames.ControlEvent, Script.Say(verb), Token);
}
