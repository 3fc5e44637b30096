using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Slack;

internal static class SlackTokenDescriptor
{
    public const string Address = "https://slack.com/api";

    public static ProviderDescriptor Instance { get; } = new(
        "slack-token",
        "Slack token without rotation",
        "Takes bot and user tokens of Slack apps whose token rotation is off (`xoxb-`, `xoxp-`), tries them, and ends the old ones by `auth.revoke`.",
        Abilities.TakeSupplied | Abilities.VerifyCredentials | Abilities.RevokeByValue,
        [VendorApi.UrlSetting(Address)],
        [
            "https://docs.slack.dev/reference/methods/auth.revoke",
            "https://docs.slack.dev/reference/methods/auth.test",
            "https://docs.slack.dev/authentication/tokens",
        ],
        [Strategy.Supplied],
        Limits:
        [
            "No API makes such tokens: a person installs the app, and gives its token.",
            "An app has one bot token in a workspace, and installing it again gives the same one as long as that lives (users' reports; Slack does not say). So two tokens at once take two apps: install the twin (a copy by its manifest) and give its token. The value in use is not taken once more.",
            "With one app only there is a gap: an emergency with --revoke-first ends the token, then the app is installed again and gives a new one.",
            "Where it can be, switch on token rotation instead: `slack-rotated-token` needs no person.",
        ],
        Permissions: ["Nothing: tokens are tried and ended by themselves."],
        RollBack: "The new token is ended, which takes its bot out of its channels. What is ended, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              alerts-bot:
                provider: { type: slack-token }
                interval: 365d
                grace: 7d
                ask: { create: "the bot token of alerts-a or alerts-b: the one that is not in use", scopes: ["chat:write", "channels:read"] }
                targets:
                  app: { type: dotenv, path: app.env, keys: { SLACK_BOT_TOKEN: "{value}" } }
            """)
    {
        Costs =
        [
            SettingCost.Always("Ending a bot token takes the bot out of its channels. The twin has to be invited to them before the old token ends."),
        ],
        Supplied = new SuppliedCredential("the bot token of the app's twin, installed and in the same channels", "https://api.slack.com/apps")
        {
            Shape = new ValueShape(Pattern: "xox[bp]-.+", MinLength: 20),
        },
    };
}
