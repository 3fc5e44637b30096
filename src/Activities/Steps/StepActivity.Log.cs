using Microsoft.Extensions.Logging;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

public sealed partial class StepActivity
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Information, Message = "{Rotation}: {Kind} {Step}, attempt {Attempt}")]
    private partial void LogBegin(string rotation, string kind, string step, int attempt);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Information, Message = "{Rotation}: {Kind} {Step}, attempt {Attempt}: {Outcome}")]
    private partial void LogEnd(string rotation, string kind, string step, int attempt, StepOutcomeKind outcome);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Warning, Message = "{Rotation}: {Kind} {Step}, attempt {Attempt}: {Outcome}: {Reason}")]
    private partial void LogProblem(string rotation, string kind, string step, int attempt, StepOutcomeKind outcome, string? reason);

    [LoggerMessage(
        EventId = 2004,
        Level = LogLevel.Error,
        Message = "{Rotation}: the end of {Kind} {Step}, attempt {Attempt}, is not on record: {Problem}")]
    private partial void LogNotRecorded(string rotation, string kind, string step, int attempt, string problem);
}
