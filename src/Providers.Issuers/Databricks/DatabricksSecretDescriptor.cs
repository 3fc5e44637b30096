using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Databricks;

internal static class DatabricksSecretDescriptor
{
    public const string Account = "account";
    public const string Principal = "principal";
    public const string PrincipalClient = "principalClient";

    public static ProviderDescriptor Instance { get; } = new(
        "databricks-client-secret",
        "Databricks client secret",
        "Issues and revokes OAuth secrets of a service principal at Databricks. Up to five live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials,
        [
            new(VendorApi.Url, SettingType.Url, "The workspace's address, such as https://dbc-a1b2345c-d6e7.cloud.databricks.com; or, with `account`, the account console's, such as https://accounts.cloud.databricks.com.", Required: true),
            new(Account, SettingType.Text, "The account's id, where the secrets are managed in the account and not in a workspace."),
            new(Principal, SettingType.Text, "The numeric id of the service principal whose secrets these are.", Required: true),
            new(PrincipalClient, SettingType.Text, "Its application id, with which a new secret is tried.", Required: true),
            new(DatabricksTokenDescriptor.Lifetime, SettingType.Duration, "When a secret ends by itself, 730 days at most. Left out: after two years. Give it more than the interval and the grace period together."),
            new(DatabricksTokenDescriptor.ClientId, SettingType.Text, "The application id of the service principal as which Rotunda logs in.", Required: true),
            new(DatabricksTokenDescriptor.ClientSecret, SettingType.Text, "An OAuth secret of that one.", Required: true, IsSecret: true),
        ],
        [
            "https://docs.databricks.com/api/workspace/serviceprincipalsecretsproxy",
            "https://docs.databricks.com/api/account/serviceprincipalsecrets",
            "https://docs.databricks.com/aws/en/dev-tools/auth/oauth-m2m",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "A service principal has at most five secrets, so there must be room for a new one.",
            "Secrets have no names: one whose answer was lost cannot be told from others, and a person must look at the principal's secrets then.",
            "Databricks does not tell when a secret was last used: there is no evidence to wait for, so give a grace period.",
        ],
        Permissions: ["A service principal that manages the other one (*Service Principal: Manager*), or an admin of the workspace or the account."],
        RollBack: "The new secret is deleted. What a deleted secret was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              etl-client-secret:
                provider: { type: databricks-client-secret, url: https://dbc-a1b2345c-d6e7.cloud.databricks.com, principal: "4412345678901234", principalClient: 6f1c2b3a-4d5e-4f60-8a7b-9c0d1e2f3a4b, lifetime: 180d, clientId: 0a1b2c3d-4e5f-4061-8273-94a5b6c7d8e9, clientSecret: env:DATABRICKS_CLIENT_SECRET }
                interval: 90d
                grace: 2d
                current: { id: 8a1f0c2e-6f1c-4b7e-9d3a-2b5c7e9f1a3d }
                targets:
                  app: { type: dotenv, path: app.env, keys: { DATABRICKS_CLIENT_SECRET: "{value}" } }
            """)
    {
        Costs =
        [
            SettingCost.Always("A token that was got with the old secret works to its end, for an hour at most."),
        ],
    };
}
