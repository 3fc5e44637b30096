using Rotunda.Providers.Clients.Pulumi;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.PulumiTokens;

internal static class PulumiTokenDescriptor
{
    public const string Organization = "organization";
    public const string Team = "team";
    public const string Admin = "admin";
    public const string RoleId = "roleId";
    public const string Lifetime = "lifetime";
    public const string Token = "token";
    public const string Url = "url";

    public static ProviderDescriptor Instance { get; } = new(
        "pulumi-token",
        "Pulumi Cloud access token",
        "Issues and revokes access tokens of Pulumi Cloud: of an organisation, of a team, or personal ones. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials | Abilities.ReportUse,
        [
            new(Organization, SettingType.Text, "The organisation whose tokens these are. Left out: personal tokens, of the one whose token Rotunda uses."),
            new(Team, SettingType.Text, "With `organization`: the team whose tokens these are."),
            new(Admin, SettingType.Boolean, "With `organization`: the tokens are an administrator's.", Default: "false"),
            new(RoleId, SettingType.Text, "With `organization`: the id of the role that the tokens have, where the organisation has roles of its own."),
            new(Lifetime, SettingType.Duration, "When a token ends by itself, at most `730d`. Left out: never. Give it more than the interval and the grace period together, as a safety net."),
            new(Token, SettingType.Text, "The access token by which Rotunda issues the others.", Required: true, IsSecret: true),
            new(Url, SettingType.Url, "Of a self-hosted Pulumi Cloud.", Default: PulumiApi.DefaultUrl),
        ],
        [
            "https://www.pulumi.com/docs/reference/cloud-rest-api/access-tokens/",
            "https://www.pulumi.com/docs/administration/access-identity/access-tokens/",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "The names of an organisation's and a team's tokens are unique for ever, also among those that are deleted, and have at most 40 characters: Rotunda puts eight random digits behind its label. It finds its tokens by their description, which is the label.",
            "Tokens that have expired are not listed: they count as gone.",
            "Whether a token is in use is told by the second in which it was last used.",
        ],
        Permissions:
        [
            "Tokens of an organisation: a token of one of its administrators.",
            "Tokens of a team: a token of an administrator of the team or of the organisation.",
            "Personal tokens: a personal token of the same user. Rotate the one that Rotunda uses by hand, or as another secret.",
        ],
        RollBack: "The new token is deleted. What a deleted token was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              pulumi-ci-token:
                provider: { type: pulumi-token, organization: acme, lifetime: 90d, token: env:PULUMI_ADMIN_TOKEN }
                interval: 30d
                grace: 24h
                evidence: { quietFor: 1h, timeout: 2d }
                targets:
                  github: { type: github-secret, organization: acme, keys: { PULUMI_ACCESS_TOKEN: "{value}" }, token: env:GITHUB_TOKEN }
            """);
}
