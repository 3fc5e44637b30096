using Rotunda.Engine.History;
using Rotunda.Engine.Storage;
using Rotunda.Files;
using Rotunda.Orchestration;

namespace Rotunda.Engine.Dispatch;

/// <summary>
/// What one turn changes, in one transaction: consumed messages, the appended history, children, the visible state and the
/// result for a parent. After it is on disk, it dispatches what the turn called.
/// </summary>
internal sealed class TurnCommit : Commit
{
    private readonly InstanceActor _actor;
    private readonly Dispatcher _dispatcher;
    private readonly List<Message> _messages;
    private readonly InstanceRow _row;
    private readonly List<(long Key, Message Message)> _posts = [];
    private readonly byte[]? _history;
    private readonly List<(int Op, NewInstance Instance)> _children = [];
    private readonly bool _isFirst;
    private bool? _nextGoesFirst;

    private TurnCommit(InstanceActor actor, Dispatcher dispatcher, List<Message> messages, Turn? turn, VisibleState visible)
    {
        (_actor, _dispatcher, _messages, _row, Turn, Visible) = (actor, dispatcher, messages, actor.Row!, turn, visible);
        _isFirst = dispatcher.GoesFirst(_row.Name, _row.Input);
        GoesFirst = _isFirst || FastLane.IsCurrent;
        // Here rather than in Write: the commit thread is everybody's bottleneck.
        _history = turn is null ? null : HistoryJson.Write(turn);
    }

    public bool ChangesRow => Visible != new VisibleState(_row.Status, _row.DueAt, _row.Active, _row.CustomStatus);

    private Turn? Turn { get; }

    private VisibleState Visible { get; init; }

    private IReadOnlyList<long> Consumed { get; init; } = [];

    private bool Recovering { get; init; }

    private string? Output { get; init; }

    private FailureDetails? Failure { get; init; }

    private ContinuedAsNew? Next { get; init; }

    private string? Carried { get; init; }

    private bool Ends => Visible.Status is OrchestrationStatus.Completed or OrchestrationStatus.Failed or OrchestrationStatus.Terminated;

    public static TurnCommit Of(
        InstanceActor actor,
        Dispatcher dispatcher,
        List<Message> messages,
        Turn? turn,
        IReadOnlyList<long> consumed,
        VisibleState visible,
        bool recovering)
    {
        var end = turn?.Called.Count > 0 ? turn.Called[^1] : null;
        var ended = visible with { DueAt = null, Active = false };
        var commit = new TurnCommit(actor, dispatcher, messages, turn, end switch
        {
            Returned => ended with { Status = OrchestrationStatus.Completed },
            Threw => ended with { Status = OrchestrationStatus.Failed },
            ContinuedAsNew => ended with { Active = true },
            _ => visible,
        })
        {
            Consumed = consumed,
            Recovering = recovering,
            Output = (end as Returned)?.Output,
            Failure = (end as Threw)?.Failure,
            Next = end as ContinuedAsNew,
            Carried = end is ContinuedAsNew { PreserveEvents: true } ? HistoryJson.Write([.. actor.Execution!.UnreadEvents]) : null,
        };
        commit.Prepare();
        return commit;
    }

    public static TurnCommit Terminated(InstanceActor actor, Dispatcher dispatcher, List<Message> messages, string? reason) =>
        new(
            actor,
            dispatcher,
            messages,
            null,
            new VisibleState(OrchestrationStatus.Terminated, null, Active: false, actor.Row!.CustomStatus))
        {
            Failure = new FailureDetails("Terminated", reason ?? "Terminated without a reason."),
        };

    /// <summary>The history stays as it is; results that only memory has go to the inbox.</summary>
    public static TurnCommit Stuck(InstanceActor actor, Dispatcher dispatcher, List<Message> messages, FailureDetails why) =>
        new(actor, dispatcher, messages, null, new VisibleState(OrchestrationStatus.Stuck, null, actor.Row!.Active, actor.Row.CustomStatus))
        {
            Failure = why,
        };

    public override void Write(HubWriter hub)
    {
        var at = Turn?.At ?? _dispatcher.Clock.GetUtcNow();
        foreach (var id in Consumed)
        {
            hub.DeleteInbox(id);
        }

        if (Next is not null)
        {
            hub.StartGeneration(NextRow(Next), at, _nextGoesFirst);
        }
        else
        {
            AppendAndUpdate(hub, at);
        }

        StartChildren(hub);
        if (Ends)
        {
            hub.ClearInbox(_row.Key);
            AnswerParent(hub);
        }
    }

    protected override void Committed()
    {
        if (Next is not null)
        {
            _actor.Execution = null;
            _actor.Row = NextRow(Next);
            _dispatcher.Post(_row.Key, Wake.Instance);
        }
        else if (ChangesRow)
        {
            _actor.Row = VisibleRow();
        }

        if (Visible.Status == OrchestrationStatus.Stuck)
        {
            _dispatcher.ReportStuck(_row.Id, Failure!.Message);
        }

        var work = DispatchAllButOne();
        if (Ends || Visible.Status == OrchestrationStatus.Stuck)
        {
            _dispatcher.Announce(_row.Id, _row.Key, Ends, EndState());
        }

        _actor.TurnEnded();
        // The turn is through, so this thread is free for what it called.
        work?.Execute();
    }

