using System.Text.Json.Nodes;
using Rotunda.Providers.References;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Notices;

/// <summary>Turns a message for one person into a mail to their address alone, with a link that is made now; and takes those who get one
/// of their own from the message for the others.</summary>
public sealed class PersonalNotices(ProviderRegistry providers, IAnswerLinks links, TimeProvider time)
{
    /// <summary>What waited for longer (for the end of quiet hours, or for a channel that was down) may be answered by now.</summary>
    private static readonly TimeSpan s_fresh = TimeSpan.FromMinutes(1);

    /// <returns>The channel's settings and the message as they go out; null if nobody is to get it.</returns>
    internal async Task<(JsonObject Settings, NoticeMessage Message)?> AddressAsync(
        NoticePolicy notices, ProviderBinding channel, NoticeMessage message, SecretScope scope, CancellationToken cancellationToken)
    {
        if (message is { StepId: { } step, RotationId: { } rotation } && time.GetUtcNow() - message.At > s_fresh
            && !await links.IsAskedAsync(rotation, step, cancellationToken))
        {
            return null;
        }

        if (message.Person is null && message.ButNot is null)
        {
            return (channel.Settings, message);
        }

        if (Recipients(channel) is not { } setting)
        {
            // It has another type by now, and may reach anybody.
            return message.Person is null ? (channel.Settings, message) : null;
        }

        if (message.Person is not { } person)
        {
            return Others(notices, channel, setting, message);
        }

        return notices.People.TryGetValue(person, out var address)
            && await WithLinkAsync(notices, message, person, scope, cancellationToken) is { } mail
                ? (Narrowed(channel, setting, [address]), mail)
                : null;
    }

    /// <summary>A link of which nobody knows whether it arrived must not live.</summary>
    internal Task GiveUpAsync(NoticeMessage message, CancellationToken cancellationToken) =>
        message is { Person: { } person, RotationId: { } rotation }
            ? links.EndAsync(rotation, person, cancellationToken)
            : Task.CompletedTask;

    private static (JsonObject, NoticeMessage)? Others(
        NoticePolicy notices, ProviderBinding channel, string setting, NoticeMessage message)
    {
        var own = (message.ButNot ?? []).Select(person => notices.People.GetValueOrDefault(person)).OfType<string>().ToList();
        var left = ((channel.Settings[setting] as JsonArray) ?? []).Select(to => (string)to!)
            .Where(to => !own.Any(address => IsOf(to, address))).ToList();
        return left.Count == 0 ? null : (Narrowed(channel, setting, left), message);
    }

    /// <summary>Also of "Anna &lt;anna@example.com&gt;".</summary>
    private static bool IsOf(string recipient, string address) =>
        recipient.Equals(address, StringComparison.OrdinalIgnoreCase)
        || recipient.TrimEnd().EndsWith($"<{address}>", StringComparison.OrdinalIgnoreCase);

    private async Task<NoticeMessage?> WithLinkAsync(
        NoticePolicy notices, NoticeMessage message, string person, SecretScope scope, CancellationToken cancellationToken)
    {
        if (await links.MakeAsync(message.RotationId!, message.StepId!, person, cancellationToken) is not { } link)
        {
            return null;
        }

        if (link.Path is null || notices.Link is not { } server)
        {
            return message;
        }

        scope.RegisterToken(link.Code);
        return message with
        {
            // Another mail each time: one that is taken for the same would leave the reader with a link that has ended.
            Id = $"{message.Id}-{link.Mark}",
            Text = $"{message.Text}\n\n{link.Words}, once, until {link.ExpiresAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC, and only you:\n"
                + $"{server}{link.Path}\nTo open it changes nothing. Do not pass it on.",
        };
    }

    private string? Recipients(ProviderBinding channel) => providers.DescriptorOf(channel)?.RecipientsSetting;

    private static JsonObject Narrowed(ProviderBinding channel, string setting, IEnumerable<string> to)
    {
        var settings = (JsonObject)channel.Settings.DeepClone();
        settings[setting] = new JsonArray([.. to.Select(one => JsonValue.Create(one))]);
        return settings;
    }
}
