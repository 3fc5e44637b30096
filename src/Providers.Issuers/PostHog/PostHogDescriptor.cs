using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.PostHog;

internal static class PostHogDescriptor
{
    public const string Project = "project";
    public const string Scopes = "scopes";
    public const string Token = "token";
    public const string Address = "https://us.posthog.com";

    public static ProviderDescriptor Instance { get; } = new(
        "posthog-secret-key",
        "PostHog project secret key",
        "Issues and revokes secret API keys of a project at PostHog (`phs_…`). Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials | Abilities.ReportUse,
        [
            new(Project, SettingType.Text, "The number of the project.", Required: true),
            new(Scopes, SettingType.TextList, "What the keys may do, such as `feature_flag:read`; not `*`. Left out: the scopes of the key in use."),
            new(Token, SettingType.Text, "The personal API key by which Rotunda issues the others.", Required: true, IsSecret: true),
            new(VendorApi.Url, SettingType.Url, "PostHog's address: https://eu.posthog.com, or your own.", Default: Address),
        ],
        [
            "https://posthog.com/docs/api",
            "https://github.com/PostHog/posthog/blob/master/posthog/api/project_secret_api_key.py",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "PostHog takes 50 of them in a project, and each label once.",
            "Rotunda makes a second key and does not roll the first: a rolled one stops working at once.",
            "A key is tried by asking for feature flags; one that may not see them is known all the same. Which call is best for it, PostHog's documents do not say.",
            "Personal API keys and project tokens (`phc_…`) are other things: the first are made by people, the second are public.",
        ],
        Permissions: ["A personal API key with the scope `project:write`, of an administrator of the project."],
        RollBack: "The new key is deleted. What a deleted key was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              posthog-flags-key:
                provider: { type: posthog-secret-key, project: "12345", scopes: ["feature_flag:read"], token: env:POSTHOG_PERSONAL_KEY }
                interval: 90d
                grace: 24h
                evidence: { quietFor: 6h, timeout: 3d }
                targets:
                  app: { type: dotenv, path: app.env, keys: { POSTHOG_SECRET_KEY: "{value}" } }
            """)
    {
        Labels = new LabelRule(40),
        Carries = ["the scopes"],
    };
}
