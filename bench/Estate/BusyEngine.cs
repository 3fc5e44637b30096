using Rotunda.Orchestration;

namespace Rotunda.Bench.Estate;

/// <summary>Every rotation that is asked for runs. Nothing may be started: the bench measures the looking, not the rotating.</summary>
internal sealed class BusyEngine : IOrchestrationClient
{
    public Task<OrchestrationState?> GetAsync(
        string instanceId, bool withInputsAndOutputs = true, CancellationToken cancellationToken = default) =>
        Task.FromResult<OrchestrationState?>(new OrchestrationState(
            instanceId, "rotation", OrchestrationStatus.Running, default, default, null, null, null, null));

    public Task<string> ScheduleNewAsync(
        string orchestrationName, object? input = null, StartOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException($"{orchestrationName} was started.");

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
