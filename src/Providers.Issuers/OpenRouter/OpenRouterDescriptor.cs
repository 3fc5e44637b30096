using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.OpenRouter;

internal static class OpenRouterDescriptor
{
    public const string Limit = "limit";
    public const string LimitReset = "limitReset";
    public const string Workspace = "workspace";
    public const string Lifetime = "lifetime";
    public const string Token = "token";
    public const string Address = "https://openrouter.ai/api/v1";

    public static ProviderDescriptor Instance { get; } = new(
        "openrouter-api-key",
        "OpenRouter API key",
        "Issues and revokes API keys of OpenRouter. Several live at once, each with a spending limit of its own.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.DisableCredentials | Abilities.ListCredentials,
        [
            new(Limit, SettingType.Integer, "The spending limit of a key, in dollars. Left out: that of the key in use."),
            new(LimitReset, SettingType.Choice, "How often the limit begins anew. Left out: as with the key in use.", Choices: ["daily", "weekly", "monthly"]),
            new(Workspace, SettingType.Text, "The id of the workspace whose keys these are. Left out: the default one."),
            new(Lifetime, SettingType.Duration, "When a key ends by itself. Left out: never. Give it more than the interval and the grace period together, as a safety net."),
            new(Token, SettingType.Text, "The management key by which Rotunda issues the others.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
        ],
        [
            "https://openrouter.ai/docs/features/provisioning-api-keys",
            "https://openrouter.ai/docs/api-reference/api-keys/create-api-key",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "OpenRouter does not tell when a key was last used, so there is no evidence to wait for: give a grace period.",
            "Management keys are made in OpenRouter's settings only.",
        ],
        Permissions: ["A management key (it cannot be used for completions)."],
        RollBack: "The new key is deleted. What a deleted key was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              llm-key:
                provider: { type: openrouter-api-key, token: env:OPENROUTER_MANAGEMENT_KEY }
                interval: 60d
                grace: 2d
                revoke: { disableFor: 24h }
                current: { id: f01d52606dc8f0a8303a7b5cc3fa07109c2e346cec7c0a16b40de462992ce943 }
                targets:
                  app: { type: dotenv, path: app.env, keys: { OPENROUTER_API_KEY: "{value}" } }
            """)
    {
        Costs =
        [
            SettingCost.Always("What was spent is counted for each key: with a new one the limit begins anew."),
        ],
        Carries = ["the spending limit", "how often it begins anew", "whether it counts what own keys spend"],
    };
}
