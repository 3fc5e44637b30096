using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.LambdaCloud;

internal static class LambdaSshKeyDescriptor
{
    public const string Token = "token";
    public const string Address = "https://cloud.lambda.ai/api/v1";

    public static ProviderDescriptor Instance { get; } = new(
        "lambda-ssh-key",
        "Lambda SSH key",
        "Has Lambda (the GPU cloud) make SSH key pairs, and deletes them; the value is the private key. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials,
        [
            new(Token, SettingType.Text, "An API key of the account. Lambda makes them in its dashboard only.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
        ],
        [
            "https://docs.lambda.ai/api/cloud#addSSHKey",
            "https://docs.lambda.ai/api/cloud#listSSHKeys",
            "https://docs.lambda.ai/api/cloud#deleteSSHKey",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "Lambda does not tell when a key was made or last used: there is no evidence to wait for.",
            "The most that Lambda takes is about one call a second, for all uses of the account together.",
        ],
        Permissions: ["Any API key of the account."],
        RollBack: "The new key is deleted at Lambda. What a deleted key was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              lambda-ssh-key:
                provider: { type: lambda-ssh-key, token: env:LAMBDA_API_KEY }
                interval: 365d
                grace: 7d
                targets:
                  vault: { type: vault, address: https://vault.example.com, path: lambda/ssh, keys: { private_key: "{value}" }, token: env:VAULT_TOKEN }
            """)
    {
        Costs =
        [
            SettingCost.Always("Lambda puts keys into an instance when it is launched. Instances that run keep the keys that they have: launch them anew with the new key, or change their `authorized_keys` (see the provider authorized-keys), before the grace period ends."),
            SettingCost.Always("A key is tried by comparing its public half with the one at Lambda; nothing logs in with it."),
        ],
        Labels = new LabelRule(64),
    };
}
