using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rotunda.Orchestration;
using Rotunda.Rotation.Catalog;
using Rotunda.Interpreter;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>
/// Hands a notice to the channels that the catalog names for it: one durable orchestration for each, under an id made of what is told and
/// where, so that the same is never sent twice.
/// </summary>
public sealed class NoticeDispatch(ICatalogSource catalog, IOrchestrationClient client, TimeProvider time)
{
    public async Task SendAsync(Notice notice, CancellationToken cancellationToken)
    {
        if (catalog.Current is not { Notices: { } notices } current)
        {
            return;
        }

        var policy = current.Policies.GetValueOrDefault(notice.Secret);
        var isCalm = NoticeKinds.SeverityOf(notice.Kind) == NoticeSeverity.Calm;
        var channels = notices.ChannelsFor(notice.Kind, policy)
            .Concat(notice.To.Select(name => notices.Channels.GetValueOrDefault(name)).OfType<NoticeChannel>()).Distinct()
            .Where(channel => !isCalm || channel.Digest is null).ToList();
        var own = await SendToPeopleAsync(notice, channels.Find(channel => channel.ReachesPeople), policy, notices, cancellationToken);
        foreach (var channel in channels)
        {
            var message = MessageOf(notice, channel, policy, notices);
            await ScheduleAsync(
                channel, channel.ReachesPeople && own.Count > 0 ? message with { ButNot = own } : message, cancellationToken);
        }
    }

    /// <summary>The calm notices until then, as one.</summary>
    public Task SendDigestAsync(NoticeChannel channel, DateTimeOffset at, int count, string text, CancellationToken cancellationToken)
    {
        var title = $"Digest: {count} calm {(count == 1 ? "notice" : "notices")}";
        var id = IdOf(channel.Name, "digest", at.UtcDateTime.ToString("s", CultureInfo.InvariantCulture));
        var message = new NoticeMessage(id, NoticeKind.Digest, NoticeSeverity.Calm, title, text, at)
        {
            Link = catalog.Current?.Notices?.Link,
        };
        return ScheduleAsync(channel, message, cancellationToken);
    }

    /// <summary>One message for each, by the first channel that can: so that each gets one link, however many channels name them.</summary>
    /// <returns>Those who get one.</returns>
    private async Task<IReadOnlyList<string>> SendToPeopleAsync(
        Notice notice, NoticeChannel? channel, Policy? policy, NoticePolicy notices, CancellationToken cancellationToken)
    {
        if (channel is null || notice.StepId is null)
        {
            return [];
        }

        var people = notice.People.Where(notices.People.ContainsKey).ToList();
        foreach (var person in people)
        {
            var message = MessageOf(notice, channel, policy, notices) with
            {
                Id = IdOf(channel.Name, notice.Action, notice.Secret, notice.Key, person.ToLowerInvariant()),
                Person = person,
            };
            await ScheduleAsync(channel, message, cancellationToken);
        }

        return people;
    }

    private async Task ScheduleAsync(NoticeChannel channel, NoticeMessage message, CancellationToken cancellationToken)
    {
        var delivery = new NoticeDelivery(channel.Name, message, NotBefore(channel, message.Severity));
        try
        {
            await client.ScheduleNewAsync(
                NoticeNames.Orchestration, delivery, new StartOptions(InstanceOf(message.Id)), cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // Another process, or this one before it died, has told it.
        }
    }

    /// <summary>All but urgent ones wait for the end of quiet hours.</summary>
    private DateTimeOffset? NotBefore(NoticeChannel channel, NoticeSeverity severity)
    {
        var now = time.GetUtcNow();
        return severity < NoticeSeverity.Urgent && channel.QuietHours is { } quiet && RotationWindows.IsOpen(quiet, now)
            ? RotationWindows.NextClosing(quiet, now)
            : null;
    }

    private NoticeMessage MessageOf(Notice notice, NoticeChannel channel, Policy? policy, NoticePolicy notices)
    {
        var path = notice.Campaign is { } campaign ? $"/campaigns/{campaign}"
            : notice.RotationId is { } rotation ? $"/{(notice.Kind == NoticeKind.NeedsApproval ? "approve" : "rotations")}/{rotation}"
            : policy is null ? "" : $"/secrets/{policy.Name}";
        var message = new NoticeMessage(
            IdOf(channel.Name, notice.Action, notice.Campaign ?? notice.Secret, notice.Key),
            notice.Kind, SeverityOf(notice), NoticeTitles.Of(notice), notice.Message, time.GetUtcNow())
        {
            Secret = notice.Campaign is null && notice.Secret.Length > 0 ? notice.Secret : null,
            RotationId = notice.RotationId,
            Owner = policy?.Owner,
            Tags = policy?.Tags ?? [],
            StepId = notice.StepId,
            Link = notices.Link is { } link ? link + path : null,
            Condition = notice.Condition ?? $"{NoticeKinds.NameOf(notice.Kind)} {notice.RotationId ?? notice.Secret}",
            Ends = notice.Ends,
        };
        return notices.Texts.TryGetValue(notice.Kind, out var own) ? own.Fill(message) : message;
    }

    /// <summary>That something urgent is over wakes nobody.</summary>
    private static NoticeSeverity SeverityOf(Notice notice) => NoticeKinds.SeverityOf(notice.Kind) switch
    {
        NoticeSeverity.Urgent when notice.Ends => NoticeSeverity.Warning,
        var severity => severity,
    };

    /// <summary>Letters that every system takes as a key, also in the name of a mail.</summary>
    private static string IdOf(string channel, params string[] parts) =>
        $"{channel}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..32]}";

    /// <summary>The delivery of a notice by a channel.</summary>
    internal static string InstanceOf(string channel, string action, string secret, string key) =>
        InstanceOf(IdOf(channel, action, secret, key));

    private static string InstanceOf(string messageId) => NoticeNames.InstancePrefix + messageId;
}
