using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Databricks;

internal static class DatabricksTokenDescriptor
{
    public const string Lifetime = "lifetime";
    public const string ClientId = "clientId";
    public const string ClientSecret = "clientSecret";

    public static ProviderDescriptor Instance { get; } = new(
        "databricks-token",
        "Databricks access token",
        "Issues and revokes personal access tokens of a service principal in a Databricks workspace. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials,
        [
            new(VendorApi.Url, SettingType.Url, "The workspace's address, such as https://dbc-a1b2345c-d6e7.cloud.databricks.com.", Required: true),
            new(Lifetime, SettingType.Duration, "When a token ends by itself. Left out: as the workspace has it. Give it more than the interval and the grace period together."),
            new(ClientId, SettingType.Text, "The application id of the service principal whose tokens these are, and as which Rotunda logs in.", Required: true),
            new(ClientSecret, SettingType.Text, "An OAuth secret of the service principal.", Required: true, IsSecret: true),
        ],
        [
            "https://docs.databricks.com/api/workspace/tokens",
            "https://docs.databricks.com/aws/en/dev-tools/auth/oauth-m2m",
            "https://docs.databricks.com/api/workspace/currentuser/me",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "A token that is not known is refused with 401 or with 403: both are taken for that, as every principal may ask who it is. This is known from the use of the API, not from its documents.",
            "Databricks' list for a principal does not tell when a token was last used: there is no evidence to wait for, so give a grace period.",
            "Workspaces may forbid tokens, or shorten their lives.",
        ],
        Permissions: ["The service principal: the permission `CAN USE` on personal access tokens in the workspace."],
        RollBack: "The new token is deleted. What a deleted token was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              etl-token:
                provider: { type: databricks-token, url: https://dbc-a1b2345c-d6e7.cloud.databricks.com, lifetime: 120d, clientId: 0a1b2c3d-4e5f-4061-8273-94a5b6c7d8e9, clientSecret: env:DATABRICKS_CLIENT_SECRET }
                interval: 90d
                grace: 24h
                targets:
                  app: { type: dotenv, path: app.env, keys: { DATABRICKS_TOKEN: "{value}" } }
            """)
    {
        Costs =
        [
            SettingCost.Always("Rotunda makes the tokens as the service principal itself: what a token may do is what the principal may."),
        ],
    };
}
