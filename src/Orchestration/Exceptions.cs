namespace Rotunda.Orchestration;

/// <summary>An activity or a child orchestration failed. Thrown into orchestration code.</summary>
public sealed class TaskFailedException(string taskName, FailureDetails failure)
    : Exception($"Task '{taskName}' failed: {failure.ErrorType}: {failure.Message}")
{
    public string TaskName { get; } = taskName;

    public FailureDetails Failure { get; } = failure;
}

public sealed class OrchestrationAlreadyExistsException(string instanceId)
    : Exception($"An instance with the id '{instanceId}' exists already.")
{
    public string InstanceId { get; } = instanceId;
}

public sealed class OrchestrationNotFoundException(string instanceId)
    : Exception($"There is no instance with the id '{instanceId}'.")
{
    public string InstanceId { get; } = instanceId;
}
