using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Microsoft.DurableTask.Worker;
using Microsoft.DurableTask.Worker.Grpc;
using Microsoft.DurableTask.Worker.Shims;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Rotunda.Api.Head;
using Rotunda.Interpreter;
using Rotunda.Orchestration;
using Proto = Microsoft.DurableTask.Protobuf;
using Kind = Microsoft.DurableTask.Protobuf.HistoryEvent.EventTypeOneofCase;

namespace Rotunda.Functions.Tests.Upgrades;

/// <summary>
/// The history of one instance as Durable Task stores it and hands it to its worker: one event a line, as protobuf's JSON. Played by
/// the runner of the Functions head's worker.
/// </summary>
internal sealed class DurableHistory
{
    private static readonly JsonParser s_parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    private static readonly ServiceProvider s_services = new ServiceCollection().AddLogging()
        .AddSingleton(new DurableTaskShimFactory(
            new DurableTaskWorkerOptions { DataConverter = new PayloadConverter(DeskParts.Payloads) }, NullLoggerFactory.Instance))
        .BuildServiceProvider();

    private readonly List<List<Proto.HistoryEvent>> _turns = [];

    private DurableHistory(IEnumerable<Proto.HistoryEvent> events)
    {
        foreach (var each in events)
        {
            if (each.EventTypeCase == Kind.OrchestratorStarted)
            {
                _turns.Add([]);
            }

            _turns[^1].Add(each);
        }
    }

    /// <summary>How often the orchestration was awake.</summary>
    public int Turns => _turns.Count;

    public static DurableHistory Parse(string text) =>
        new(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(s_parser.Parse<Proto.HistoryEvent>));

    /// <summary>What is kept of the turn that ends an instance; null of any other.</summary>
    public static string? Of(Proto.OrchestratorRequest request, Proto.OrchestratorResponse response)
    {
        if (response.Actions.FirstOrDefault(action => action.CompleteOrchestration is not null) is not { } end)
        {
            return null;
        }

        var ended = new Proto.HistoryEvent
        {
            EventId = end.Id,
            ExecutionCompleted = new()
            {
                OrchestrationStatus = end.CompleteOrchestration.OrchestrationStatus,
                Result = end.CompleteOrchestration.Result,
            },
        };
        return string.Concat(request.PastEvents.Concat(request.NewEvents).Append(ended).Select(each => each + "\n"));
    }

    /// <summary>The rotation had been asleep when this turn began: nothing was under way, and a time or a person woke it.</summary>
    public bool WasAsleep(int turn)
    {
        var before = _turns.Take(turn).SelectMany(events => events).ToList();
        return turn > 0
            && before.Count(IsCall) == before.Count(IsReply)
            && _turns[turn].All(each => !IsReply(each))
            && _turns[turn].Exists(each => each.EventTypeCase is Kind.TimerFired or Kind.EventRaised);
    }

