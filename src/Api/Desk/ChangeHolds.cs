using Rotunda.Ledger;
using Rotunda.Orchestration;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>Keeps a scheduled rotation back until its change notice went out (or was given up), and the time that the catalog promises
/// between the two is over. What ends by itself before that is not kept back: the schedule sees to it.</summary>
internal sealed class ChangeHolds(ILedger ledger, IOrchestrationClient client)
{
    public async Task<ScheduleHold?> OfAsync(
        NoticePolicy notices, Policy policy, SecretRecord secret, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var channels = notices.ChannelsFor(NoticeKind.Change, policy);
        if (notices.Before is not { } before || channels.Count == 0 || secret.ActiveRotationId is not null
            || RotationSchedule.DueAt(policy, Schedules.Of(secret, null)) is not { } due || due > now + before)
        {
            return null;
        }

        var (key, time) = (NoticeChanges.KeyOf(due), DurationText.Format(before));
        if (await ledger.LastNoticeAsync(policy.Name, Notice.Change, $"{key}: ", cancellationToken) is not { } told)
        {
            return new ScheduleHold($"its change notice goes out {time} before it starts", now + before);
        }

        if (told.At + before > now)
        {
            return new ScheduleHold(
                $"its change notice went out at {RotationSchedule.Show(told.At)}, {time} before it starts", told.At + before);
        }

        foreach (var channel in channels.Where(channel => channel.Digest is null))
        {
            if (await client.GetAsync(NoticeDispatch.InstanceOf(channel.Name, Notice.Change, policy.Name, key), false, cancellationToken)
                is { HasEnded: false })
            {
                return new ScheduleHold($"its change notice could not be sent by {channel.Name} yet, and is tried for a day", null);
            }
        }

        return null;
    }
}
