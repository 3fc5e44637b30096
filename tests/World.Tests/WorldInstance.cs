using Rotunda.Orchestration;
using Rotunda.Testing.Simulation;

namespace Rotunda.World.Tests;

/// <summary>What a hub keeps of one orchestration. The code's state is no part of it: after each start it is made of the history
/// again.</summary>
internal sealed class WorldInstance(string name, string id, object? input, DateTimeOffset at)
{
    public string Name { get; } = name;

    public string Id { get; } = id;

    public object? Input { get; set; } = input;

    public int Generation { get; set; }

    public List<SimulatedBatch> History { get; } = [];

    /// <summary>What the code has asked for so far: run again over the history it must ask for the same.</summary>
    public List<SimulatedOperation> Asked { get; } = [];

    /// <summary>Operations of the activities that have been asked for and have not ended.</summary>
    public SortedSet<int> Open { get; } = [];

    public OrchestrationStatus Status { get; set; } = OrchestrationStatus.Pending;

    public object? CustomStatus { get; set; }

    public object? Output { get; set; }

    public FailureDetails? Failure { get; set; }

    public DateTimeOffset CreatedAt { get; } = at;

    public DateTimeOffset UpdatedAt { get; set; } = at;

    public bool HasEnded => Status is OrchestrationStatus.Completed or OrchestrationStatus.Failed or OrchestrationStatus.Terminated;

    /// <summary>The code over its history; null where no process has run it since its start.</summary>
    public SimulatedContext? Context { get; set; }
}
