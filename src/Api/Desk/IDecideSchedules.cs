using Rotunda.Activities.Ledger;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Api.Desk;

/// <summary>The scheduling rules, as the sweep and the status use them.</summary>
public interface IDecideSchedules
{
    ScheduleVerdict Decide(Policy policy, SecretRecord secret, DateTimeOffset now);
}

/// <param name="Rotate">Start one now.</param>
/// <param name="Reason">A stable word: "due", "not-due", "backoff".</param>
/// <param name="Message">For people.</param>
/// <param name="DueAt">When the next rotation is due; null for secrets that rotate only on request.</param>
/// <param name="StartKey">The idempotency key of the start, so that one due date starts one rotation; null when none starts.</param>
public sealed record ScheduleVerdict(bool Rotate, string Reason, string Message, DateTimeOffset? DueAt, string? StartKey);
