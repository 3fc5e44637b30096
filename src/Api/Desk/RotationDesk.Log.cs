using Microsoft.Extensions.Logging;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

public sealed partial class RotationDesk
{
    [LoggerMessage(EventId = 4001, Level = LogLevel.Information, Message = "Rotation {RotationId} started by {RequestedBy} ({Trigger})")]
    private partial void LogStarted(string rotationId, string requestedBy, RotationTrigger trigger);

    [LoggerMessage(
        EventId = 4002,
        Level = LogLevel.Warning,
        Message = "Rotation {RotationId} is on record but its orchestration could not be started now; the next sweep tries again")]
    private partial void LogNotScheduledYet(Exception problem, string rotationId);
}
