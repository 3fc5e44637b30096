using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.PostHog;

internal static class PersonalKeyDescriptor
{
    public const string Address = "https://us.posthog.com";

    public static ProviderDescriptor Instance { get; } = new(
        "posthog-personal-key",
        "PostHog personal API key",
        "Takes personal API keys that a person makes at PostHog (`phx_…`), and tries them. Up to ten of a user live at once.",
        Abilities.TakeSupplied | Abilities.VerifyCredentials,
        [new(VendorApi.Url, SettingType.Url, "Of the region or the own installation, such as `https://eu.posthog.com`.", Default: Address)],
        [
            "https://posthog.com/docs/api/personal-api-keys",
            "https://posthog.com/docs/api",
        ],
        [Strategy.Supplied],
        Limits:
        [
            "No API makes or ends personal keys for a program: a key may only read itself. Where a project secret key is enough (`posthog-secret-key`), no person is needed.",
            "A user has at most ten keys, so there must be room for a second one.",
            "A key is deleted with its user. Give it to a user of its own, not to a person's.",
        ],
        Permissions: ["Nothing: the new value tries itself."],
        RollBack: "The new one is listed as to be revoked by hand: PostHog has no API for it. The old one was not touched until a person ended it.",
        Example: """
            version: 1
            secrets:
              posthog-admin:
                provider: { type: posthog-personal-key, url: "https://eu.posthog.com" }
                interval: 90d
                grace: 2d
                ask: { scopes: ["project:read", "feature_flag:write"], name: rollout-bot, link: "https://eu.posthog.com/settings/user-api-keys" }
                targets:
                  app: { type: dotenv, path: app.env, keys: { POSTHOG_PERSONAL_API_KEY: "{value}" } }
            """)
    {
        Supplied = new SuppliedCredential("a personal API key", "https://us.posthog.com/settings/user-api-keys")
        {
            Shape = new ValueShape("phx_", MinLength: 20),
        },
    };
}
