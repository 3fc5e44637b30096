using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Neon;

internal static class NeonDescriptor
{
    public const string Organization = "organization";
    public const string Project = "project";
    public const string Token = "token";
    public const string Address = "https://console.neon.tech/api/v2";

    public static ProviderDescriptor Instance { get; } = new(
        "neon-api-key",
        "Neon API key",
        "Issues and revokes API keys of Neon: of an organisation, of one project in it, or personal ones. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials | Abilities.ReportUse,
        [
            new(Organization, SettingType.Text, "The id of the organisation whose keys these are. Left out: personal keys, of the one whose key Rotunda uses."),
            new(Project, SettingType.Text, "With `organization`: the id of the one project that the keys reach. Left out: that of the key in use; if it has none, all projects."),
            new(Token, SettingType.Text, "The key by which Rotunda issues the others.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
        ],
        [
            "https://neon.com/docs/manage/api-keys",
            "https://api-docs.neon.tech/reference/createapikey",
            "https://api-docs.neon.tech/reference/createorgapikey",
        ],
        [Strategy.Overlap],
        Limits: ["Whether a key is in use is told by the moment at which it was last used."],
        Permissions:
        [
            "Keys of an organisation: a key of one of its administrators, not one of a project.",
            "Personal keys: a personal key of the same user. Rotate the one that Rotunda uses by hand, or as another secret.",
        ],
        RollBack: "The new key is revoked. What a revoked key was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              neon-ci-key:
                provider: { type: neon-api-key, organization: org-cool-darkness-12345678, token: env:NEON_ADMIN_KEY }
                interval: 90d
                grace: 24h
                evidence: { quietFor: 6h, timeout: 3d }
                current: { id: "165432" }
                targets:
                  github: { type: github-secret, organization: acme, keys: { NEON_API_KEY: "{value}" }, token: env:GITHUB_TOKEN }
            """)
    {
        Labels = new LabelRule(64),
        Carries = ["the project"],
    };
}
