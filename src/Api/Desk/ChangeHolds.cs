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
    private const int PageSize = 1_000;

    /// <summary>One that failed again and again may be due for months.</summary>
    private static readonly TimeSpan s_longAgo = TimeSpan.FromDays(90);

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
        if (await ToldAsync(policy.Name, key, now - before, cancellationToken) is not { } told)
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

    /// <summary>The newest rows, as far as one that was told long enough ago would be.</summary>
    private async Task<AuditRow?> ToldAsync(string secret, string key, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var cursor = long.MaxValue;
        while (true)
        {
            var page = await ledger.ReadAuditAsync(
                new AuditFilter(Secret: secret, Limit: PageSize) { BeforeSequence = cursor }, cancellationToken);
            if (page.FirstOrDefault(row => row.Action == Notice.Change
                && row.Detail?.StartsWith($"{key}: ", StringComparison.Ordinal) == true) is { } told)
            {
                return told;
            }

            if (page.Count < PageSize || page[^1].At < before - s_longAgo)
            {
                return null;
            }

            cursor = page[^1].Sequence;
        }
    }
}
