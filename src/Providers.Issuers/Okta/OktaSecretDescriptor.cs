using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Okta;

internal static class OktaSecretDescriptor
{
    public const string Domain = "domain";
    public const string Application = "application";
    public const string Token = "token";
    public const string AuthorizationServer = "authorizationServer";
    public const string Address = "https://{domain}";

    public static ProviderDescriptor Instance { get; } = new(
        "okta-client-secret",
        "Okta client secret",
        "Issues and revokes client secrets of an OAuth application at Okta. Two live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.DisableCredentials,
        [
            new(Domain, SettingType.Text, "The organisation's domain, such as `acme.okta.com`.", Required: true),
            new(Application, SettingType.Text, "The id of the application (`0oa…`) whose secrets these are; it is its client id, too.", Required: true),
            new(AuthorizationServer, SettingType.Text, "The authorisation server where a new secret is tried, such as `default`. Left out: the organisation's own."),
            new(Token, SettingType.Text, "The API token by which Rotunda issues the secrets.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
        ],
        [
            "https://developer.okta.com/docs/api/openapi/okta-management/management/tag/ApplicationSSOCredentialOAuth2ClientAuth/",
            "https://developer.okta.com/docs/guides/client-secret-rotation-key/main/",
            "https://developer.okta.com/docs/api/openapi/okta-oauth/oauth/tag/OrgAS/#tag/OrgAS/operation/token",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "An application has at most two secrets, so there must be one only when a rotation starts. A secret is deactivated before it is deleted.",
            "Secrets have no names: one whose answer was lost cannot be told from others, and a person must look at the application's secrets then.",
            "A secret is tried by asking for a token as `client_secret_basic`. That the application may not have one that way (`unauthorized_client`, `invalid_scope`) is said only to one whose secret is right: this is inferred, not documented.",
            "Okta does not tell when a secret was last used: there is no evidence to wait for, so give a grace period.",
        ],
        Permissions: ["An API token of an administrator who may manage the application (`okta.apps.manage`)."],
        RollBack: "The new secret is deactivated and deleted. What a deleted secret was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              portal-client-secret:
                provider: { type: okta-client-secret, domain: acme.okta.com, application: 0oa1gjh63g214q0Hq0g4, token: env:OKTA_TOKEN }
                interval: 90d
                grace: 2d
                revoke: { disableFor: 24h }
                current: { id: ocs2f4zrZbs8nUa7p0g4 }
                targets:
                  app: { type: dotenv, path: app.env, keys: { OKTA_CLIENT_SECRET: "{value}" } }
            """);
}
