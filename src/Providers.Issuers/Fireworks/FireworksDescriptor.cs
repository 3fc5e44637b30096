using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Fireworks;

internal static class FireworksDescriptor
{
    public const string Account = "account";
    public const string User = "user";
    public const string Lifetime = "lifetime";
    public const string Token = "token";
    public const string Address = "https://api.fireworks.ai";

    public static ProviderDescriptor Instance { get; } = new(
        "fireworks-api-key",
        "Fireworks API key",
        "Issues and revokes API keys of a user or service account at Fireworks. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials,
        [
            new(Account, SettingType.Text, "The account's id.", Required: true),
            new(User, SettingType.Text, "The id of the user or service account whose keys these are.", Required: true),
            new(Lifetime, SettingType.Duration, "When a key ends by itself. Left out: never. Give it more than the interval and the grace period together, as a safety net."),
            new(Token, SettingType.Text, "The API key by which Rotunda issues the others.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
        ],
        [
            "https://docs.fireworks.ai/api-reference/create-api-key",
            "https://docs.fireworks.ai/api-reference/list-api-keys",
            "https://docs.fireworks.ai/api-reference/delete-api-key",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "Fireworks does not tell when a key was last used: there is no evidence to wait for, so give a grace period.",
            "A key is tried by asking for models. How one is refused that is not known, Fireworks' documents do not say: 401 and 403 are both taken for that.",
        ],
        Permissions: ["A key of the user itself, or of an administrator of the account."],
        RollBack: "The new key is deleted. What a deleted key was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              inference-key:
                provider: { type: fireworks-api-key, account: acme, user: ci-bot, token: env:FIREWORKS_ADMIN_KEY }
                interval: 90d
                grace: 24h
                targets:
                  app: { type: dotenv, path: app.env, keys: { FIREWORKS_API_KEY: "{value}" } }
            """);
}
