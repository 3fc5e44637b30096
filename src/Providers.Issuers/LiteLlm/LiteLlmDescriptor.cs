using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.LiteLlm;

internal static class LiteLlmDescriptor
{
    public const string Models = "models";
    public const string Team = "team";
    public const string Lifetime = "lifetime";
    public const string Token = "token";

    public static ProviderDescriptor Instance { get; } = new(
        "litellm-key",
        "LiteLLM virtual key",
        "Issues and revokes virtual keys of a LiteLLM proxy. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.DisableCredentials | Abilities.ListCredentials,
        [
            new(VendorApi.Url, SettingType.Url, "The proxy's address.", Required: true),
            new(Models, SettingType.TextList, "The models that the keys may use. Left out: those of the key in use; if it is not known, all of its team's."),
            new(Team, SettingType.Text, "The id of the keys' team. Left out: that of the key in use."),
            new(Lifetime, SettingType.Duration, "When a key ends by itself. Left out: never. Give it more than the interval and the grace period together, as a safety net."),
            new(Token, SettingType.Text, "The master key, or a proxy administrator's, by which Rotunda issues the others.", Required: true, IsSecret: true),
        ],
        [
            "https://docs.litellm.ai/docs/proxy/virtual_keys",
            "https://litellm-api.up.railway.app/#/key%20management",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "A key's id is the SHA-256 of its value, as LiteLLM itself keeps it, also in `current:`: `printf %s \"$KEY\" | sha256sum`.",
            "LiteLLM does not tell when a key was last used: there is no evidence to wait for, so give a grace period.",
            "Proxies keep keys for about a minute: a deleted key may work so long.",
        ],
        Permissions: ["The master key, or the key of a user with the role `proxy_admin`."],
        RollBack: "The new key is deleted. What a deleted key was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              gateway-key:
                provider: { type: litellm-key, url: https://llm.example.com, models: [gpt-4o], team: platform, token: env:LITELLM_MASTER_KEY }
                interval: 60d
                grace: 24h
                revoke: { disableFor: 24h }
                targets:
                  app: { type: dotenv, path: app.env, keys: { LITELLM_API_KEY: "{value}" } }
            """)
    {
        Costs =
        [
            SettingCost.Always("What was spent is counted for each key: with a new one the budget begins anew."),
        ],
        Carries = ["the models and their aliases", "the team and the user", "the budget and the limits of requests and tokens", "the metadata and the permissions"],
    };
}
