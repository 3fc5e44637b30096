using Rotunda.Orchestration;

namespace Rotunda.Bench.Page;

/// <summary>No rotation runs in a bench that measures the looking: what is asked of the engine is a look-up by key, and
/// for leaks, of which there are none.</summary>
/// <param name="all">What each that is asked for is said to be; null for not there.</param>
internal sealed class NoEngine(OrchestrationStatus? all = null) : IOrchestrationClient
{
    public Task<OrchestrationState?> GetAsync(
        string instanceId,
        bool withInputsAndOutputs = true,
        CancellationToken cancellationToken = default) => Task.FromResult(
        all is { } status ? new OrchestrationState(instanceId, "rotation", status, default, default, null, null, null, null) : null);

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
        Task.FromResult(new OrchestrationPage([], null));

    public Task<int> PurgeAsync(PurgeFilter filter, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
