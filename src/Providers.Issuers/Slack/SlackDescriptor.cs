using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Slack;

internal static class SlackDescriptor
{
    public const string ClientId = "clientId";
    public const string ClientSecret = "clientSecret";
    public const string Address = "https://slack.com/api";

    public static ProviderDescriptor Instance { get; } = new(
        "slack-rotated-token",
        "Slack token with rotation",
        "Refreshes the bot or user token of a Slack app whose token rotation is on. The value is the pair, as JSON: `access_token` and the `refresh_token` that the next rotation needs; targets take `{value.access_token}`.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials,
        [
            new(ClientId, SettingType.Text, "The app's client id.", Required: true),
            new(ClientSecret, SettingType.Text, "The app's client secret.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
        ],
        [
            "https://docs.slack.dev/authentication/using-token-rotation",
            "https://docs.slack.dev/reference/methods/oauth.v2.access",
            "https://docs.slack.dev/reference/methods/auth.test",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "A token works for 12 hours, also one that has been replaced. So rotate every 8 hours or so: `interval: 8h`.",
            "A refresh token works once. It is used up by the rotation, so there is no way back from there: the old token ends by itself.",
            "Rotunda must be the only one that refreshes. A framework that does it by itself (Bolt) would use up the refresh token.",
            "Where the answer to a refresh is lost, the same refresh token is tried once more. If Slack refuses it, the new pair is lost: the token in use works to its end, and a person installs the app again and gives its pair under `current: value`.",
            "The app's own credentials are looked at with a refresh token that is none: that Slack finds fault with the client first is inferred, not documented.",
            "Slack takes no more than two live tokens, and ends neither of them on request without ending the installation: a token that leaked is ended by removing the app.",
            "App configuration tokens, and tokens without rotation, are other things: those are `supplied` by a person.",
        ],
        Permissions: ["The app's client id and client secret; nothing else."],
        RollBack: "None once the token is refreshed: the refresh token of before is used up. Before that, nothing has happened.",
        Example: """
            version: 1
            secrets:
              alerts-slack-token:
                provider: { type: slack-rotated-token, clientId: "1234567890.1234567890123", clientSecret: env:SLACK_CLIENT_SECRET }
                interval: 8h
                grace: 0s
                current: { value: "file:/etc/rotunda/slack-pair.json" }
                targets:
                  app: { type: dotenv, path: app.env, keys: { SLACK_BOT_TOKEN: "{value.access_token}" } }
            """)
    {
        RepeatsIssue = true,
        OldEnds = new(null, TimeSpan.FromHours(12)),
    };
}
