using Microsoft.Extensions.Logging;
using Rotunda.Calendar.Due;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Interpreter;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>
/// Tells people what they should know, as a log event, an audit row, and by the channels that the catalog names: once per condition, also
/// across restarts, because the audit remembers.
/// </summary>
public sealed partial class NoticeDesk(
    ICatalogSource catalog,
    CatalogAdoption adoption,
    Leavers leavers,
    NoticeEvents events,
    NoticeChanges changes,
    NoticeDispatch dispatch,
    NoticeDigests digests,
    NoticeCatalog whole,
    HoldReader reader,
    ILedger ledger,
    TimeProvider time,
    ILogger<NoticeDesk> logger) : IDisposable
{
    /// <summary>Conditions of the last run that are on record; saves reading the audit for each at every run.</summary>
    private readonly HashSet<(string Action, string Secret, string Key)> _told = [];
    private readonly SemaphoreSlim _one = new(1);

    /// <returns>How many were new.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var fresh = await whole.RunAsync(cancellationToken);
        var found = await FindAsync(cancellationToken);
        foreach (var notice in found)
        {
            fresh += await TellAsync(notice, cancellationToken) ? 1 : 0;
        }

        await ForgetOthersAsync(found, cancellationToken);

        await digests.RunAsync(cancellationToken);

        return fresh;
    }

    /// <returns>True if it was new.</returns>
    public async Task<bool> TellAsync(Notice notice, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (IsTold(notice))
            {
                return false;
            }

            var known = await IsOnRecordAsync(notice, cancellationToken);
            if (!known)
            {
                // Before it is on record: where the process dies in between, it is scheduled again under the same id, which is no second.
                await dispatch.SendAsync(notice, cancellationToken);
                await ledger.AuditAsync(
                    new AuditEntry(AuditActions.System, notice.Action, notice.Secret, notice.RotationId, null, notice.Detail),
                    cancellationToken);
                var level = LevelOf(notice);
                if (logger.IsEnabled(level))
                {
                    LogNotice(level, notice.Action, notice.Secret, notice.RotationId, notice.Message);
                }
            }

            _told.Add(KeyOf(notice));
            return !known;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private static LogLevel LevelOf(Notice notice) => notice switch
    {
        { Action: Notice.LeaseInDanger } => LogLevel.Error,
        { Action: Notice.Stuck or Notice.Overdue or Notice.Drifted or Notice.Failed, MayPass: false } => LogLevel.Error,
        { Action: Notice.Succeeded or Notice.Change } => LogLevel.Information,
        _ => LogLevel.Warning,
    };

    private async Task<IReadOnlyList<Notice>> FindAsync(CancellationToken cancellationToken)
    {
        var secrets = await ledger.SecretsByNameAsync(cancellationToken);
        var open = await ledger.ListOpenAsync(cancellationToken).ToDictionaryAsync(r => r.Id, StringComparer.Ordinal, cancellationToken);
        var holds = await reader.OfAllAsync(secrets, cancellationToken);
        var notices = new List<Notice>();
        foreach (var policy in catalog.Current?.Policies.Values ?? [])
        {
            var secret = secrets.GetValueOrDefault(policy.Name);
            var rotation = secret?.ActiveRotationId is { } id ? open.GetValueOrDefault(id) : null;
            if (Scheduled(policy, secret, rotation, holds) is { } notice)
            {
                notices.Add(notice);
            }

            if (secret is not null && LeaseWords.Danger(secret, time.GetUtcNow()) is { } danger)
            {
                notices.Add(danger);
            }

            notices.AddRange((secret?.Drift?.Drifted ?? []).Select(finding => Drifted(policy, secret!, finding)));
        }

        foreach (var stuck in open.Values.Where(r => r.State == RotationState.Stuck))
        {
            notices.Add(await StuckAsync(stuck, cancellationToken));
        }

        notices.AddRange(await changes.FindAsync(secrets, IsTold, cancellationToken));
        notices.AddRange(await events.FindAsync(open.Values, cancellationToken));
        notices.AddRange((await leavers.ListAsync(cancellationToken)).Select(leaver => new Notice(
            Notice.NotInCatalog, leaver.Secret.Name, null, $"since rotation {leaver.Secret.LastNumber}", LeaverWords.Message(leaver))));
        return notices;
    }

    private bool IsTold(Notice notice) => _told.Contains(KeyOf(notice));

    private Notice? Scheduled(Policy policy, SecretRecord? secret, RotationRecord? open, ScheduleHolds holds)
    {
        var status = ScheduleStatus.Of(policy, holds.On(policy, Schedules.Of(secret, open?.State)), time.GetUtcNow());
        var due = status.DueAt is { } at ? $"due {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : "";
        return status.Group switch
        {
            ScheduleGroup.DueSoon => new Notice(Notice.DueSoon, policy.Name, null, due, status.Message),
            ScheduleGroup.Overdue => new Notice(Notice.Overdue, policy.Name, null, due, status.Message),
            ScheduleGroup.NotAdopted when adoption.Problems.TryGetValue(policy.Name, out var why) =>
                new Notice(Notice.NotAdopted, policy.Name, null, "not adopted", why),
            _ => null,
        };
    }

    /// <summary>One that was mended and drifts again is told again.</summary>
    private static Notice Drifted(Policy policy, SecretRecord secret, DriftFinding finding) => new(
        Notice.Drifted,
        secret.Name,
        null,
        $"{finding.Place} {LedgerWords.Of(finding.Since)}",
        DriftWords.Of(policy.Provider.Type, finding));

    /// <summary>One that went on and got stuck again is told again: the record's number tells the two apart.</summary>
    private async Task<Notice> StuckAsync(RotationRecord rotation, CancellationToken cancellationToken)
    {
        var rows = await ledger.ReadRotationAsync(rotation.Id, cancellationToken);
        var since = rows.LastOrDefault(row => row.Action == RotationActions.Stuck)?.Sequence ?? 0;
        return new Notice(
            Notice.Stuck,
            rotation.Secret,
            rotation.Id,
            $"{rotation.Id} at record {since}",
            $"{rotation.Detail ?? "No reason is on record."} {WhatNext(rotation)} See: rotunda show {rotation.Id}")
        {
            MayPass = rotation.Until is not null,
        };
    }

    private static string WhatNext(RotationRecord stuck) => stuck.Until is { } until
        ? $"It is looked at again by itself until {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC; from then on it needs a person."
        : "It needs a person.";

    private async Task<bool> IsOnRecordAsync(Notice notice, CancellationToken cancellationToken) =>
        await ledger.LastNoticeAsync(notice.Secret, notice.Action, $"{notice.Key}: ", cancellationToken) is not null;

    /// <summary>Conditions that have passed are not kept: there are ever more of them.</summary>
    private async Task ForgetOthersAsync(IReadOnlyList<Notice> found, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            _told.IntersectWith(found.Select(KeyOf));
        }
        finally
        {
            _one.Release();
        }
    }

    private static (string Action, string Secret, string Key) KeyOf(Notice notice) => (notice.Action, notice.Secret, notice.Key);

    [LoggerMessage(EventId = 4041, Message = "{Action}: {Secret} {RotationId} {Notice}")]
    private partial void LogNotice(LogLevel level, string action, string secret, string? rotationId, string notice);
}
