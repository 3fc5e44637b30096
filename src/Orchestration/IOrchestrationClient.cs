namespace Rotunda.Orchestration;

/// <summary>
/// Starts, signals and reads instances from outside of orchestrations. Called by triggers, HTTP handlers and the command
/// line; safe to call from many threads. A call that returns has been written durably.
/// </summary>
public interface IOrchestrationClient
{
    /// <summary>Starts an instance and returns its id.</summary>
    /// <exception cref="OrchestrationAlreadyExistsException">The id is taken by any instance that has not been purged,
    /// whatever its status. This is what makes a start idempotent: choose the id from the reason of the start.</exception>
    /// <exception cref="ArgumentException">The name is not registered, or the id is empty or longer than 256 characters.</exception>
    Task<string> ScheduleNewAsync(
        string orchestrationName,
        object? input = null,
        StartOptions? options = null,
        CancellationToken cancellationToken = default);

    /// <summary>Sends an external event. It is kept if nobody waits for it yet.</summary>
    /// <exception cref="OrchestrationNotFoundException">No such instance.</exception>
    /// <remarks>An event for an instance that has ended is dropped, as in Durable Task.</remarks>
    Task RaiseEventAsync(string instanceId, string eventName, object? payload = null, CancellationToken cancellationToken = default);

    /// <summary>Ends an instance as <see cref="OrchestrationStatus.Terminated"/>, without running its code again. Activities
    /// under way are not interrupted; their results are dropped. No effect on an instance that has ended.</summary>
    /// <exception cref="OrchestrationNotFoundException">No such instance.</exception>
    Task TerminateAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default);

    /// <summary>Lets a <see cref="OrchestrationStatus.Stuck"/> instance try again (after a deploy of the right code).
    /// No effect on one that is not stuck.</summary>
    /// <exception cref="OrchestrationNotFoundException">No such instance.</exception>
    Task ResumeAsync(string instanceId, CancellationToken cancellationToken = default);

    /// <summary>The instance's present state, or null if there is none with that id.</summary>
    Task<OrchestrationState?> GetAsync(string instanceId, bool withInputsAndOutputs = true, CancellationToken cancellationToken = default);

    /// <summary>Waits until the instance has ended (completed, failed or terminated) or is stuck, and returns its state.</summary>
    /// <exception cref="OrchestrationNotFoundException">No such instance.</exception>
    Task<OrchestrationState> WaitForCompletionAsync(string instanceId, CancellationToken cancellationToken = default);

    /// <summary>One page of instances, ordered by instance id.</summary>
    Task<OrchestrationPage> QueryAsync(OrchestrationQuery query, CancellationToken cancellationToken = default);

    /// <summary>Removes ended instances and their histories. Running ones are never touched.</summary>
    /// <returns>How many were removed.</returns>
    Task<int> PurgeAsync(PurgeFilter filter, CancellationToken cancellationToken = default);
}

/// <param name="InstanceId">The id to use; null for a new random one.</param>
/// <param name="StartAt">When to start; null for now.</param>
public sealed record StartOptions(string? InstanceId = null, DateTimeOffset? StartAt = null);

/// <param name="Statuses">Only these; null or empty for all.</param>
/// <param name="InstanceIdPrefix">Only ids that start with this (case-sensitive).</param>
/// <param name="PageSize">1 to 1000.</param>
/// <param name="ContinuationToken">From the page before; null for the first.</param>
public sealed record OrchestrationQuery(
    IReadOnlyList<OrchestrationStatus>? Statuses = null,
    string? InstanceIdPrefix = null,
    int PageSize = 100,
    string? ContinuationToken = null,
    bool WithInputsAndOutputs = false);

public sealed record OrchestrationPage(IReadOnlyList<OrchestrationState> Instances, string? ContinuationToken);

/// <param name="InstanceId">Only this instance.</param>
/// <param name="EndedBefore">Only instances that ended before this.</param>
public sealed record PurgeFilter(string? InstanceId = null, DateTimeOffset? EndedBefore = null);
