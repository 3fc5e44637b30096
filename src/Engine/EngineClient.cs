using Rotunda.Engine.Dispatch;
using Rotunda.Engine.History;
using Rotunda.Engine.Storage;
using Rotunda.Orchestration;

namespace Rotunda.Engine;

/// <summary>The engine's side of <see cref="IOrchestrationClient"/>. Reads run on the caller's thread: SQLite has no other way.</summary>
internal sealed class EngineClient(Func<Dispatcher> running) : IOrchestrationClient
{
    private const int PurgeBatch = 500;

    private Dispatcher Engine => running();

    public async Task<string> ScheduleNewAsync(
        string orchestrationName,
        object? input = null,
        StartOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var dispatcher = Engine;
        if (!dispatcher.Registry.Orchestrations.ContainsKey(orchestrationName))
        {
            throw new ArgumentException($"No orchestration is registered as '{orchestrationName}'.", nameof(orchestrationName));
        }

        var now = dispatcher.Clock.GetUtcNow();
        // Ids that follow each other lie together in the hub's indexes, so a commit changes fewer pages.
        var id = options?.InstanceId ?? Guid.CreateVersion7(now).ToString("N");
        if (id.Length is 0 or > 256)
        {
            throw new ArgumentException("An instance id has 1 to 256 characters.", nameof(options));
        }

        var startAt = options?.StartAt > now ? options.StartAt : null;
        var json = dispatcher.Serializer.Serialize(input);
        var instance = new NewInstance(
            id, orchestrationName, json, now, startAt, Parent: null, dispatcher.SaysFirst(orchestrationName, json));
        var commit = new CreateCommit(instance, dispatcher.Hold, key => Begin(dispatcher, key, instance));
        dispatcher.Commits.Enqueue(commit);
        return await commit.Done.WaitAsync(cancellationToken) is not null ? id : throw new OrchestrationAlreadyExistsException(id);
    }

    public async Task RaiseEventAsync(
        string instanceId,
        string eventName,
        object? payload = null,
        CancellationToken cancellationToken = default)
    {
        var dispatcher = Engine;
        var raised = new EventRaised(eventName, dispatcher.Serializer.Serialize(payload));
        var commit = new RaiseCommit(instanceId, raised, result =>
        {
            if (result is { Key: { } key, InboxId: not null })
            {
                dispatcher.Post(key, new Deliver(raised, Generation: null, result.InboxId));
            }
        });
        dispatcher.Commits.Enqueue(commit);
        if ((await commit.Done.WaitAsync(cancellationToken)).Key is null)
        {
            throw new OrchestrationNotFoundException(instanceId);
        }
    }

    public Task TerminateAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default) =>
        SendAsync(instanceId, done => new Terminate(reason, done), cancellationToken);

    public async Task ResumeAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        var state = await GetAsync(instanceId, withInputsAndOutputs: false, cancellationToken);
        if (state?.Status is null or OrchestrationStatus.Stuck)
        {
            await SendAsync(instanceId, done => new Recover(done), cancellationToken);
        }
    }

    public Task<OrchestrationState?> GetAsync(
        string instanceId,
        bool withInputsAndOutputs = true,
        CancellationToken cancellationToken = default) =>
        Task.FromResult(Engine.Readers.Read(reader => reader.Get(instanceId, withInputsAndOutputs)));

    public async Task<OrchestrationState> WaitForCompletionAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        var dispatcher = Engine;
        // Registered before the look, so that an end in between is not missed.
        var waiter = dispatcher.Waiters.Add(instanceId);
        try
        {
            if (dispatcher.IsUnderWay(instanceId))
            {
                return await waiter.Task.WaitAsync(cancellationToken);
            }

            var state =
                await GetAsync(instanceId, cancellationToken: cancellationToken) ?? throw new OrchestrationNotFoundException(instanceId);
            return state.HasEnded || state.Status == OrchestrationStatus.Stuck ? state : await waiter.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            dispatcher.Waiters.Remove(instanceId, waiter);
        }
    }

    public Task<OrchestrationPage> QueryAsync(OrchestrationQuery query, CancellationToken cancellationToken = default)
    {
        if (query.PageSize is < 1 or > 1000)
        {
            throw new ArgumentOutOfRangeException(nameof(query), query.PageSize, "A page has 1 to 1000 instances.");
        }

        // One more than the page tells whether there is a next one.
        var found = Engine.Readers.Read(reader => reader.Query(
            query.Statuses ?? [],
            query.InstanceIdPrefix,
            query.ContinuationToken,
            query.PageSize + 1,
            query.WithInputsAndOutputs));
        var more = found.Count > query.PageSize;
        if (more)
        {
            found.RemoveAt(query.PageSize);
        }

        return Task.FromResult(new OrchestrationPage(found, more ? found[^1].InstanceId : null));
    }

    public async Task<int> PurgeAsync(PurgeFilter filter, CancellationToken cancellationToken = default)
    {
        var dispatcher = Engine;
        var before = filter.EndedBefore?.UtcTicks ?? long.MaxValue;
        var removed = 0;
        while (dispatcher.Readers.Read(reader => reader.Ended(filter.InstanceId, before, PurgeBatch)) is { Count: > 0 } keys)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var commit = new PurgeCommit(keys);
            dispatcher.Commits.Enqueue(commit);
            removed += await commit.Done;
        }

        return removed;
    }

    private static void Begin(Dispatcher dispatcher, long? key, NewInstance instance)
    {
        if (key is not { } created)
        {
            return;
        }

        if (instance.StartAt is null)
        {
            dispatcher.Post(created, Wake.Instance);
        }
        else
        {
            dispatcher.Timers.Set(created, instance.StartAt, instance.GoesFirst == true);
        }
    }

    private async Task SendAsync(string instanceId, Func<TaskCompletionSource, Message> message, CancellationToken cancellationToken)
    {
        var dispatcher = Engine;
        var key = dispatcher.Readers.Read(reader => reader.KeyOf(instanceId)) ?? throw new OrchestrationNotFoundException(instanceId);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        dispatcher.Post(key, message(done));
        await done.Task.WaitAsync(cancellationToken);
    }
}
