using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Keycloak;

internal static class KeycloakPasswordDescriptor
{
    public const string User = "user";
    public const string LoginClient = "loginClient";
    public const string UsualClient = "admin-cli";

    public static ProviderDescriptor Instance { get; } = new(
        "keycloak-user-password",
        "Keycloak user password",
        "Replaces the password of a user at Keycloak, an administrator's say. There is one at a time: the old one stops working at once, and can be set again.",
        Abilities.ApplyValues | Abilities.VerifyCredentials,
        [
            .. KeycloakSecretDescriptor.Settings("user (`master` for the administrators of all realms)"),
            new(User, SettingType.Text, "The user's name.", Required: true),
            new(LoginClient, SettingType.Text, "A public client of the realm by which passwords are tried: it must allow direct access grants.", Default: UsualClient),
        ],
        [
            "https://www.keycloak.org/docs-api/latest/rest-api/index.html#_users",
            "https://www.keycloak.org/docs/latest/server_admin/#proc-setting-password-user_server_administration_guide",
            "https://www.keycloak.org/docs/latest/server_admin/#_oidc-auth-flows-direct",
        ],
        [Strategy.InPlace],
        AccountSetting: User,
        Limits:
        [
            "A user has one password: between its replacement and the delivery, whoever logs in with the old one is refused. Sessions live on.",
            "Passwords are tried by a password grant. A user with one-time codes, with required actions, or that is disabled cannot log in so: the check says it. A user that brute force detection has locked is refused with the right password, too.",
            "A password policy with a history refuses to set an earlier password again, so the way back fails and waits for a person. Give the rule for values (`value:`) what else the policy asks for.",
            "Users of a federated directory (LDAP) are changed there, where the federation lets Keycloak write. `ldap-password` changes them at the source.",
            "In the tests it speaks to a strict stand-in, and not to a Keycloak.",
        ],
        Permissions: ["A confidential client with a service account that has `manage-users` of the realm. To change an administrator of the realm master it needs what that administrator has: Keycloak lets nobody change somebody who may do more."],
        RollBack: "The old password is set again, if it is in the store.",
        Example: """
            version: 1
            secrets:
              keycloak-admin-password:
                provider: { type: keycloak-user-password, url: https://id.example.com, realm: master, user: admin, clientId: rotunda, clientSecret: env:KEYCLOAK_ROTUNDA_SECRET }
                interval: 90d
                current: { value: "file:keycloak.env#KEYCLOAK_ADMIN_PASSWORD" }
                targets:
                  keycloak: { type: dotenv, path: keycloak.env, keys: { KEYCLOAK_ADMIN_PASSWORD: "{value}" } }
            """)
    {
        SystemSettings = [VendorApi.Url, KeycloakApi.Realm],
        DefaultValue = new ValueRule(ValueFormat.Text, 40),
    };
}
