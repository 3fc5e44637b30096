using Rotunda.Providers.Clients.Vault;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.VaultDatabase;

internal static class VaultStaticDescriptor
{
    public static ProviderDescriptor Instance { get; } = new(
        "vault-static-role",
        "HashiCorp Vault: static database roles",
        "The password of one database user that Vault's database engine holds: Vault makes a new one at our word, and it is read back and delivered.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials,
        [.. VaultDatabaseSettings.Of("The static role of the database engine, as in `vault read database/static-creds/orders`: its name alone.")],
        [
            "https://developer.hashicorp.com/vault/api-docs/secret/databases",
            "https://developer.hashicorp.com/vault/docs/secrets/databases#static-roles",
            .. VaultAccess.Docs,
        ],
        [Strategy.Overlap],
        Limits:
        [
            "One user with one password: the old one ends as Vault sets the new one, and until they have it consumers cannot log in anew. A rotation only goes forward from there.",
            "Vault rotates the role by itself too, every `rotation_period` (or by `rotation_schedule`). Each rotation of ours begins that period anew, so one in time before its end (`renewBefore`, or an interval that is shorter) keeps Vault from it. Where Vault was faster, the password that it set is read back and delivered, and no other is made.",
            "The user's name is in `{username}`, the password in `{value}`.",
            "Verification by a login is for PostgreSQL.",
        ],
        Permissions:
        [
            "`path \"database/static-creds/orders\" { capabilities = [\"read\"] }`",
            "`path \"database/static-roles/orders\" { capabilities = [\"read\"] }`",
            "`path \"database/rotate-role/orders\" { capabilities = [\"update\"] }`",
            "Vault's policy `default`, which lets a token ask for its own capabilities.",
        ],
        RollBack: "None once Vault was told to rotate: the old password is gone. The rotation goes forward.",
        Example: """
            version: 1
            secrets:
              orders-db-static:
                interval: 30d
                provider:
                  type: vault-static-role
                  address: https://vault.example.com:8200
                  databaseRole: orders
                  token: file:vault-token
                  verifyHost: db.example.com
                  verifyDatabase: orders
                targets:
                  orders-env: { type: dotenv, path: orders.env, keys: { DB_USER: "{username}", DB_PASSWORD: "{value}" } }
            """)
    {
        NeedsSetting = [new(VaultDatabaseSettings.VerifyHost, Abilities.VerifyCredentials)],
        RepeatsIssue = true,
        OldEnds = new OldEnds(null, TimeSpan.Zero),
        Costs =
        [
            SettingCost.Always(
                "Vault rotates this role by itself too, after its rotation_period. Where it was faster than this rotation, the password that it set "
                    + "is read back and delivered, and no other is made."),
        ],
    };
}
