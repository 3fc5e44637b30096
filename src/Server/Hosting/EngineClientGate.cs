using Rotunda.Engine;
using Rotunda.Orchestration;

namespace Rotunda.Server.Hosting;

/// <summary>The engine's client for services that are made before the engine has started.</summary>
internal sealed class EngineClientGate(DurableEngine engine) : IOrchestrationClient
{
    public Task<string> ScheduleNewAsync(string orchestrationName, object? input = null, StartOptions? options = null, CancellationToken cancellationToken = default) =>
        engine.Client.ScheduleNewAsync(orchestrationName, input, options, cancellationToken);

    public Task RaiseEventAsync(string instanceId, string eventName, object? payload = null, CancellationToken cancellationToken = default) =>
        engine.Client.RaiseEventAsync(instanceId, eventName, payload, cancellationToken);

    public Task TerminateAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default) =>
        engine.Client.TerminateAsync(instanceId, reason, cancellationToken);

    public Task ResumeAsync(string instanceId, CancellationToken cancellationToken = default) =>
        engine.Client.ResumeAsync(instanceId, cancellationToken);

    public Task<OrchestrationState?> GetAsync(string instanceId, bool withInputsAndOutputs = true, CancellationToken cancellationToken = default) =>
        engine.Client.GetAsync(instanceId, withInputsAndOutputs, cancellationToken);

    public Task<OrchestrationState> WaitForCompletionAsync(string instanceId, CancellationToken cancellationToken = default) =>
        engine.Client.WaitForCompletionAsync(instanceId, cancellationToken);

    public Task<OrchestrationPage> QueryAsync(OrchestrationQuery query, CancellationToken cancellationToken = default) =>
        engine.Client.QueryAsync(query, cancellationToken);

    public Task<int> PurgeAsync(PurgeFilter filter, CancellationToken cancellationToken = default) =>
        engine.Client.PurgeAsync(filter, cancellationToken);
}
