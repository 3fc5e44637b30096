using Rotunda.Calendar.Due;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Interpreter;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>Tells that a scheduled rotation comes: what, when, for how long by what the past ones took, with which impact, and whom to
/// ask.</summary>
public sealed class NoticeChanges(ICatalogSource catalog, HoldReader reader, ILedger ledger, TimeProvider time)
{
    private const int Looked = 5;

    /// <summary>It goes out a little earlier than it has to, so that no rotation is late by the pace of the looks.</summary>
    private static readonly TimeSpan s_early = TimeSpan.FromMinutes(15);

    /// <summary>What makes the notice of a run one and the same.</summary>
    internal static string KeyOf(DateTimeOffset due) => $"due {RotationSchedule.Show(due)}";

    /// <param name="isTold">Saves looking up what is on record already.</param>
    public async Task<IReadOnlyList<Notice>> FindAsync(
        IReadOnlyDictionary<string, SecretRecord> secrets, Func<Notice, bool> isTold, CancellationToken cancellationToken)
    {
        if (catalog.Current is not { Notices: { Before: { } before } notices } current)
        {
            return [];
        }

        var now = time.GetUtcNow();
        var holds = await reader.OfAllAsync(secrets, cancellationToken);
        var found = new List<Notice>();
        foreach (var policy in current.Policies.Values)
        {
            if (secrets.GetValueOrDefault(policy.Name) is { ActiveRotationId: null } secret
                && Next(policy, secret, holds, now) is { StartsAt: { } starts } run && starts > now && starts <= now + before + s_early)
            {
                var notice = new Notice(Notice.Change, policy.Name, null, KeyOf(run.DueAt), "")
                {
                    Title = $"{policy.Name}: scheduled rotation at {RotationSchedule.Show(starts)}",
                };
                found.Add(isTold(notice) ? notice : notice with
                {
                    Message = await TextAsync(policy, run, notices.Contact, cancellationToken),
                });
            }
        }

        return found;
    }

    private static ComingRun? Next(Policy policy, SecretRecord secret, ScheduleHolds holds, DateTimeOffset now) =>
        ComingRuns.Of(policy, holds.On(policy, Schedules.Of(secret, null)), now).FirstOrDefault();

    private async Task<string> TextAsync(Policy policy, ComingRun run, string? contact, CancellationToken cancellationToken)
    {
        var why = run.Why.Count == 0 ? "" : $" (due {RotationSchedule.Show(run.DueAt)}; waits for: {string.Join(", ", run.Why)})";
        var whom = string.Join(", ", new[] { policy.Owner, contact }.OfType<string>());
        return string.Join('\n',
            $"Service: {policy.Description ?? policy.Name}",
            $"Date: {RotationSchedule.Show(run.StartsAt!.Value)}{why}",
            $"Duration: {await DurationAsync(policy, cancellationToken)}",
            $"Impact: {Impact(policy)}",
            $"Contact: {(whom.Length == 0 ? "nobody is named in the catalog" : whom)}");
    }

    /// <summary>The median of the last ones, each from its start (or from its approval) until the new credential was in use.</summary>
    private async Task<string> DurationAsync(Policy policy, CancellationToken cancellationToken)
    {
        var past = new List<TimeSpan>();
        var filter = new RotationFilter(policy.Name, [RotationState.Succeeded], Limit: Looked);
        foreach (var rotation in await ledger.ListRotationsAsync(filter, cancellationToken))
        {
            var rows = await ledger.ReadRotationAsync(rotation.Id, cancellationToken);
            var end = rows.FirstOrDefault(row => row.Action is RotationActions.GraceStarted or RotationActions.Succeeded)?.At;
            var start = rows.LastOrDefault(row => row.Action == RotationActions.ApprovalGiven && row.At <= end)?.At ?? rotation.CreatedAt;
            if (end >= start)
            {
                past.Add(end.Value - start);
            }
        }

        past.Sort();
        var grace = policy.Grace > TimeSpan.Zero ? $" The old credential lives on for {DurationText.Format(policy.Grace)}." : "";
        return past.Count == 0
            ? "not known yet: no rotation of it has succeeded." + grace
            : $"about {Rounded(past[past.Count / 2])} (the last {past.Count}: up to {Rounded(past[^1])}).{grace}";
    }

    private static string Rounded(TimeSpan time) => time < TimeSpan.FromMinutes(1)
        ? "1 minute"
        : DurationText.Format(TimeSpan.FromMinutes(Math.Ceiling(time.TotalMinutes)));

    private static string Impact(Policy policy)
    {
        var main = policy.Strategy switch
        {
            Strategy.InPlace => "one value is exchanged: what uses it may fail until it has the new one.",
            Strategy.ReEncrypt when policy.Migration == MigrationMode.Offline => "what uses it is stopped meanwhile.",
            Strategy.ReEncrypt => "stored data is moved to a new key while what uses it runs.",
            _ => "none expected: the old and the new credential work side by side.",
        };
        var consumers = string.Join(", ", policy.Consumers.Select(consumer => consumer.Name));
        var targets = string.Join(", ", policy.Targets.Select(target => target.Name));
        return main
            + (targets.Length == 0 ? "" : $" Delivered to: {targets}.")
            + (consumers.Length == 0 ? "" : $" Restarted or checked: {consumers}.")
            + (policy.Approval is null ? "" : $" A person approves it before the {(policy.Approval.Before == ApprovalMoment.Start
                ? "start" : "old credential ends")}.");
    }
}
