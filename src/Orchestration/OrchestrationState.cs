using System.Text.Json.Serialization;

namespace Rotunda.Orchestration;

[JsonConverter(typeof(JsonStringEnumConverter<OrchestrationStatus>))]
public enum OrchestrationStatus
{
    /// <summary>Accepted, not run yet.</summary>
    Pending = 0,
    Running = 1,
    Completed = 2,
    /// <summary>The orchestration threw.</summary>
    Failed = 3,
    Terminated = 4,
    /// <summary>The code no longer matches the history (drift). Nothing was appended; resumable after a deploy.</summary>
    Stuck = 5,
}

/// <summary>What clients see of an instance. Payloads are JSON text.</summary>
/// <param name="Failure">Set for Failed and Stuck, and for Terminated with a reason.</param>
public sealed record OrchestrationState(
    string InstanceId,
    string Name,
    OrchestrationStatus Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastUpdatedAt,
    string? Input,
    string? Output,
    string? CustomStatus,
    FailureDetails? Failure)
{
    /// <summary>True for completed, failed and terminated: nothing will happen any more.</summary>
    [JsonIgnore]
    public bool HasEnded => Status is OrchestrationStatus.Completed or OrchestrationStatus.Failed or OrchestrationStatus.Terminated;
}

/// <summary>A failure as data, so that it can be kept in a history.</summary>
/// <param name="ErrorType">The exception's full type name, or "Drift".</param>
public sealed record FailureDetails(string ErrorType, string Message, string? StackTrace = null);
