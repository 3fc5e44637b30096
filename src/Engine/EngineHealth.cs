namespace Rotunda.Engine;

public enum EngineState
{
    NotStarted = 0,
    Running = 1,
    Stopped = 2,

    /// <summary>The hub could not be written. Nothing runs and no call is taken until a restart.</summary>
    Failed = 3,
}

/// <summary>What a readiness probe tells.</summary>
/// <param name="Reason">Set for <see cref="EngineState.Failed"/>.</param>
public sealed record EngineHealth(EngineState State, string? Reason = null);
