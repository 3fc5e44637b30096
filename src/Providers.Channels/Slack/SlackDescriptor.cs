using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Channels.Slack;

internal static class SlackDescriptor
{
    public const string Url = "url";

    public static ProviderDescriptor Instance { get; } = new(
        "slack",
        "Slack",
        "A message in a Slack channel, by an incoming webhook.",
        Abilities.SendNotices,
        [
            new(Url, SettingType.Text, "The address of the incoming webhook. Whoever knows it can write there: it is a secret.", Required: true, IsSecret: true),
        ],
        [
            "https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks",
            "https://docs.slack.dev/messaging/formatting-message-text",
        ],
        [],
        Limits: ["A webhook writes into the one channel that it was made for.", "A message whose answer was lost is sent again: it may be there twice, with the same id at its end."],
        Permissions: ["The scope `incoming-webhook` of a Slack app."],
        Example: """
            version: 1
            notices:
              channels:
                team: { type: slack, url: "env:SLACK_WEBHOOK" }
              routes:
                all: { to: [team] }
            secrets:
              session-secret: { provider: { type: generated } }
            """);
}
