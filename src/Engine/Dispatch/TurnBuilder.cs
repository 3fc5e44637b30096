using System.Text.Json;
using Rotunda.Engine.History;
using Rotunda.Engine.Replay;
using Rotunda.Engine.Storage;
using Rotunda.Orchestration;

namespace Rotunda.Engine.Dispatch;

/// <summary>
/// Makes one turn of an instance: brings its code up to the history, collects what has been received, runs the code,
/// and turns the outcome into a commit.
/// </summary>
internal sealed class TurnBuilder(InstanceActor actor, Dispatcher dispatcher, List<Message> messages, bool recovering)
{
    private readonly InstanceRow _row = actor.Row!;
    private readonly List<Received> _received = [];
    private readonly List<long> _consumed = [];

    public Commit? Build()
    {
        var clock = dispatcher.Clock.GetUtcNow();
        if (_row.Status == OrchestrationStatus.Pending && _row.DueAt > clock)
        {
            // A delayed start, not due yet. Its events wait in the inbox.
            dispatcher.Timers.Set(_row.Key, _row.DueAt, dispatcher.GoesFirst(_row.Name, _row.Input));
            InstanceActor.Answer(messages);
            return null;
        }

        try
        {
            if (messages.Exists(message => message is ForeignWake))
            {
                throw new DriftException(
                    "A task that did not come from the context woke the code. Only the context's tasks can be awaited, never with "
                        + "ConfigureAwait.",
                    DriftException.ForeignAwait);
            }

            var execution = actor.Execution ??= Rebuild();
            var now = Later(clock, execution.LastTurnAt);
            Collect(execution, now);
            var turn = _received.Count > 0 ? execution.Advance(now, _received) : null;
            return Outcome(execution, turn);
        }
        catch (DriftException drift)
        {
            actor.Execution = null;
            return TurnCommit.Stuck(actor, dispatcher, messages, new FailureDetails(drift.ErrorType, drift.Message));
        }
        catch (JsonException unreadable)
        {
            // A damaged row is this instance's trouble alone. (Payloads of another type than the code asks for do not come here.)
            actor.Execution = null;
            return TurnCommit.Stuck(
                actor,
                dispatcher,
                messages,
                new FailureDetails(DriftException.Drift, $"The stored history cannot be read: {unreadable.Message}"));
        }
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    /// <summary>Replays the stored turns, one by one, each compared with its record.</summary>
    private Execution Rebuild()
    {
        var execution =
            new Execution(new Identity(_row.Id, _row.Name, _row.Generation, _row.Input), dispatcher.Registry, dispatcher.Serializer);
        execution.OnForeign(() => dispatcher.Post(actor.Key, ForeignWake.Instance));
        if (_row.Status == OrchestrationStatus.Pending)
        {
            // It has had no turn.
            return execution;
        }

        return dispatcher.Readers.Read(reader =>
        {
            foreach (var turn in reader.Turns(actor.Key))
            {
                execution.Replay(turn);
            }

            return execution;
        });
    }

    private void Collect(Execution execution, DateTimeOffset now)
    {
        if (!execution.HasStarted)
        {
            _received.Add(Started.Instance);
            _received.AddRange(HistoryJson.ReadEvents(_row.Carried));
        }

        if (recovering || (!execution.HasStarted && _row.DueAt is not null))
        {
            CollectInbox(execution);
        }

        foreach (var message in messages)
        {
            if (message is not Deliver delivery)
            {
                continue;
            }

            if (delivery.InboxId is not { } id || !dispatcher.InboxWasReadUpTo(actor.Key, id))
            {
                Take(execution, delivery.Received, delivery.Generation, delivery.InboxId);
            }
        }

        if (EarliestTimer(execution) <= now)
        {
            _received.AddRange(execution.Pending.Values
                .OfType<TimerCreated>()
                .Where(timer => timer.FireAt <= now)
                .OrderBy(timer => timer.FireAt).ThenBy(timer => timer.Id)
                .Select(timer => new TimerFired(timer.Id)));
        }
    }

    private void CollectInbox(Execution execution)
    {
        foreach (var row in dispatcher.ReadInbox(actor.Key))
        {
            Take(execution, row.Message, row.Generation, row.Id);
        }
    }

    /// <summary>A result counts only if its generation still waits for it; either way it is consumed.</summary>
    private void Take(Execution execution, Received received, int? generation, long? inboxId)
    {
        if (inboxId is { } id)
        {
            _consumed.Add(id);
        }

        var op = received switch
        {
            OperationCompleted completed => completed.Op,
            OperationFailed failed => failed.Op,
            _ => -1,
        };
        if (op < 0 || (generation == _row.Generation && execution.Pending.ContainsKey(op)))
        {
            _received.Add(received);
        }
    }

    private TurnCommit? Outcome(Execution execution, Turn? turn)
    {
        var visible = new VisibleState(
            OrchestrationStatus.Running,
            EarliestTimer(execution),
            HasActivity(execution),
            execution.CustomStatusOr(_row.CustomStatus));
        var commit = TurnCommit.Of(actor, dispatcher, messages, turn, _consumed, visible, recovering);
        if (turn is not null || _consumed.Count > 0 || commit.ChangesRow)
        {
            return commit;
        }

        // Nothing to write: a wake that came early, or a recovery that only has to dispatch again.
        commit.Dispatch();
        return null;
    }

    private static bool HasActivity(Execution execution)
    {
        foreach (var operation in execution.Pending.Values)
        {
            if (operation is ActivityCalled)
            {
                return true;
            }
        }

        return false;
    }

    private static DateTimeOffset? EarliestTimer(Execution execution)
    {
        DateTimeOffset? earliest = null;
        foreach (var operation in execution.Pending.Values)
        {
            if (operation is TimerCreated timer && (earliest is null || timer.FireAt < earliest))
            {
                earliest = timer.FireAt;
            }
        }

        return earliest;
    }
}
