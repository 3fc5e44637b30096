using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.GitLab;

internal static class DeployTokenDescriptor
{
    public const string Project = "project";
    public const string Group = "group";
    public const string Scopes = "scopes";
    public const string Username = "username";
    public const string Lifetime = "lifetime";
    public const string Token = "token";

    public static ProviderDescriptor Instance { get; } = new(
        "gitlab-deploy-token",
        "GitLab deploy token",
        "Issues and revokes deploy tokens of a project or a group in GitLab: a name and a token, for machines that clone and pull. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials,
        [
            new(Project, SettingType.Text, "The id or the path (`acme/shop`) of the project whose tokens these are. One of `project` and `group`."),
            new(Group, SettingType.Text, "The id or the path of the group whose tokens these are."),
            new(Scopes, SettingType.TextList, "What the tokens may do, such as `read_repository` and `read_registry`. Left out: the scopes of the token in use."),
            new(Username, SettingType.Text, "The name that the tokens log in with. Left out: that of the token in use; if that is not known, GitLab's own (`gitlab+deploy-token-7`), another one for each token."),
            new(Lifetime, SettingType.Duration, "When a token ends by itself. Left out: never. Give it more than the interval and the grace period together, as a safety net."),
            new(Token, SettingType.Text, "The access token by which Rotunda issues the others.", Required: true, IsSecret: true),
            new(VendorApi.Url, SettingType.Url, "GitLab's address, where it is not gitlab.com.", Default: GitLabDescriptor.Address),
        ],
        [
            "https://docs.gitlab.com/api/deploy_tokens/",
            "https://docs.gitlab.com/user/project/deploy_tokens/",
            "https://gitlab.com/gitlab-org/gitlab/-/blob/master/app/controllers/jwt_controller.rb",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "A token is tried by a login for the container registry, which takes tokens that may not use it as well and answers what they may. That is no documented call of the API; it is what `docker login` asks.",
            "That login does not know tokens for packages alone, so they are refused before anything is made: add one of `read_repository`, `read_registry` and `write_registry`.",
            "GitLab does not tell when a deploy token was made or last used, so there is no evidence; the grace period has to be long enough.",
            "The token named `gitlab-deploy-token` is a project's own for its pipelines. A new one has another name, so pipelines lose `CI_DEPLOY_USER` and `CI_DEPLOY_PASSWORD` with the old one.",
        ],
        Permissions:
        [
            "Of a project: an access token (`api`) of a maintainer or owner.",
            "Of a group: an access token (`api`) of an owner.",
        ],
        RollBack: "The new token is deleted. A deleted token does not come back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              registry-pull:
                provider: { type: gitlab-deploy-token, project: acme/shop, lifetime: 120d, token: env:GITLAB_ADMIN_TOKEN }
                interval: 90d
                grace: 7d
                current: { id: "42" }
                targets:
                  cluster: { type: kubernetes-secret, namespace: shop, secret: registry-pull, keys: { username: "{username}", password: "{value}" } }
            """)
    {
        Costs =
        [
            SettingCost.Always("Consumers log in with the name and the token: deliver `{username}` too, unless the name stays. It stays where `username` is set or the token in use is known; two tokens may have one name."),
        ],
        Carries = ["the scopes", "the name that it logs in with"],
    };
}
