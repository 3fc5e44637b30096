using Microsoft.Extensions.Logging;

namespace Rotunda.Functions;

/// <summary>
/// What the head says of orchestrations themselves. Given a replay-safe logger, each line is written once, and not again with each replay.
/// </summary>
internal static partial class OrchestrationLog
{
    public const string Category = "Rotunda.Functions.Orchestrations";

    [LoggerMessage(EventId = 6001, Level = LogLevel.Information, Message = "The orchestration {Name} of {InstanceId} begins")]
    public static partial void LogBegun(this ILogger logger, string name, string instanceId);

    [LoggerMessage(EventId = 6002, Level = LogLevel.Information, Message = "The orchestration {Name} of {InstanceId} has ended")]
    public static partial void LogEnded(this ILogger logger, string name, string instanceId);

    [LoggerMessage(
        EventId = 6003, Level = LogLevel.Error,
        Message = "The orchestration {Name} of {InstanceId} failed; the watchdog shows its rotation as stuck")]
    public static partial void LogBroken(this ILogger logger, Exception problem, string name, string instanceId);
}
