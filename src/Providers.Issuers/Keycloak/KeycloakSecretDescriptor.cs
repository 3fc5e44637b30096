using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Keycloak;

internal static class KeycloakSecretDescriptor
{
    public static ProviderDescriptor Instance { get; } = new(
        "keycloak-client-secret",
        "Keycloak client secret",
        "Replaces the secret of a client at Keycloak with one that Rotunda makes. There is one at a time: the old one stops working at once, and can be set again. Where the realm has a policy that rotates client secrets, take `keycloak-rotated-secret`: there the old one lives on.",
        Abilities.ApplyValues | Abilities.VerifyCredentials,
        [
            .. Settings("client"),
            new(KeycloakApi.Client, SettingType.Text, "The client whose secret this is, by its client id (not the internal one).", Required: true),
        ],
        [
            "https://www.keycloak.org/docs/latest/server_admin/#_client-credentials",
            "https://www.keycloak.org/docs-api/latest/rest-api/index.html#_clients",
            "https://www.rfc-editor.org/rfc/rfc7662",
        ],
        [Strategy.InPlace],
        AccountSetting: KeycloakApi.Client,
        Limits:
        [
            "A client has one secret: between its replacement and the delivery, consumers that log in are refused. Tokens that they have live on to their ends.",
            "The client is read whole and sent back with the new secret, as an update takes away what it leaves out. What somebody changes at that very moment is lost.",
            "A secret is tried at the introspection endpoint, with client id and secret in the form; so a client that may only log in by the header (`client.secret.authentication.allowed.method`) cannot be tried.",
            "Clients that log in otherwise (a signed token, a certificate), public ones and those that are disabled are refused by the check.",
            "A client under a policy that rotates secrets is refused, too: setting its secret would pass the policy by.",
            "In the tests it speaks to a strict stand-in, and not to a Keycloak.",
        ],
        Permissions: ["A confidential client with a service account that has `manage-clients` of the realm (client role of `realm-management`; from the realm master: of `REALM-realm`). Fine-grained permissions to manage this one client do as well."],
        RollBack: "The old secret is set again, if it is in the store.",
        Example: """
            version: 1
            secrets:
              portal-client-secret:
                provider: { type: keycloak-client-secret, url: https://id.example.com, realm: shop, client: portal, clientId: rotunda, clientSecret: env:KEYCLOAK_ROTUNDA_SECRET }
                interval: 90d
                current: { value: "file:app.env#OIDC_CLIENT_SECRET" }
                targets:
                  app: { type: dotenv, path: app.env, keys: { OIDC_CLIENT_SECRET: "{value}" } }
            """)
    {
        SystemSettings = [VendorApi.Url, KeycloakApi.Realm],
        DefaultValue = new ValueRule(ValueFormat.Text, 48),
    };

    /// <summary>Of the realm whose credentials are managed, in front of all others.</summary>
    public static IReadOnlyList<SettingDescriptor> Settings(string what) =>
    [
        new(VendorApi.Url, SettingType.Url, "Keycloak's address, with its path where it has one: `https://id.example.com`, or `https://id.example.com/auth` for old ones.", Required: true),
        new(KeycloakApi.Realm, SettingType.Text, $"The realm of the {what}.", Required: true),
        new(KeycloakApi.ClientId, SettingType.Text, "The client as which Rotunda logs in: a confidential one with a service account.", Required: true),
        new(KeycloakApi.ClientSecret, SettingType.Text, "That client's secret.", Required: true, IsSecret: true),
        new(KeycloakApi.LoginRealm, SettingType.Text, "The realm of that client. Left out: `realm`."),
    ];
}
