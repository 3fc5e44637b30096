using Rotunda.Api.Head;
using Rotunda.Engine;
using Rotunda.Orchestration;

namespace Rotunda.Server.Hosting;

/// <summary>
/// The embedded engine as the server sees it: something to start and stop, something to probe, and a client that can be
/// handed out before the engine runs (requests are turned away until it does).
/// </summary>
internal sealed class EmbeddedEngine(DataDirectory data, IServiceProvider provider)
    : IEngineHost, IEngineProbe, IOrchestrationClient, IAsyncDisposable
{
    private readonly DurableEngine _engine = Parts.BuildEngine(data, provider);

    public Task StartAsync(CancellationToken cancellationToken) => _engine.StartAsync(cancellationToken);

    public Task StopAsync() => _engine.StopAsync();

    public Task CheckAsync(CancellationToken cancellationToken) => _engine.Health switch
    {
        { State: EngineState.Running } => Task.CompletedTask,
        var health => throw new InvalidOperationException(health.Reason ?? $"the engine is {health.State}"),
    };

    Task<string> IOrchestrationClient.ScheduleNewAsync(
        string orchestrationName,
        object? input,
        StartOptions? options,
        CancellationToken cancellationToken) =>
        _engine.Client.ScheduleNewAsync(orchestrationName, input, options, cancellationToken);

    Task IOrchestrationClient.RaiseEventAsync(string instanceId, string eventName, object? payload, CancellationToken cancellationToken) =>
        _engine.Client.RaiseEventAsync(instanceId, eventName, payload, cancellationToken);

    Task IOrchestrationClient.TerminateAsync(string instanceId, string? reason, CancellationToken cancellationToken) =>
        _engine.Client.TerminateAsync(instanceId, reason, cancellationToken);

    Task IOrchestrationClient.ResumeAsync(string instanceId, CancellationToken cancellationToken) =>
        _engine.Client.ResumeAsync(instanceId, cancellationToken);

    Task<OrchestrationState?> IOrchestrationClient.GetAsync(
        string instanceId,
        bool withInputsAndOutputs,
        CancellationToken cancellationToken) =>
        _engine.Client.GetAsync(instanceId, withInputsAndOutputs, cancellationToken);

    Task<OrchestrationState> IOrchestrationClient.WaitForCompletionAsync(string instanceId, CancellationToken cancellationToken) =>
        _engine.Client.WaitForCompletionAsync(instanceId, cancellationToken);

    Task<OrchestrationPage> IOrchestrationClient.QueryAsync(OrchestrationQuery query, CancellationToken cancellationToken) =>
        _engine.Client.QueryAsync(query, cancellationToken);

    Task<int> IOrchestrationClient.PurgeAsync(PurgeFilter filter, CancellationToken cancellationToken) =>
        _engine.Client.PurgeAsync(filter, cancellationToken);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();
}
