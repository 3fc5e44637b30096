using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Rotunda.Api.Head;
using Rotunda.Orchestration;
using OrchestrationQuery = Rotunda.Orchestration.OrchestrationQuery;

namespace Rotunda.Functions;

/// <summary>
/// Durable Task's client as the port that the desk works with. The host hands out clients to triggers only, so each trigger gives
/// its own to <see cref="Use"/> first; they all lead to the same task hub.
/// </summary>
public sealed class DurableClient : IOrchestrationClient, IEngineProbe
{
    private const int LongestId = 256;

    /// <summary>Azure Storage counts in whole seconds, and starts an instance up to one too early.</summary>
    private static readonly TimeSpan s_tooEarly = TimeSpan.FromSeconds(1);

    private const string Probe = "rotunda-probe";
    private volatile DurableTaskClient? _bound;

    private DurableTaskClient Bound =>
        _bound ?? throw new InvalidOperationException("No trigger has run on this instance yet, so there is no way to the task hub.");

    /// <summary>Takes the trigger's client.</summary>
    /// <returns>The token, so that a trigger stays one line.</returns>
    public CancellationToken Use(DurableTaskClient client, CancellationToken cancellationToken)
    {
        _bound = client;
        return cancellationToken;
    }

    public async Task<string> ScheduleNewAsync(
        string orchestrationName,
        object? input = null,
        StartOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var id = options?.InstanceId ?? Guid.NewGuid().ToString("N");
        if (id.Length is 0 or > LongestId)
        {
            throw new ArgumentException($"An instance id has 1 to {LongestId} characters.", nameof(options));
        }

        // The hosts differ in which ended instances they let a new one replace; here an id is taken until it is purged.
        if (await FindAsync(id, cancellationToken) is not null)
        {
            throw new Rotunda.Orchestration.OrchestrationAlreadyExistsException(id);
        }

        try
        {
            var start = new StartOrchestrationOptions(id, options?.StartAt + s_tooEarly)
                .WithDedupeStatuses([.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);
            return await Bound.ScheduleNewOrchestrationInstanceAsync(new TaskName(orchestrationName), input, start, cancellationToken);
        }
        catch (Exception taken) when (taken is DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException
            or RpcException { StatusCode: StatusCode.AlreadyExists })
        {
            throw new Rotunda.Orchestration.OrchestrationAlreadyExistsException(id);
        }
    }

    public async Task RaiseEventAsync(
        string instanceId,
        string eventName,
        object? payload = null,
        CancellationToken cancellationToken = default)
    {
        // The hosts differ in what they say of an event for an ended instance: it is dropped.
        if (!(await RequireAsync(instanceId, cancellationToken)).IsCompleted)
        {
            await Bound.RaiseEventAsync(instanceId, eventName, payload, cancellationToken);
        }
    }

    public async Task TerminateAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default)
    {
        if (!(await RequireAsync(instanceId, cancellationToken)).IsCompleted)
        {
            await Bound.TerminateInstanceAsync(instanceId, reason, cancellationToken);
        }
    }

    public async Task ResumeAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        if ((await RequireAsync(instanceId, cancellationToken)).RuntimeStatus == OrchestrationRuntimeStatus.Suspended)
        {
            await Bound.ResumeInstanceAsync(instanceId, "resumed", cancellationToken);
        }
    }

    public async Task<OrchestrationState?> GetAsync(
        string instanceId,
        bool withInputsAndOutputs = true,
        CancellationToken cancellationToken = default) =>
        await FindAsync(instanceId, cancellationToken) is { } found ? StateOf(found, withInputsAndOutputs) : null;

    public async Task<OrchestrationState> WaitForCompletionAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        await RequireAsync(instanceId, cancellationToken);
        return StateOf(
            await Bound.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: true, cancellationToken),
            withInputsAndOutputs: true);
    }

    public async Task<OrchestrationPage> QueryAsync(OrchestrationQuery query, CancellationToken cancellationToken = default)
    {
        var filter = new Microsoft.DurableTask.Client.OrchestrationQuery
        {
            Statuses = query.Statuses?.SelectMany(DurableStatus.WordsOf).Select(Enum.Parse<OrchestrationRuntimeStatus>).ToList(),
            InstanceIdPrefix = query.InstanceIdPrefix,
            PageSize = query.PageSize,
            ContinuationToken = query.ContinuationToken,
            FetchInputsAndOutputs = true,
        };
        await foreach (var page in Bound.GetAllInstancesAsync(filter).AsPages().WithCancellation(cancellationToken))
        {
            return new OrchestrationPage(
                [.. page.Values.Select(found => StateOf(found, query.WithInputsAndOutputs))],
                string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken);
        }

        return new OrchestrationPage([], null);
    }

    public async Task<int> PurgeAsync(PurgeFilter filter, CancellationToken cancellationToken = default)
    {
        if (filter.InstanceId is { } id)
        {
            return await FindAsync(id, cancellationToken) is { IsCompleted: true } one && IsOld(one, filter)
                ? (await Bound.PurgeInstanceAsync(id, cancellationToken)).PurgedInstanceCount
                : 0;
        }

        // Durable Task filters by the time of creation; what is asked for is the time of the end.
        var purged = 0;
        await foreach (var found in Bound.GetAllInstancesAsync(new() { FetchInputsAndOutputs = false }).WithCancellation(cancellationToken))
        {
            if (found.IsCompleted && IsOld(found, filter))
            {
                purged += (await Bound.PurgeInstanceAsync(found.InstanceId, cancellationToken)).PurgedInstanceCount;
            }
        }

        return purged;
    }

    /// <summary>A look at an instance that is not there goes all the way to the task hub.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken) => await FindAsync(Probe, cancellationToken);

    private static bool IsOld(OrchestrationMetadata found, PurgeFilter filter) =>
        filter.EndedBefore is not { } before || found.LastUpdatedAt < before;

    private static OrchestrationState StateOf(OrchestrationMetadata found, bool withInputsAndOutputs)
    {
        var status = DurableStatus.Of(found.RuntimeStatus.ToString());
        var told =
            found.FailureDetails is { } details ? new FailureDetails(details.ErrorType, details.ErrorMessage, details.StackTrace) : null;
        return new OrchestrationState(
            found.InstanceId, found.Name, status, found.CreatedAt, found.LastUpdatedAt,
            withInputsAndOutputs ? found.SerializedInput : null,
            withInputsAndOutputs && status == OrchestrationStatus.Completed ? found.SerializedOutput : null,
            found.SerializedCustomStatus,
            DurableStatus.FailureOf(status, told, found.SerializedOutput));
    }

    /// <summary>With inputs and outputs always: without them the hosts leave out the custom status too.</summary>
    private Task<OrchestrationMetadata?> FindAsync(string instanceId, CancellationToken cancellationToken) =>
        Bound.GetInstanceAsync(instanceId, getInputsAndOutputs: true, cancellationToken);

    private async Task<OrchestrationMetadata> RequireAsync(string instanceId, CancellationToken cancellationToken) =>
        await FindAsync(instanceId, cancellationToken) ?? throw new OrchestrationNotFoundException(instanceId);
}