    /// <summary>Hands the worker all turns before one as its past and that one as news, as after a restart with other code.</summary>
    /// <returns>What the code did otherwise than the history has it, null if nothing; and what it waits for then.</returns>
    public (string? Drift, Place? Waits) Play(int turn, TaskRegistry registry)
    {
        var called = _turns[turn].Where(IsAnswer).ToList();
        var request = new Proto.OrchestratorRequest
        {
            InstanceId = _turns[0].First(each => each.ExecutionStarted is not null).ExecutionStarted.OrchestrationInstance.InstanceId,
            PastEvents = { _turns.Take(turn).SelectMany(events => events) },
            NewEvents = { _turns[turn].Where(each => !IsAnswer(each) && each.EventTypeCase != Kind.OrchestratorCompleted) },
        };
        var code = registry.Orchestrations[RotationNames.Orchestration];
        var answered = GrpcOrchestrationRunner.LoadAndRun<JsonElement?, object?>(
            Convert.ToBase64String(request.ToByteArray()),
            (inner, _) => DurableContext.RunAsync<JsonElement, object?>(inner, DeskParts.Payloads, (ours, _) => code.Run(ours)),
            s_services);
        var response = Proto.OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(answered));
        var status = response.CustomStatus is { Length: > 0 } json ? DeskParts.Payloads.Deserialize<RotationStatus>(json) : null;
        return (Compare(turn, called, response.Actions), Place.Of(status));
    }

    private static string? Compare(int turn, List<Proto.HistoryEvent> recorded, RepeatedField<Proto.OrchestratorAction> actions)
    {
        // No recorded life fails. The worker reports code that departs from its past as a failure, after what that code called.
        if (actions.FirstOrDefault(each => each.CompleteOrchestration?.FailureDetails is not null) is { } failed)
        {
            return $"turn {turn + 1}: the code called {Call.Of(failed)}";
        }

        for (var index = 0; index < Math.Max(recorded.Count, actions.Count); index++)
        {
            var before = index < recorded.Count ? Call.Of(recorded[index]) : Call.Nothing;
            var now = index < actions.Count ? Call.Of(actions[index]) : Call.Nothing;
            if (!before.IsSame(now))
            {
                return $"turn {turn + 1}: the history has {before}, the code called {now}";
            }
        }

        return null;
    }

    private static bool IsCall(Proto.HistoryEvent each) => each.EventTypeCase == Kind.TaskScheduled;

    private static bool IsReply(Proto.HistoryEvent each) => each.EventTypeCase is Kind.TaskCompleted or Kind.TaskFailed;

    /// <summary>Something that the orchestration asked for.</summary>
    private static bool IsAnswer(Proto.HistoryEvent each) => each.EventTypeCase is Kind.TaskScheduled or Kind.TimerCreated
        or Kind.ExecutionCompleted or Kind.SubOrchestrationInstanceCreated or Kind.EventSent or Kind.ContinueAsNew;

    /// <summary>What an orchestration asked for, as history and worker tell it.</summary>
    private sealed record Call(string What, int Id, string? Payload)
    {
        public static Call Nothing { get; } = new("nothing more", 0, null);

        public static Call Of(Proto.HistoryEvent each) => each.EventTypeCase switch
        {
            Kind.TaskScheduled => new($"activity '{each.TaskScheduled.Name}'", each.EventId, each.TaskScheduled.Input),
            Kind.TimerCreated => new($"a timer at {each.TimerCreated.FireAt.ToDateTimeOffset():O}", each.EventId, null),
            Kind.ExecutionCompleted => new(
                $"the end ({each.ExecutionCompleted.OrchestrationStatus})", each.EventId, each.ExecutionCompleted.Result),
            _ => new($"{each.EventTypeCase}", each.EventId, null),
        };

        public static Call Of(Proto.OrchestratorAction each) => each switch
        {
            { ScheduleTask: { } task } => new($"activity '{task.Name}'", each.Id, task.Input),
            { CreateTimer: { } timer } => new($"a timer at {timer.FireAt.ToDateTimeOffset():O}", each.Id, null),
            { CompleteOrchestration: { FailureDetails: { } failure } end } => new(
                $"the end ({end.OrchestrationStatus}): {failure.ErrorType}: {failure.ErrorMessage}", each.Id, null),
            { CompleteOrchestration: { } end } => new($"the end ({end.OrchestrationStatus})", each.Id, end.Result),
            _ => new($"{each.OrchestratorActionTypeCase}", each.Id, null),
        };

        /// <summary>Azure Storage keeps no input of an activity in a history; where the history has none, none is compared. What a later
        /// release adds to a result is no drift.</summary>
        public bool IsSame(Call now) =>
            What == now.What && Id == now.Id && (string.IsNullOrEmpty(Payload) || Has(Node(now.Payload), Node(Payload)));

        public override string ToString() => Payload is null ? What : $"{What} with {Payload}";

        private static JsonNode? Node(string? json) => json is null or "" ? null : JsonNode.Parse(json);

        private static bool Has(JsonNode? now, JsonNode? before) => (now, before) switch
        {
            (JsonObject a, JsonObject b) => b.All(property => Has(a[property.Key], property.Value)),
            (JsonArray a, JsonArray b) => a.Count == b.Count && a.Zip(b).All(pair => Has(pair.First, pair.Second)),
            _ => JsonNode.DeepEquals(now, before),
        };
    }
}
