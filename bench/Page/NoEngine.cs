using Rotunda.Orchestration;

namespace Rotunda.Bench.Page;

/// <summary>No rotation runs in the bench: what is asked of the engine is a look-up by key, which finds nothing here.</summary>
internal sealed class NoEngine : IOrchestrationClient
{
    public Task<OrchestrationState?> GetAsync(
        string instanceId,
        bool withInputsAndOutputs = true,
        CancellationToken cancellationToken = default) => Task.FromResult<OrchestrationState?>(null);

    public Task<string> ScheduleNewAsync(
        string orchestrationName,
        object? input = null,
        StartOptions? options = null,
        CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task RaiseEventAsync(
        string instanceId, string eventName, object? payload = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task TerminateAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task ResumeAsync(string instanceId, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<OrchestrationState> WaitForCompletionAsync(string instanceId, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<OrchestrationPage> QueryAsync(OrchestrationQuery query, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<int> PurgeAsync(PurgeFilter filter, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
