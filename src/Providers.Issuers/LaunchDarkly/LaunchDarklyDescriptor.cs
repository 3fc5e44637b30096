using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.LaunchDarkly;

internal static class LaunchDarklyDescriptor
{
    public const string Role = "role";
    public const string CustomRoles = "customRoles";
    public const string Personal = "personal";
    public const string Token = "token";
    public const string Address = "https://app.launchdarkly.com";

    public static ProviderDescriptor Instance { get; } = new(
        "launchdarkly-token",
        "LaunchDarkly access token",
        "Issues and revokes API access tokens of LaunchDarkly: service tokens, or personal ones. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials | Abilities.ReportUse,
        [
            new(Role, SettingType.Choice, "The tokens' built-in role. Left out, and no `customRoles` either: what the token in use may do.", Choices: ["reader", "writer", "admin"]),
            new(CustomRoles, SettingType.TextList, "The ids of the tokens' custom roles, instead of `role`."),
            new(Personal, SettingType.Boolean, "True for tokens of the member whose token Rotunda uses. Left out: as the token in use; if it is not known, service tokens."),
            new(Token, SettingType.Text, "The access token by which Rotunda issues the others.", Required: true, IsSecret: true),
            new(VendorApi.Url, SettingType.Url, "Of the API, where it is another instance (https://app.launchdarkly.us) or a proxy.", Default: Address),
        ],
        [
            "https://launchdarkly.com/docs/api/access-tokens/post-token",
            "https://launchdarkly.com/docs/api/access-tokens/get-tokens",
            "https://launchdarkly.com/docs/api/other/get-caller-identity",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "API access tokens only: SDK keys, mobile keys and relay keys are reset with a time for the old one, and cannot be listed by a label.",
            "A second token is made, and the first is not reset, so that the new one can be verified before the old one's end is decided.",
        ],
        Permissions: ["An access token with the role Admin, or with the actions `createAccessToken` and `deleteAccessToken` and a view of all tokens.", "Whatever the new tokens may do, too."],
        RollBack: "The new token is deleted. What a deleted token was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              flags-token:
                provider: { type: launchdarkly-token, token: env:LAUNCHDARKLY_ADMIN_TOKEN }
                interval: 90d
                grace: 24h
                evidence: { quietFor: 6h, timeout: 3d }
                current: { id: 61095542756dba551110ae21 }
                targets:
                  github: { type: github-secret, organization: acme, keys: { LAUNCHDARKLY_TOKEN: "{value}" }, token: env:GITHUB_TOKEN }
            """)
    {
        Carries = ["the role, the custom roles or the inline policy", "whether it is a service token", "the version of the API"],
    };
}
