using System.Collections.Concurrent;
using Rotunda.Orchestration;

namespace Rotunda.Api.Tests;

/// <summary>Remembers what it was told and runs nothing.</summary>
internal sealed class FakeOrchestrationClient : IOrchestrationClient
{
    public ConcurrentDictionary<string, OrchestrationState> Instances { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<(string InstanceId, string Name, object? Payload)> Events { get; } = new();

    /// <summary>What instances were started with.</summary>
    public ConcurrentDictionary<string, object?> Inputs { get; } = new(StringComparer.Ordinal);

    /// <summary>Thrown by the next starts, as by an engine that is down.</summary>
    public Exception? Failure { get; set; }

    public Task<string> ScheduleNewAsync(
        string orchestrationName,
        object? input = null,
        StartOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        if (Failure is { } failure)
        {
            throw failure;
        }

        var id = options!.InstanceId!;
        Inputs.TryAdd(id, input);
        return Instances.TryAdd(id, State(id, OrchestrationStatus.Running))
            ? Task.FromResult(id)
            : throw new OrchestrationAlreadyExistsException(id);
    }

    public Task RaiseEventAsync(string instanceId, string eventName, object? payload = null, CancellationToken cancellationToken = default)
    {
        if (!Instances.ContainsKey(instanceId))
        {
            throw new OrchestrationNotFoundException(instanceId);
        }

        Events.Enqueue((instanceId, eventName, payload));
        return Task.CompletedTask;
    }

    public Task TerminateAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task ResumeAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        Instances[instanceId] = State(instanceId, OrchestrationStatus.Running);
        return Task.CompletedTask;
    }

    public Task<OrchestrationState?> GetAsync(
        string instanceId,
        bool withInputsAndOutputs = true,
        CancellationToken cancellationToken = default) =>
        Task.FromResult(Instances.GetValueOrDefault(instanceId));

    public Task<OrchestrationState> WaitForCompletionAsync(string instanceId, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<OrchestrationPage> QueryAsync(OrchestrationQuery query, CancellationToken cancellationToken = default)
    {
        var found = Instances.Values
            .Where(i => query.Statuses?.Contains(i.Status) != false
                && i.InstanceId.StartsWith(query.InstanceIdPrefix ?? "", StringComparison.Ordinal)
                && string.CompareOrdinal(i.InstanceId, query.ContinuationToken) > 0)
            .OrderBy(i => i.InstanceId, StringComparer.Ordinal).ToList();
        return Task.FromResult(new OrchestrationPage(
            [.. found.Take(query.PageSize)],
            found.Count > query.PageSize ? found[query.PageSize - 1].InstanceId : null));
    }

    public Task<int> PurgeAsync(PurgeFilter filter, CancellationToken cancellationToken = default)
    {
        var isOld = Instances.TryGetValue(filter.InstanceId!, out var found)
            && found.HasEnded
            && (filter.EndedBefore is null || found.LastUpdatedAt < filter.EndedBefore);
        return Task.FromResult(isOld && Instances.TryRemove(filter.InstanceId!, out _) ? 1 : 0);
    }

    public static OrchestrationState State(string id, OrchestrationStatus status, FailureDetails? failure = null) =>
        new(id, "Rotation", status, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, null, null, null, failure);
}
