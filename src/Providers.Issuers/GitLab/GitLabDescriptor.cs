using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.GitLab;

internal static class GitLabDescriptor
{
    public const string Project = "project";
    public const string Group = "group";
    public const string User = "user";
    public const string Scopes = "scopes";
    public const string AccessLevel = "accessLevel";
    public const string Lifetime = "lifetime";
    public const string Token = "token";
    public const string Address = "https://gitlab.com";

    public static ProviderDescriptor Instance { get; } = new(
        "gitlab-token",
        "GitLab access token",
        "Issues and revokes access tokens of GitLab: of a project, of a group, or of a user. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials | Abilities.ReportUse,
        [
            new(Project, SettingType.Text, "The id or the path (`acme/shop`) of the project whose tokens these are. One of `project`, `group` and `user`."),
            new(Group, SettingType.Text, "The id or the path of the group whose tokens these are."),
            new(User, SettingType.Text, "The number of the user whose personal tokens these are."),
            new(Scopes, SettingType.TextList, "What the tokens may do, such as `read_repository`. Left out: the scopes of the token in use."),
            new(AccessLevel, SettingType.Choice, "The role of the tokens of a project or group. Left out: that of the token in use; if it is not known, GitLab's default (maintainer).", Choices: ["guest", "reporter", "developer", "maintainer", "owner"]),
            new(Lifetime, SettingType.Duration, "When a token ends by itself, at most `365d`: GitLab makes none without an end. More than the interval and the grace period together.", Required: true),
            new(Token, SettingType.Text, "The personal access token by which Rotunda issues the others.", Required: true, IsSecret: true),
            new(VendorApi.Url, SettingType.Url, "GitLab's address, where it is not gitlab.com.", Default: Address),
        ],
        [
            "https://docs.gitlab.com/api/project_access_tokens/",
            "https://docs.gitlab.com/api/group_access_tokens/",
            "https://docs.gitlab.com/api/personal_access_tokens/",
            "https://docs.gitlab.com/api/user_tokens/",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "A second token is made and the first is not rotated at GitLab: its own rotation revokes the first at once, and all of its family if the first is ever used again.",
            "Tokens end at the beginning of a day (UTC), so a lifetime is cut to whole days.",
            "Each token of a project or group has a bot user of its own, which goes with it.",
            "A token is tried by reading itself; one whose scopes do not let it do that is known all the same.",
        ],
        Permissions:
        [
            "Of a project: a personal token (`api`) of a maintainer or owner. Tokens of projects and groups cannot make tokens.",
            "Of a group: a personal token (`api`) of an owner.",
            "Of a user: a personal token (`api`) of an administrator.",
        ],
        RollBack: "The new token is revoked. A revoked token does not come back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              deploy-token:
                provider: { type: gitlab-token, project: acme/shop, lifetime: 120d, token: env:GITLAB_ADMIN_TOKEN }
                interval: 90d
                grace: 24h
                evidence: { quietFor: 12h, timeout: 3d }
                current: { id: "42" }
                targets:
                  cluster: { type: kubernetes-secret, namespace: shop, secret: gitlab, keys: { token: "{value}" } }
            """)
    {
        Carries = ["the scopes", "the role"],
    };
}
