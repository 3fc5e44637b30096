using Rotunda.Orchestration;
using Rotunda.Interpreter;

namespace Rotunda.Api.Tests;

/// <summary>An engine that runs no rotation: a test writes itself how each goes.</summary>
internal sealed class NoticesOnly(IOrchestrationClient engine) : IOrchestrationClient
{
    public Task<string> ScheduleNewAsync(
        string orchestrationName, object? input = null, StartOptions? options = null, CancellationToken cancellationToken = default) =>
        orchestrationName == RotationNames.Orchestration
            ? Task.FromResult(options!.InstanceId!)
            : engine.ScheduleNewAsync(orchestrationName, input, options, cancellationToken);

    public Task RaiseEventAsync(
        string instanceId, string eventName, object? payload = null, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task TerminateAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default) =>
        engine.TerminateAsync(instanceId, reason, cancellationToken);

    public Task ResumeAsync(string instanceId, CancellationToken cancellationToken = default) =>
        engine.ResumeAsync(instanceId, cancellationToken);

    public Task<OrchestrationState?> GetAsync(
        string instanceId, bool withInputsAndOutputs = true, CancellationToken cancellationToken = default) =>
        engine.GetAsync(instanceId, withInputsAndOutputs, cancellationToken);

    public Task<OrchestrationState> WaitForCompletionAsync(string instanceId, CancellationToken cancellationToken = default) =>
        engine.WaitForCompletionAsync(instanceId, cancellationToken);

    public Task<OrchestrationPage> QueryAsync(OrchestrationQuery query, CancellationToken cancellationToken = default) =>
        engine.QueryAsync(query, cancellationToken);

    public Task<int> PurgeAsync(PurgeFilter filter, CancellationToken cancellationToken = default) =>
        engine.PurgeAsync(filter, cancellationToken);
}
