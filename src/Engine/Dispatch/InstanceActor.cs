using Rotunda.Engine.Replay;
using Rotunda.Engine.Storage;
using Rotunda.Files;
using Rotunda.Orchestration;

namespace Rotunda.Engine.Dispatch;

/// <summary>
/// One instance in memory: a mailbox, and at most one turn at a time. It takes everything that has arrived, runs one turn,
/// hands its commit over, and looks at its mailbox again only after that commit is on disk.
/// </summary>
internal sealed class InstanceActor(long key, Dispatcher dispatcher) : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private List<Message> _mailbox = [];
    private bool _busy;
    private bool _isFast;
    private bool _retired;

    public long Key => key;

    /// <summary>Its place in the dispatcher's list of idle instances.</summary>
    public LinkedListNode<InstanceActor>? Idle { get; set; }

    /// <summary>The row as the disk has it; null until loaded.</summary>
    public InstanceRow? Row { get; set; }

    /// <summary>The live code; null until replayed.</summary>
    public Execution? Execution { get; set; }

    /// <param name="here">The turn may run on this thread, which does nothing else any more.</param>
    /// <returns>False if the actor has been retired: look for a new one.</returns>
    public bool TryPost(Message message, bool here)
    {
        var isFast = FastLane.IsCurrent;
        lock (_gate)
        {
            if (_retired)
            {
                return false;
            }

            _mailbox.Add(message);
            _isFast |= isFast;
            if (_busy)
            {
                return true;
            }

            _busy = true;
        }

        dispatcher.NoteBusy();
        if (here && !isFast)
        {
            Execute();
        }
        else
        {
            Queue(isFast);
        }

        return true;
    }

    /// <summary>Takes it out of use, unless it has something to do.</summary>
    public bool TryRetire()
    {
        lock (_gate)
        {
            _retired = _retired || (!_busy && _mailbox.Count == 0);
            return _retired;
        }
    }

    public void Execute()
    {
        var messages = TakeMessages();
        try
        {
            if (Handle(messages) is { } commit)
            {
                dispatcher.Commits.Enqueue(commit);
            }
            else
            {
                TurnEnded();
            }
        }
        catch (Exception exception)
        {
            // Reading the hub failed, or the engine has a defect: either way no further promise can be kept.
            dispatcher.Fault(exception);
            Fail(messages, exception);
        }
    }

    /// <summary>The engine is at its end: whoever waits for this instance is told, and nothing more happens to it.</summary>
    public void Fail(List<Message> underWay, Exception failure)
    {
        lock (_gate)
        {
            _retired = true;
        }

        Answer([.. underWay, .. TakeMessages()], failure);
        dispatcher.NoteFailed(this);
    }

    /// <summary>The turn is through: go on if more has arrived, else be idle.</summary>
    public void TurnEnded()
    {
        lock (_gate)
        {
            if (_mailbox.Count > 0)
            {
                Queue(_isFast);
                return;
            }

            _busy = false;
        }

        dispatcher.NoteIdle(this);
    }

    private void Queue(bool isFast)
    {
        if (isFast)
        {
            FastLane.Queue(Execute);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private List<Message> TakeMessages()
    {
        lock (_gate)
        {
            var taken = _mailbox;
            _mailbox = [];
            _isFast = false;
            return taken;
        }
    }

    private Commit? Handle(List<Message> messages)
    {
        // Taken before all else, so that an instance that is at its end is none that waits to be recovered.
        var recovering = dispatcher.Recovery.Take(key);
        Row ??= dispatcher.Readers.Read(reader => reader.Load(key));
        if (Row is null || Row.HasEnded)
        {
            Answer(messages);
            return null;
        }

        foreach (var message in messages)
        {
            if (message is Terminate terminate)
            {
                return TurnCommit.Terminated(this, dispatcher, messages, terminate.Reason);
            }

            recovering |= message is Recover;
        }

        if (Row.Status == OrchestrationStatus.Stuck && !recovering)
        {
            return KeepForResume(messages);
        }

        return new TurnBuilder(this, dispatcher, messages, recovering).Build();
    }

    /// <summary>A stuck instance reads nothing. What is only in memory is made durable, for when it is resumed.</summary>
    private KeepCommit? KeepForResume(List<Message> messages)
    {
        var results = messages.OfType<Deliver>().Where(d => d.InboxId is null).ToList();
        return results.Count == 0 ? null : new KeepCommit(this, results);
    }

    /// <summary>Tells callers that wait for a terminate or a resume that there is no more to do.</summary>
    public static void Answer(List<Message> messages, Exception? failure = null)
    {
        foreach (var message in messages)
        {
            var done = message switch
            {
                Terminate terminate => terminate.Done,
                Recover recover => recover.Done,
                _ => null,
            };
            if (failure is null)
            {
                done?.TrySetResult();
            }
            else
            {
                done?.TrySetException(failure);
            }
        }
    }
}
