using Microsoft.Extensions.Logging;

namespace Rotunda.Api.Desk;

public sealed partial class ScheduleSweep
{
    [LoggerMessage(EventId = 4021, Level = LogLevel.Warning, Message = "The scheduled rotation of {Secret} cannot start: {Why}")]
    private partial void LogRefused(string secret, string why);

    [LoggerMessage(
        EventId = 4022,
        Level = LogLevel.Error,
        Message = "Starting the scheduled rotation of {Secret} failed; the next sweep tries again")]
    private partial void LogFailed(Exception problem, string secret);
}
