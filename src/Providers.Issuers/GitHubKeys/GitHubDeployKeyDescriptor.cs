using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.GitHubKeys;

internal static class GitHubDeployKeyDescriptor
{
    public const string Owner = "owner";
    public const string Repository = "repository";
    public const string ReadOnly = "readOnly";
    public const string Token = "token";
    public const string Address = "https://api.github.com";

    public static ProviderDescriptor Instance { get; } = new(
        "github-deploy-key",
        "GitHub deploy key",
        "Makes SSH key pairs and puts their public halves on a repository at GitHub as deploy keys; the value is the private key. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials | Abilities.ReportUse,
        [
            new(Owner, SettingType.Text, "The repository's owner: an organisation or a user.", Required: true),
            new(Repository, SettingType.Text, "The repository's name, without the owner.", Required: true),
            new(ReadOnly, SettingType.Boolean, "True for keys that may only read. Left out: as the key in use; if it is not known, true."),
            new(Token, SettingType.Text, "The token by which Rotunda puts the keys there.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
        ],
        [
            "https://docs.github.com/en/rest/deploy-keys/deploy-keys",
            "https://docs.github.com/en/authentication/connecting-to-github-with-ssh/managing-deploy-keys",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "The pairs are made here (ECDSA on P-256, in OpenSSH's form); the private half never goes to GitHub.",
            "An organisation may forbid deploy keys.",
        ],
        Permissions: ["A fine-grained token or an App with `Administration: write` on the repository; of a classic token, `repo`."],
        RollBack: "The new key is taken off the repository. A deleted key can be put there again by hand only: after the old one is revoked, the way is a new rotation.",
        Example: """
            version: 1
            secrets:
              deploy-key:
                provider: { type: github-deploy-key, owner: acme, repository: shop, token: env:GITHUB_TOKEN }
                interval: 180d
                grace: 2d
                evidence: { quietFor: 12h, timeout: 5d }
                current: { id: "87654321" }
                targets:
                  cluster: { type: kubernetes-secret, namespace: flux-system, secret: shop-ssh, keys: { identity: "{value}" } }
            """)
    {
        Costs =
        [
            SettingCost.Always("A key is tried by comparing its public half with the one at GitHub; nothing logs in with it."),
        ],
        Carries = ["whether it may only read"],
    };
}
