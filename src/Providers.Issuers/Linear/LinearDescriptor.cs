using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Linear;

internal static class LinearDescriptor
{
    public const string Address = "https://api.linear.app";

    public static ProviderDescriptor Instance { get; } = new(
        "linear-api-key",
        "Linear API key",
        "Takes personal API keys that a person makes at Linear, and tries them. Several live at once.",
        Abilities.TakeSupplied | Abilities.VerifyCredentials,
        [VendorApi.UrlSetting(Address)],
        [
            "https://linear.app/developers/graphql",
            "https://linear.app/docs/api-and-webhooks",
        ],
        [Strategy.Supplied],
        Limits:
        [
            "No API makes or ends keys: a person does both, in the account's settings.",
            "A key has the rights of its user, cut down by the permissions and teams that are chosen when it is made. Admins can forbid members to make keys.",
            "What Linear answers to a key that it does not know is told by status 401 or by the error `AUTHENTICATION_ERROR`; anything else tells nothing.",
        ],
        Permissions: ["Nothing: the new value tries itself."],
        RollBack: "The new one is listed as to be revoked by hand: Linear has no API for it. The old one was not touched until a person ended it.",
        Example: """
            version: 1
            secrets:
              linear-bot:
                provider: { type: linear-api-key }
                interval: 180d
                grace: 2d
                ask: { scopes: [Read, Create issues], name: linear-bot }
                targets:
                  app: { type: dotenv, path: app.env, keys: { LINEAR_API_KEY: "{value}" } }
            """)
    {
        Supplied = new SuppliedCredential("a personal API key", "https://linear.app/settings/account/security")
        {
            Shape = new ValueShape("lin_api_", MinLength: 20),
        },
    };
}
