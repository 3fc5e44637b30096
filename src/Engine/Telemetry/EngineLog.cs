using Microsoft.Extensions.Logging;

namespace Rotunda.Engine.Telemetry;

internal static partial class EngineLog
{
    [LoggerMessage(
        EventId = 2000,
        Level = LogLevel.Information,
        Message = "Task hub {HubPath} is open; under way: {Open}, of them with work that waited for the start: {Recovered}")]
    public static partial void Started(ILogger logger, string hubPath, int open, int recovered);

    [LoggerMessage(EventId = 2001, Level = LogLevel.Information, Message = "Task hub {HubPath} is closed")]
    public static partial void Stopped(ILogger logger, string hubPath);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Critical, Message = "Task hub {HubPath} cannot go on; nothing runs until a restart")]
    public static partial void Failed(ILogger logger, string hubPath, Exception exception);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Warning, Message = "Instance {InstanceId} is stuck: {Reason}")]
    public static partial void Stuck(ILogger logger, string instanceId, string reason);
}
