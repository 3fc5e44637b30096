using Rotunda.Orchestration;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Orphans;

/// <summary>Revokes an orphan at the word of a person: tried for a day, through restarts and lost answers.</summary>
public static class OrphanOrchestration
{
    public const string Name = "SettleOrphan";
    public const string Activity = "RevokeOrphan";

    /// <summary>What the ids of the instances begin with. No rotation's id has a colon.</summary>
    public const string InstancePrefix = "orphan:";

    public static async Task<StepOutcome> RunAsync(IOrchestrationContext context, OrphanSettling? input) => (await DayOfAttempts.RunAsync(
        context,
        Activity,
        _ => input!,
        outcome => outcome.Kind is not (StepOutcomeKind.RetryLater or StepOutcomeKind.Unknown),
        (attempt, why) => new OrphanStatus(attempt, why))).Last;
}
