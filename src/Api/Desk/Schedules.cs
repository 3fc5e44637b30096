using Rotunda.Activities.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;

namespace Rotunda.Api.Desk;

/// <summary>The scheduling rules over the ledger's rows.</summary>
internal sealed class Schedules : IDecideSchedules
{
    public ScheduleVerdict Decide(Policy policy, SecretRecord secret, DateTimeOffset now)
    {
        var schedule = new SecretSchedule(
            secret.AdoptedAt, secret.LastRotatedAt, secret.ActiveRotationId, LastFailedAt: secret.LastFailedAt, ConsecutiveFailures: secret.FailuresInARow);
        var decision = RotationSchedule.Decide(policy, schedule, now);
        return new ScheduleVerdict(decision.Rotate, decision.Reason, decision.Message, decision.DueAt, decision.StartKey);
    }
}
