using Rotunda.Engine.History;
using Rotunda.Orchestration;

namespace Rotunda.Engine.Storage;

/// <summary>Where a child's result goes.</summary>
internal sealed record ParentLink(long Key, int Generation, int Op);

/// <summary>The columns of an instance that its own turns need.</summary>
/// <param name="Carried">Unread events that continue-as-new brought from the generation before.</param>
internal sealed record InstanceRow(
    long Key,
    string Id,
    string Name,
    OrchestrationStatus Status,
    int Generation,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DueAt,
    bool Active,
    ParentLink? Parent,
    string? Input,
    string? CustomStatus,
    string? Carried)
{
    public bool HasEnded => Status is OrchestrationStatus.Completed or OrchestrationStatus.Failed or OrchestrationStatus.Terminated;
}

/// <param name="Generation">The generation that asked; null for external events, which any generation takes.</param>
internal sealed record InboxRow(long Id, int? Generation, Received Message);
