using Microsoft.Extensions.Logging;

namespace Rotunda.Api.Http;

public sealed partial class ApiPipeline
{
    [LoggerMessage(EventId = 4101, Level = LogLevel.Error, Message = "{Method} {Route} failed")]
    private partial void LogFailed(Exception problem, string method, string route);

    [LoggerMessage(EventId = 4102, Level = LogLevel.Error, Message = "A refused {Method} {Route} could not be written to the audit")]
    private partial void LogNotAudited(Exception problem, string method, string route);
}
