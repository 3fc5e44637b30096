using Microsoft.Extensions.Logging;
using Rotunda.Orchestration;

namespace Rotunda.Api.Desk;

public sealed partial class Reconciler
{
    [LoggerMessage(
        EventId = 4031,
        Level = LogLevel.Information,
        Message = "Rotation {RotationId} was on record without an orchestration; it is started now")]
    private partial void LogScheduled(string rotationId);

    [LoggerMessage(
        EventId = 4032,
        Level = LogLevel.Error,
        Message = "The orchestration of rotation {RotationId} ended as {Status}, but the ledger has it open: shown as stuck")]
    private partial void LogEndedOpen(string rotationId, OrchestrationStatus status);

    [LoggerMessage(
        EventId = 4033,
        Level = LogLevel.Error,
        Message = "Rotation {RotationId} could not be reconciled; the next sweep tries again")]
    private partial void LogFailed(Exception problem, string rotationId);
}
