namespace Rotunda.Testing.Simulation;

/// <summary>What an orchestration asked its context for, in order. Two runs over one history must ask for the same.</summary>
/// <param name="Input">The input as JSON, the event's name, or the timer's due time.</param>
public sealed record SimulatedOperation(int Id, SimulatedOperationKind Kind, string Name, string? Input);

public enum SimulatedOperationKind
{
    Activity,
    Timer,
    TimerCancelled,
    WaitForEvent,
    NewGuid,
    Status,
    ContinueAsNew,
}

/// <summary>What happened to an orchestration.</summary>
/// <param name="OperationId">The activity or timer; 0 for an external event.</param>
/// <param name="Name">The activity's or event's name.</param>
/// <param name="Payload">JSON.</param>
/// <param name="Failure">Set when the activity threw.</param>
public sealed record SimulatedEvent(SimulatedEventKind Kind, int OperationId, string Name, string? Payload, string? Failure = null);

public enum SimulatedEventKind
{
    Started,
    ActivityEnded,
    TimerFired,
    EventRaised,
}

/// <summary>Events that wake the orchestration together: all are applied, then the code runs once.</summary>
public sealed record SimulatedBatch(DateTimeOffset At, IReadOnlyList<SimulatedEvent> Events);
