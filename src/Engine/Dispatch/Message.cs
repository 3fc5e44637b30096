using Rotunda.Engine.History;

namespace Rotunda.Engine.Dispatch;

/// <summary>What is put into an instance's mailbox. All of it is either durable already or can be had again.</summary>
internal abstract record Message;

/// <summary>Look at the row: the instance is new, its delayed start or a timer is due, or a next generation begins.</summary>
internal sealed record Wake : Message
{
    public static readonly Wake Instance = new();
}

/// <summary>After a start of the engine, or by a person for a stuck instance: read the inbox, run again what was pending.</summary>
internal sealed record Recover(TaskCompletionSource? Done) : Message;

/// <param name="Generation">The generation that asked for it; null for external events.</param>
/// <param name="InboxId">Its row in the inbox; null for the result of an activity, which is in memory only.</param>
internal sealed record Deliver(Received Received, int? Generation, long? InboxId) : Message;

internal sealed record Terminate(string? Reason, TaskCompletionSource Done) : Message;

/// <summary>A task that is not the context's woke the code from outside.</summary>
internal sealed record ForeignWake : Message
{
    public static readonly ForeignWake Instance = new();
}
