using System.Text.Json;
using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using DurableTask.Core.Middleware;
using Google.Protobuf;
using Microsoft.DurableTask.Testing.Sidecar.Grpc;
using Microsoft.DurableTask.Worker.Grpc;
using Rotunda.Orchestration;
using FailureDetails = DurableTask.Core.FailureDetails;
using Proto = Microsoft.DurableTask.Protobuf;

namespace Rotunda.Functions.Tests.Storage;

/// <summary>
/// Between Durable Task's dispatcher and the code, what the Functions extension does: an orchestration gets its history as protobuf
/// and answers with actions, by the same runner as in the worker of the Functions head; a step is called and its outcome reported.
/// </summary>
/// <param name="seen">Hears of each turn of an orchestration; null if nobody does.</param>
internal sealed class StorageWorker(
    TaskRegistry registry,
    PayloadSerializer payloads,
    IServiceProvider services,
    StorageWire wire,
    Action<Proto.OrchestratorRequest, Proto.OrchestratorResponse>? seen = null)
{
    public void AddTo(TaskHubWorker worker)
    {
        worker.ErrorPropagationMode = ErrorPropagationMode.UseFailureDetails;
        worker.AddOrchestrationDispatcherMiddleware((context, _) => RunOrchestration(context));
        worker.AddActivityDispatcherMiddleware((context, _) => RunActivityAsync(context));
    }

    private Task RunOrchestration(DispatchMiddlewareContext context)
    {
        var state = context.GetProperty<OrchestrationRuntimeState>();
        context.SetProperty(registry.Orchestrations.TryGetValue(state.Name, out var orchestration)
            ? Answer(state, orchestration)
            : OrchestratorExecutionResult.ForFailure($"The orchestrator function '{state.Name}' doesn't exist.", details: null));
        return Task.CompletedTask;
    }

    private OrchestratorExecutionResult Answer(OrchestrationRuntimeState state, RegisteredOrchestration orchestration)
    {
        var request = new Proto.OrchestratorRequest
        {
            InstanceId = state.OrchestrationInstance!.InstanceId,
            PastEvents = { state.PastEvents.Select(ProtobufUtils.ToHistoryEventProto) },
            NewEvents = { state.NewEvents.Select(ProtobufUtils.ToHistoryEventProto) },
        };
        var answered = GrpcOrchestrationRunner.LoadAndRun<JsonElement?, object?>(
            Convert.ToBase64String(request.ToByteArray()),
            (inner, _) => DurableContext.RunAsync<JsonElement, object?>(inner, payloads, (ours, _) => orchestration.Run(ours)),
            services);
        Abort();
        var response = Proto.OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(answered));
        seen?.Invoke(request, response);
        return new OrchestratorExecutionResult
        {
            CustomStatus = response.CustomStatus,
            Actions = [.. response.Actions.Select(ProtobufUtils.ToOrchestratorAction)],
        };
    }

    private async Task RunActivityAsync(DispatchMiddlewareContext context)
    {
        var scheduled = context.GetProperty<TaskScheduledEvent>();
        var instance = context.GetProperty<OrchestrationInstance>();
        var answer = await AnswerAsync(scheduled, instance);
        Abort();
        context.SetProperty(new ActivityExecutionResult { ResponseEvent = answer });
    }

    private async Task<HistoryEvent> AnswerAsync(TaskScheduledEvent scheduled, OrchestrationInstance instance)
    {
        if (!registry.Activities.TryGetValue(scheduled.Name!, out var activity))
        {
            var missing = $"The activity function '{scheduled.Name}' doesn't exist.";
            return Failed(
                scheduled,
                missing,
                new FailureDetails("ActivityFunctionNotFound", missing, null, innerFailure: null, isNonRetriable: true));
        }

        try
        {
            // Durable Task numbers the calls of a generation, and each generation has an id of its own.
            var key = $"{instance.InstanceId}:{instance.ExecutionId}:{scheduled.EventId}";
            var call = new Rotunda.Orchestration.ActivityContext(instance.InstanceId, activity.Name, scheduled.EventId, key);
            var output = await activity.Run(call, payloads.Deserialize(Input(scheduled.Input), activity.InputType), CancellationToken.None);
            return new TaskCompletedEvent(-1, scheduled.EventId, payloads.Serialize(output));
        }
        catch (Exception problem) when (problem is not WireCutException)
        {
            return Failed(scheduled, $"Function '{scheduled.Name}' failed with an unhandled exception.", new FailureDetails(problem));
        }
    }

    private static TaskFailedEvent Failed(TaskScheduledEvent scheduled, string reason, FailureDetails details) =>
        new(-1, scheduled.EventId, reason, details: null, details);

    /// <summary>Durable Task hands an input over as a list of arguments.</summary>
    private static string? Input(string? input) => input is ['[', .. var argument, ']'] && argument is not ("" or "null") ? argument : null;

    /// <summary>What a dead host has done is nobody's any more.</summary>
    private void Abort()
    {
        if (wire.IsCut)
        {
            throw new SessionAbortedException("The host is dead.");
        }
    }
}
