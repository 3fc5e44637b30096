using Rotunda.Engine;
using Rotunda.Orchestration;

namespace Rotunda.Server.Hosting;

/// <summary>
/// The embedded engine as the server sees it: something to start and stop, something to probe, and a client that can be
/// handed out before the engine runs (requests are turned away until it does).
/// </summary>
internal sealed class EmbeddedEngine(DataDirectory data, CrashHook? crash, IServiceProvider provider) : IEngineHost, IEngineProbe, IOrchestrationClient, IAsyncDisposable
{
    private readonly DurableEngine _engine = Parts.BuildEngine(data, crash, provider);

    public Task StartAsync(CancellationToken cancellationToken) => _engine.StartAsync(cancellationToken);

    public Task StopAsync() => _engine.StopAsync();

    public string? Problem() => _engine.Health switch
    {
        { State: EngineState.Running } => null,
        var health => health.Reason ?? $"the engine is {health.State}",
    };

    public Task<string> ScheduleNewAsync(string orchestrationName, object? input, StartOptions? options, CancellationToken cancellationToken) =>
        _engine.Client.ScheduleNewAsync(orchestrationName, input, options, cancellationToken);

    public Task RaiseEventAsync(string instanceId, string eventName, object? payload, CancellationToken cancellationToken) =>
        _engine.Client.RaiseEventAsync(instanceId, eventName, payload, cancellationToken);

    public Task TerminateAsync(string instanceId, string? reason, CancellationToken cancellationToken) =>
        _engine.Client.TerminateAsync(instanceId, reason, cancellationToken);

    public Task ResumeAsync(string instanceId, CancellationToken cancellationToken) => _engine.Client.ResumeAsync(instanceId, cancellationToken);

    public Task<OrchestrationState?> GetAsync(string instanceId, bool withInputsAndOutputs, CancellationToken cancellationToken) =>
        _engine.Client.GetAsync(instanceId, withInputsAndOutputs, cancellationToken);

    public Task<OrchestrationState> WaitForCompletionAsync(string instanceId, CancellationToken cancellationToken) =>
        _engine.Client.WaitForCompletionAsync(instanceId, cancellationToken);

    public Task<OrchestrationPage> QueryAsync(OrchestrationQuery query, CancellationToken cancellationToken) => _engine.Client.QueryAsync(query, cancellationToken);

    public Task<int> PurgeAsync(PurgeFilter filter, CancellationToken cancellationToken) => _engine.Client.PurgeAsync(filter, cancellationToken);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();
}
