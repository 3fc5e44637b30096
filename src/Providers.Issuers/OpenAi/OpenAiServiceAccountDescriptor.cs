using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.OpenAi;

internal static class OpenAiServiceAccountDescriptor
{
    public const string Project = "project";
    public const string Role = "role";
    public const string Token = "token";

    public static ProviderDescriptor Instance { get; } = new(
        "openai-service-account",
        "OpenAI service-account key",
        "Issues API keys for models in a project at OpenAI: each is the key of a service account of its own, which is deleted with it. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials | Abilities.ReportUse,
        [
            new(Project, SettingType.Text, "The id of the project (`proj_…`).", Required: true),
            new(Role, SettingType.Choice, "The role of the service accounts in the project. Left out: that of the one in use, else `member`.", Choices: ["member", "owner"]),
            new(Token, SettingType.Text, "The admin key by which Rotunda makes and deletes service accounts.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(OpenAiAdminDescriptor.Address),
        ],
        [
            "https://platform.openai.com/docs/api-reference/project-service-accounts",
            "https://platform.openai.com/docs/api-reference/project-service-accounts/create",
            "https://platform.openai.com/docs/api-reference/project-api-keys/list",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "The id of a credential is that of the service account (`svc_acct_…`, or `user-…`), also in `current:`.",
            "The default project takes no service accounts.",
            "Keys that people made for themselves cannot be made by API: give them to Rotunda as a service account's.",
        ],
        Permissions: ["An admin key that may manage projects, their service accounts and their API keys."],
        RollBack: "The new service account is deleted, with its key. What a deleted key was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              openai-key:
                provider: { type: openai-service-account, project: proj_abc123, token: env:OPENAI_ADMIN_KEY }
                interval: 90d
                grace: 24h
                evidence: { quietFor: 6h, timeout: 3d }
                current: { id: svc_acct_abc123 }
                targets:
                  app: { type: dotenv, path: app.env, keys: { OPENAI_API_KEY: "{value}" } }
            """)
    {
        Costs =
        [
            SettingCost.Always("A new service account for each key: OpenAI's documents disagree on whether a single key of one can be deleted, and deleting the account ends its key under either reading. All other keys of an account end with it, so give the key in use an account of its own before its first rotation."),
        ],
        Carries = ["the role in the project"],
    };
}
