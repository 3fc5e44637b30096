using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Portkey;

internal static class PortkeyDescriptor
{
    public const string Kind = "kind";
    public const string Workspace = "workspace";
    public const string User = "user";
    public const string Scopes = "scopes";
    public const string Lifetime = "lifetime";
    public const string Token = "token";
    public const string Address = "https://api.portkey.ai/v1";

    public static ProviderDescriptor Instance { get; } = new(
        "portkey-api-key",
        "Portkey API key",
        "Issues and revokes API keys of Portkey: of an organisation, or of a workspace's services or users. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials,
        [
            new(Kind, SettingType.Choice, "Whose keys these are.", Default: "workspace-service", Choices: ["workspace-service", "workspace-user", "organisation-service"]),
            new(Workspace, SettingType.Text, "The workspace whose keys these are; required but for `organisation-service`."),
            new(User, SettingType.Text, "With `workspace-user`: the id of the user whose keys these are."),
            new(Scopes, SettingType.TextList, "What the keys may do, such as `completions.write`. Left out: the scopes of the key in use."),
            new(Lifetime, SettingType.Duration, "When a key ends by itself. Left out: never. Give it more than the interval and the grace period together, as a safety net."),
            new(Token, SettingType.Text, "The admin key by which Rotunda issues the others.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
        ],
        [
            "https://portkey.ai/docs/api-reference/admin-api/control-plane/api-keys/create-api-key",
            "https://portkey.ai/docs/product/enterprise-offering/org-management/api-keys-authn-and-authz",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "Portkey does not tell when a key was last used, so there is no evidence to wait for: give a grace period.",
            "Gateways of your own keep keys for about a minute, and those whose values are in a vault for up to five: a revoked key works there until then.",
            "A key is tried by asking for models; one that may not see them is known all the same.",
        ],
        Permissions: ["An admin key of the organisation whose scopes include those to create, list, read and delete API keys of the kind."],
        RollBack: "The new key is deleted. What a deleted key was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              gateway-key:
                provider: { type: portkey-api-key, workspace: ws-prod-1a2b3c, token: env:PORTKEY_ADMIN_KEY }
                interval: 60d
                grace: 2d
                current: { id: 9c2f7f0e-5d5a-4b43-9a0e-3a1f6f4d2b10 }
                targets:
                  app: { type: dotenv, path: app.env, keys: { PORTKEY_API_KEY: "{value}" } }
            """)
    {
        Costs =
        [
            SettingCost.Always("What was spent is counted for each key: with a new one the limits begin anew."),
        ],
        Carries = ["the scopes", "the limits of requests and of spending", "the defaults"],
    };
}
