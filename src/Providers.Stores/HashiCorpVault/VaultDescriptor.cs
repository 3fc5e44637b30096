using Rotunda.Providers.Clients.Vault;
using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.HashiCorpVault;

internal static class VaultDescriptor
{
    public const string Prefix = "prefix";
    public const string Path = "path";
    public const string Keys = "keys";

    public const string DefaultMount = VaultSettings.KeyValueMount;
    public const string DefaultPrefix = "rotunda";

    public static ProviderDescriptor Instance { get; } = new(
        "vault",
        "HashiCorp Vault (KV version 2)",
        "A store that keeps its values in a KV version 2 engine, and a target: keys of one secret there.",
        Abilities.StoreSecrets | Abilities.DeliverValues | Abilities.ConfirmSync,
        [
            .. VaultAccess.Place,
            new(VaultAccess.Mount, SettingType.Text, "Where the KV version 2 engine is mounted.", Default: DefaultMount),
            new(Prefix, SettingType.Text, "As a store: the path below the mount that values are kept under.", Default: DefaultPrefix),
            new(Path, SettingType.Text, "As a target: the secret's path below the mount."),
            new(Keys, SettingType.TextMap, "As a target: the secret's keys, each with its template. " + DeliveryTemplate.Help) { Template = TemplateForm.Text },
            .. VaultAccess.Login,
        ],
        [
            "https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2",
            .. VaultAccess.Docs,
            "https://developer.hashicorp.com/vault/docs/enterprise/consistency",
        ],
        [],
        Limits:
        [
            "Every write is a check-and-set: who writes at the same moment is noticed, and nothing of theirs is overwritten unseen.",
            "As a store: readers read the key `value` of `<prefix>/<secret>`; a value that is no UTF-8 is base64 there, and `encoding` says so. Other keys of that path stay as they are. What is where: [stores](../stores.md).",
            "As a store: each value has a path of its own below `<prefix>/<secret>-pending/` with one version, so that `max_versions` prunes none that is still needed. A mount whose `delete_version_after` is set is refused: its values would vanish.",
            "As a store: a discarded value is destroyed, also where it stands in the history of the readers' path. What remains is Vault's own note of when it was made and destroyed.",
            "As a target: older versions of the secret keep what stood there, as many as `max_versions` says.",
            "Client tokens of approle and kubernetes logins are kept in memory until shortly before they end; then, or when Vault refuses one, Rotunda logs in again.",
        ],
        Permissions:
        [
            "As a store: `path \"secret/data/rotunda/*\" { capabilities = [\"create\", \"read\", \"update\"] }`",
            "As a store: `path \"secret/destroy/rotunda/*\" { capabilities = [\"update\"] }`",
            "As a store: `path \"secret/metadata/rotunda/*\" { capabilities = [\"read\", \"patch\"] }`",
            "As a store, if you like: `delete` on `secret/metadata/rotunda/*` too. Then nothing at all remains of what stood at targets before a rotation; without it, Vault's note of when it was kept.",
            "As a store: `path \"secret/config\" { capabilities = [\"read\"] }`",
            "As a target: `path \"secret/data/apps/orders\" { capabilities = [\"create\", \"read\", \"update\"] }`, and `path \"secret/delete/apps/orders\" { capabilities = [\"update\"] }` for the way back of a secret that was not there.",
            "Vault's policy `default`, which lets a token ask for its own capabilities.",
        ],
        Arrival: "The secret is read again: each key has its value, three times in a row, as performance standbys and replicas answer from their own copy.",
        RollBack: "The keys get back what they had (keys that were not there go away); other keys of the secret stay as they are by then. A secret that was not there at all is deleted again, if nobody has added other keys.",
        Example: """
            version: 1
            stores:
              team-vault:
                type: vault
                address: https://vault.example.com:8200
                auth: approle
                roleId: 59d6d1ca-47bb-4e7e-a40b-8be3bc5a0ba8
                secretId: env:VAULT_SECRET_ID
            secrets:
              session-secret:
                provider: { type: generated }
                store: team-vault
                strategy: overlap
                targets:
                  orders:
                    type: vault
                    address: https://vault.example.com:8200
                    auth: approle
                    roleId: 59d6d1ca-47bb-4e7e-a40b-8be3bc5a0ba8
                    secretId: env:VAULT_SECRET_ID
                    path: apps/orders
                    keys: { SESSION_SECRET: "{value}" }
            """,
        IsEventual: true,
        Confirmations: 3);
}
