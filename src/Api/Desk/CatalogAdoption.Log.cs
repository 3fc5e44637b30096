using Microsoft.Extensions.Logging;

namespace Rotunda.Api.Desk;

public sealed partial class CatalogAdoption
{
    [LoggerMessage(
        EventId = 4011,
        Level = LogLevel.Information,
        Message = "Secret {Secret} adopted; current credential's fingerprint: {Fingerprint}")]
    private partial void LogAdopted(string secret, string fingerprint);

    [LoggerMessage(
        EventId = 4012,
        Level = LogLevel.Warning,
        Message = "Secret {Secret} could not be adopted and will be tried again: {Problem}")]
    private partial void LogNotAdopted(string secret, string problem);

    [LoggerMessage(
        EventId = 4013,
        Level = LogLevel.Information,
        Message = "A person said what is in use of secret {Secret}; its fingerprint: {Fingerprint}")]
    private partial void LogCorrected(string secret, string fingerprint);
}
