using Microsoft.Azure.Functions.Worker;
using Rotunda.Activities.Notices;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Functions;

/// <summary>The activity that sends notices. As with steps, the host's token is not passed on.</summary>
public sealed class NoticeFunctions(NoticeActivity runner)
{
    [Function(NoticeNames.Activity)]
    public Task<StepOutcome> SendAsync([ActivityTrigger] NoticeAttempt input) => runner.RunAsync(input, CancellationToken.None);
}
