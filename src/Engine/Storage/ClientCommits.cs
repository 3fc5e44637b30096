using Rotunda.Engine.History;
using Rotunda.Orchestration;

namespace Rotunda.Engine.Storage;

/// <summary>A client's change of the hub: the call returns when it is on disk, and after what follows from it is under way.</summary>
internal abstract class ClientCommit<T>(Action<T> then) : Commit
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Done => _done.Task;

    public override void Write(HubWriter hub) => _result = Change(hub);

    protected abstract T Change(HubWriter hub);

    protected override void Committed()
    {
        then(_result!);
        _done.SetResult(_result!);
    }

    protected override void Failed(Exception failure) => _done.SetException(failure);
}

/// <summary>Creates an instance. The result is its key, or null if the id is taken.</summary>
/// <param name="hold">Is given the row that begins at once, while nobody else can know of it.</param>
internal sealed class CreateCommit(NewInstance instance, Action<InstanceRow> hold, Action<long?> then) : ClientCommit<long?>(then)
{
    protected override long? Change(HubWriter hub)
    {
        var key = hub.InsertInstance(instance);
        if (key is { } created && instance.StartAt is null)
        {
            hold(instance.RowOf(created));
        }

        return key;
    }
}

/// <param name="Key">The instance; null if there is none.</param>
/// <param name="InboxId">The row; null if the instance has ended and the event was dropped.</param>
internal sealed record Raised(long? Key, long? InboxId);

internal sealed class RaiseCommit(string instanceId, EventRaised raised, Action<Raised> then) : ClientCommit<Raised>(then)
{
    // Serialized by the caller's thread.
    private readonly string _message = HistoryJson.Write(raised);

    protected override Raised Change(HubWriter hub)
    {
        if (hub.Find(instanceId) is not { } found)
        {
            return new Raised(null, null);
        }

        var ended = found.Status is OrchestrationStatus.Completed or OrchestrationStatus.Failed or OrchestrationStatus.Terminated;
        return new Raised(found.Key, ended ? null : hub.InsertInbox(found.Key, generation: null, _message));
    }
}

/// <summary>Removes a few ended instances; purges of many are many of these, so that turns are written in between.</summary>
internal sealed class PurgeCommit(IReadOnlyList<long> keys) : ClientCommit<int>(_ => { })
{
    protected override int Change(HubWriter hub)
    {
        var removed = 0;
        foreach (var key in keys.Where(key => !hub.IsOpen(key)))
        {
            removed += hub.DeleteInstance(key) ? 1 : 0;
        }

        return removed;
    }
}
