using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.GitHubKeys;

internal static class GitHubTokenDescriptor
{
    public static ProviderDescriptor Instance { get; } = new(
        "github-token",
        "GitHub personal access token",
        "Takes personal access tokens, fine-grained or classic, that a person makes at GitHub, tries them, and has GitHub revoke the old ones. Several live at once.",
        Abilities.TakeSupplied | Abilities.VerifyCredentials | Abilities.RevokeByValue,
        [VendorApi.UrlSetting(GitHubDeployKeyDescriptor.Address)],
        [
            "https://docs.github.com/en/rest/credentials/revoke",
            "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/managing-your-personal-access-tokens",
        ],
        [Strategy.Supplied],
        Limits:
        [
            "No API makes tokens: a person makes each at GitHub, and gives its value.",
            "An old token is revoked by showing it to GitHub, as one does with a leaked one: its owner gets a mail about it.",
            "GitHub takes what is shown, and revokes it a little later. Without a token of one's own it takes 60 calls an hour.",
            "An organisation may ask for an approval of fine-grained tokens; until then they see public repositories only.",
        ],
        Permissions: ["Nothing: tokens are tried and revoked by themselves."],
        RollBack: "The new token is revoked. What is revoked, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              ci-token:
                provider: { type: github-token }
                interval: 90d
                grace: 2d
                ask: { create: a fine-grained token of the account acme-ci, scopes: ["contents: read", "pull requests: write"] }
                targets:
                  app: { type: dotenv, path: ci.env, keys: { GITHUB_TOKEN: "{value}" } }
            """)
    {
        Supplied = new SuppliedCredential("a fine-grained personal access token", "https://github.com/settings/personal-access-tokens/new")
        {
            Shape = new ValueShape(Pattern: "(github_pat_|ghp_)[A-Za-z0-9_]{20,}", MinLength: 24),
        },
    };
}
