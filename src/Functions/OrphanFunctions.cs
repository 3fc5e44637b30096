using Microsoft.Azure.Functions.Worker;
using Rotunda.Activities.Orphans;
using Rotunda.Rotation.Words;

namespace Rotunda.Functions;

/// <summary>The activity that revokes orphans. As with steps, the host's token is not passed on.</summary>
public sealed class OrphanFunctions(OrphanActivity runner)
{
    [Function(OrphanOrchestration.Activity)]
    public Task<StepOutcome> RevokeAsync([ActivityTrigger] OrphanSettling input) => runner.RunAsync(input, CancellationToken.None);
}
