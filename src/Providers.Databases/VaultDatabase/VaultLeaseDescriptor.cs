using Rotunda.Providers.Clients.Vault;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.VaultDatabase;

internal static class VaultLeaseDescriptor
{
    public static ProviderDescriptor Instance { get; } = new(
        "vault-database",
        "HashiCorp Vault: dynamic database credentials",
        "Users that Vault's database engine makes, and drops when their lease ends. Rotunda takes a lease, renews it, and has the next one delivered before the last renewal is over.",
        Abilities.IssueCredentials | Abilities.LeaseCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials,
        [.. VaultDatabaseSettings.Of("The role of the database engine, as in `vault read database/creds/orders`: its name alone.")],
        [
            "https://developer.hashicorp.com/vault/api-docs/secret/databases",
            "https://developer.hashicorp.com/vault/api-docs/system/leases",
            "https://developer.hashicorp.com/vault/docs/concepts/lease",
            "https://developer.hashicorp.com/vault/docs/concepts/tokens",
            .. VaultAccess.Docs,
        ],
        [Strategy.Leased],
        Limits:
        [
            "A lease is renewed when two thirds of its time are over, for as long as it was made for, until the role's `max_ttl`: [leases](../leases.md).",
            "The user's name is in `{username}`, the password in `{value}`.",
            "No label can be put on a lease. One whose answer was lost is listed as an orphan with the time at which it ends by itself, unrenewed, and another is taken.",
            "Vault revokes with a token all that was leased with it. Rotunda renews the token that a lease hangs on together with the lease, also after it has logged in anew; where that token has an end of its own, the lease ends by then, and the next one comes in time. A periodic token (`period`, or `token_period` of the auth role) has none.",
            "Let the role's `default_ttl` be five minutes or more. Less leaves no time for a Vault that is away for a moment, and the validation refuses it.",
            "While Vault is sealed nothing can be renewed. Leases that end meanwhile lock out whoever uses them: choose a `default_ttl` longer than an outage may take.",
            "Verification by a login is for PostgreSQL.",
        ],
        Permissions:
        [
            "`path \"database/creds/orders\" { capabilities = [\"read\"] }`",
            "`path \"database/roles/orders\" { capabilities = [\"read\"] }`",
            "`path \"sys/leases/renew\" { capabilities = [\"update\"] }`, and the same on `sys/leases/lookup` and `sys/leases/revoke`.",
            "With auth approle or kubernetes, `path \"auth/token/renew-accessor\" { capabilities = [\"update\"] }`: the token that a lease hangs on is renewed also after Rotunda has logged in anew.",
            "Vault's policy `default`, which lets a token look itself up, renew itself and ask for its own capabilities.",
        ],
        RollBack: "The new lease is revoked, which drops its user. The old one lives on, and is renewed.",
        Example: """
            version: 1
            secrets:
              orders-db-user:
                strategy: leased
                grace: 10m
                provider:
                  type: vault-database
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
    };
}
