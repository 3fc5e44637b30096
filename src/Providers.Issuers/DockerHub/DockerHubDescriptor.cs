using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.DockerHub;

internal static class DockerHubDescriptor
{
    public const string User = "user";
    public const string Organization = "organization";
    public const string Repositories = "repositories";
    public const string Scopes = "scopes";
    public const string Lifetime = "lifetime";
    public const string Password = "password";
    public const string Address = "https://hub.docker.com";

    public static ProviderDescriptor Instance { get; } = new(
        "docker-hub-token",
        "Docker Hub access token",
        "Issues and revokes access tokens of Docker Hub: personal ones, or those of an organisation. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.DisableCredentials | Abilities.ListCredentials | Abilities.ReportUse,
        [
            new(User, SettingType.Text, "The name of the account by which Rotunda logs in; personal tokens are its own.", Required: true),
            new(Organization, SettingType.Text, "The organisation whose tokens these are (Team and Business plans). Left out: personal tokens."),
            new(Repositories, SettingType.TextList, "With `organization`: the repositories that the tokens reach, such as `acme/app` or `acme/*`. Left out: those of the token in use."),
            new(Scopes, SettingType.TextList, "What the tokens may do: of personal ones `repo:admin`, `repo:write`, `repo:read`, `repo:public_read`; of an organisation's, such as `repo-pull` and `repo-push`. Left out: the scopes of the token in use."),
            new(Lifetime, SettingType.Duration, "When a token ends by itself. Left out: never. Give it more than the interval and the grace period together, as a safety net."),
            new(Password, SettingType.Text, "The account's password. That of an account for this purpose: one that asks for a second factor cannot log in here.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
        ],
        [
            "https://docs.docker.com/reference/api/hub/latest/",
            "https://docs.docker.com/security/for-developers/access-tokens/",
            "https://docs.docker.com/security/for-admins/access-tokens/",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "Docker's documents say that an access token cannot do account administration, so Rotunda logs in with the account's password. Whether a token would do, nobody has tried.",
            "An organisation's tokens log in with the organisation's name as the user.",
        ],
        Permissions: ["Personal tokens: the user's own password.", "Tokens of an organisation: the password of one of its owners."],
        RollBack: "The new token is deleted. What a deleted token was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              docker-push-token:
                provider: { type: docker-hub-token, user: acme-bot, password: env:DOCKER_BOT_PASSWORD }
                interval: 90d
                grace: 24h
                evidence: { quietFor: 6h, timeout: 3d }
                current: { id: b30bbf97-506c-4ecd-aabc-842f3cb484fb }
                targets:
                  github: { type: github-secret, organization: acme, keys: { DOCKER_TOKEN: "{value}" }, token: env:GITHUB_TOKEN }
            """)
    {
        Labels = new LabelRule(100),
        Carries = ["the scopes", "the repositories"],
    };
}