    protected override void Failed(Exception failure) => _actor.Fail(_messages, failure);

    /// <summary>Does what the turn called for; for a recovery, everything that is pending.</summary>
    public void Dispatch() => DispatchAllButOne()?.Begin();

    /// <returns>An activity that the caller is to begin, or to run when it has nothing else to do; null if there is none.</returns>
    private ActivityWork? DispatchAllButOne()
    {
        ActivityWork? last = null;
        var isActive = Visible.Active && Next is null && Visible.Status == OrchestrationStatus.Running;
        if (Visible.DueAt is not null || Visible.DueAt != _row.DueAt)
        {
            _dispatcher.Timers.Set(_row.Key, Visible.DueAt, _isFirst);
        }

        foreach (var (key, message) in _posts)
        {
            _dispatcher.Post(key, message);
        }

        if (isActive)
        {
            IEnumerable<Operation> calls = Recovering ? _actor.Execution!.Pending.Values : Turn?.Called ?? [];
            foreach (var called in calls)
            {
                if (called is ActivityCalled call && _dispatcher.Activities.Take(_row, call, _isFirst) is { } work)
                {
                    last?.Begin();
                    last = work;
                }
            }
        }

        InstanceActor.Answer(_messages);
        if (GoesFirst)
        {
            // The thread is the fast lane's: what it is free for is the next of those that go first.
            last?.Begin();
            last = null;
        }

        return last;
    }

    /// <summary>What the commit thread, which is everybody's bottleneck, needs not find out.</summary>
    private void Prepare()
    {
        foreach (var called in Turn?.Called ?? [])
        {
            if (called is ChildCalled child)
            {
                var link = new ParentLink(_row.Key, _row.Generation, child.Id);
                var isFirst = _dispatcher.SaysFirst(child.Name, child.Input);
                _children.Add((
                    child.Id, new NewInstance(child.InstanceId, child.Name, child.Input, Turn!.At, StartAt: null, link, isFirst)));
            }
        }

        _nextGoesFirst = Next is null ? null : _dispatcher.SaysFirst(_row.Name, Next.Input);
    }

    private InstanceRow VisibleRow() => _row with
    {
        Status = Visible.Status,
        DueAt = Visible.DueAt,
        Active = Visible.Active,
        CustomStatus = Visible.CustomStatus,
    };

    private InstanceRow NextRow(ContinuedAsNew next) =>
        VisibleRow() with { Generation = _row.Generation + 1, Input = next.Input, Carried = Carried };

    /// <summary>The instance as the disk has it, where its code has ended; null for any other.</summary>
    private OrchestrationState? EndState() => Ends && Turn is not null
        ? new OrchestrationState(
            _row.Id, _row.Name, Visible.Status, _row.CreatedAt, Turn.At, _row.Input, Output, Visible.CustomStatus, Failure)
        : null;

    private void AppendAndUpdate(HubWriter hub, DateTimeOffset at)
    {
        if (_history is not null)
        {
            hub.AppendTurn(_row.Key, at, _history);
        }

        if (Visible.Status == OrchestrationStatus.Stuck)
        {
            foreach (var result in _messages.OfType<Deliver>().Where(d => d.InboxId is null))
            {
                hub.InsertInbox(_row.Key, result.Generation, HistoryJson.Write(result.Received));
            }
        }

        if (ChangesRow || Failure is not null)
        {
            hub.UpdateInstance(_row.Key, Visible, at, Output, Failure);
        }
    }

    private void StartChildren(HubWriter hub)
    {
        foreach (var (op, child) in _children)
        {
            if (hub.InsertInstance(child) is { } key)
            {
                _dispatcher.Hold(child.RowOf(key));
                _posts.Add((key, Wake.Instance));
            }
            else if (!Ends && Next is null)
            {
                var taken = new OrchestrationAlreadyExistsException(child.Id);
                PostToInbox(hub, _row.Key, _row.Generation, new OperationFailed(op, Replay.Failures.From(taken)));
            }
        }
    }

    private void AnswerParent(HubWriter hub)
    {
        if (_row.Parent is { } parent && hub.IsOpen(parent.Key))
        {
            PostToInbox(hub, parent.Key, parent.Generation, Failure is null
                ? new OperationCompleted(parent.Op, Output)
                : new OperationFailed(parent.Op, Failure));
        }
    }

    private void PostToInbox(HubWriter hub, long key, int generation, Received message)
    {
        var id = hub.InsertInbox(key, generation, HistoryJson.Write(message));
        _posts.Add((key, new Deliver(message, generation, id)));
    }
}
