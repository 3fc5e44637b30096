using System.Globalization;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>
/// The calm notices of a day as one message for each channel that wants them so: made of the audit, where each was put when it was told,
/// so that a restart loses none and repeats none. A digest that fell into a time when nothing ran comes late, and has what it missed.
/// </summary>
public sealed class NoticeDigests(ICatalogSource catalog, ILedger ledger, NoticeDispatch dispatch, TimeProvider time)
{
    private const int PageSize = 1_000;
    private const int MostLines = 200;
    private const string MomentFormat = "yyyy-MM-dd'T'HH:mm'Z'";
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(8);

    /// <summary>The digests that this process has seen to.</summary>
    private readonly HashSet<(string Channel, DateTimeOffset At)> _done = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (catalog.Current is not { Notices: { } notices } current)
        {
            return;
        }

        foreach (var channel in notices.Channels.Values.Where(channel => channel.Digest is not null))
        {
            var at = LastMoment(channel.Digest!, time.GetUtcNow());
            if (!_done.Contains((channel.Name, at)))
            {
                await OneAsync(current, channel, at, cancellationToken);
                _done.Add((channel.Name, at));
            }
        }
    }

    /// <summary>The newest time of day that has come.</summary>
    private static DateTimeOffset LastMoment(NoticeDigest digest, DateTimeOffset now)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(digest.TimeZone);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var at = LocalTime.At(zone, today.ToDateTime(digest.At));
        return (at <= now ? at : LocalTime.At(zone, today.AddDays(-1).ToDateTime(digest.At))).ToUniversalTime();
    }

    private async Task OneAsync(RotationCatalog current, NoticeChannel channel, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var (rows, before) = await ReadAsync(channel, at, cancellationToken);
        if (before == at)
        {
            return;
        }

        var from = before ?? at - Day;
        var lines = rows.Where(row => row.At > from && IsFor(current, channel, row)).Reverse().Select(Line).ToList();
        if (lines.Count == 0)
        {
            return;
        }

        await dispatch.SendDigestAsync(channel, at, lines.Count, Body(lines), cancellationToken);
        var detail = $"{channel.Name} {Moment(at)}: {lines.Count} calm";
        await ledger.AuditAsync(
            new AuditEntry(AuditActions.System, AuditActions.NoticeDigest, null, null, null, detail), cancellationToken);
    }

    /// <returns>The notices until then, newest first, and when the digest before was; null if there was none in the last days.</returns>
    private async Task<(List<AuditRow> Rows, DateTimeOffset? Before)> ReadAsync(
        NoticeChannel channel, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var (rows, cursor, before) = (new List<AuditRow>(), long.MaxValue, (DateTimeOffset?)null);
        while (true)
        {
            var page = await ledger.ReadAuditAsync(new AuditFilter(Limit: PageSize) { BeforeSequence = cursor }, cancellationToken);
            foreach (var row in page)
            {
                if (row.At < at - LookBack || row.At <= before)
                {
                    return (rows, before);
                }

                before ??= row.Action == AuditActions.NoticeDigest ? DigestOf(row, channel.Name) : null;
                if (row.At <= at && NoticeKinds.Of(row.Action) is not null)
                {
                    rows.Add(row);
                }
            }

            if (page.Count < PageSize)
            {
                return (rows, before);
            }

            cursor = page[^1].Sequence;
        }
    }

    private static DateTimeOffset? DigestOf(AuditRow row, string channel) =>
        row.Detail?.Split(' ', ':') is [var name, ..] && name == channel && row.Detail.Length > name.Length + 1 + Moment(default).Length
        && DateTimeOffset.TryParseExact(
            row.Detail.AsSpan(name.Length + 1, Moment(default).Length), MomentFormat, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : null;

    private static bool IsFor(RotationCatalog current, NoticeChannel channel, AuditRow row) =>
        NoticeKinds.Of(row.Action) is { } kind && NoticeKinds.SeverityOf(kind) == NoticeSeverity.Calm
        && current.Notices!.ChannelsFor(kind, current.Policies.GetValueOrDefault(row.Secret ?? "")).Contains(channel);

    /// <summary>The row's detail begins with the notice's key.</summary>
    private static string Line(AuditRow row)
    {
        var detail = row.Detail ?? "";
        var message = detail[(detail.IndexOf(": ", StringComparison.Ordinal) is var at and >= 0 ? at + 2 : 0)..];
        return $"- {row.Secret}: {NoticeKinds.NameOf(NoticeKinds.Of(row.Action)!.Value)}. {message.Replace('\n', ' ')}";
    }

    private static string Body(List<string> lines) => string.Join('\n', lines.Count <= MostLines
        ? lines
        : [.. lines.Take(MostLines), $"and {lines.Count - MostLines} more: see the audit."]);

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString(MomentFormat, CultureInfo.InvariantCulture);
}
