using Microsoft.Extensions.Logging;

namespace Rotunda.Api.Desk;

public sealed partial class NearExpiryQueue
{
    [LoggerMessage(EventId = 5031, Level = LogLevel.Error, Message = "A message of Key Vault's goes to the queue {Queue}: {Why}")]
    private partial void LogPutAside(Exception problem, string queue, string why);
}
