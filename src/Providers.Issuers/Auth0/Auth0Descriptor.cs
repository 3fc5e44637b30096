using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Auth0;

internal static class Auth0Descriptor
{
    public const string Domain = "domain";
    public const string Client = "client";
    public const string Audience = "audience";
    public const string ClientId = "clientId";
    public const string ClientSecret = "clientSecret";
    public const string Address = "https://{domain}";

    public static ProviderDescriptor Instance { get; } = new(
        "auth0-client-secret",
        "Auth0 client secret",
        "Replaces the client secret of an application at Auth0 with one that Rotunda makes. There is one at a time: the old one stops working at once, and can be set again.",
        Abilities.ApplyValues | Abilities.VerifyCredentials,
        [
            new(Domain, SettingType.Text, "The tenant's own domain, such as `acme.eu.auth0.com` (not a custom one).", Required: true),
            new(Client, SettingType.Text, "The client id of the application whose secret this is.", Required: true),
            new(Audience, SettingType.Text, "The API that the application gets tokens for, with the secret alone (client credentials): so a secret is tried then. Left out: it is compared with the one that Auth0 has."),
            new(ClientId, SettingType.Text, "The client id of the application as which Rotunda logs in: another one than `client`.", Required: true),
            new(ClientSecret, SettingType.Text, "That application's secret.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
        ],
        [
            "https://auth0.com/docs/get-started/applications/rotate-client-secret",
            "https://auth0.com/docs/api/management/v2/clients/patch-clients-by-id",
            "https://auth0.com/docs/api/management/v2/clients/get-clients-by-id",
        ],
        [Strategy.InPlace],
        AccountSetting: Client,
        Limits:
        [
            "An application has one secret: between its replacement and the delivery, consumers that start a login are refused. Give them both values beforehand if they can take two, or rotate when little is going on.",
            "Auth0 may take thirty seconds until a new secret works everywhere.",
            "Tokens that were got with the old secret work to their ends. Where ID tokens are signed with the secret (HS256), those of before are refused at once.",
            "Applications that log in by a private key (`private_key_jwt`) or without a secret (`none`) have none to replace: the check says so.",
        ],
        Permissions: ["A machine-to-machine application with `read:clients`, `read:client_keys`, `update:clients` and `update:client_keys` of the Management API."],
        RollBack: "The old secret is set again, if it is in the store.",
        Example: """
            version: 1
            secrets:
              portal-client-secret:
                provider: { type: auth0-client-secret, domain: acme.eu.auth0.com, client: pOrTaLcLiEnTiD0123456789abcdefgh, clientId: rOtUnDaCliEnTiD0123456789abcdefg, clientSecret: env:ROTUNDA_AUTH0_SECRET }
                interval: 90d
                current: { value: "file:app.env#AUTH0_CLIENT_SECRET" }
                targets:
                  app: { type: dotenv, path: app.env, keys: { AUTH0_CLIENT_SECRET: "{value}" } }
            """)
    {
        SystemSettings = [Domain],
        DefaultValue = new ValueRule(ValueFormat.Text, 64),
        WorksAfter = TimeSpan.FromMinutes(1),
    };
}
