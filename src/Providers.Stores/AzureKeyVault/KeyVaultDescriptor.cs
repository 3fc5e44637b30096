using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.AzureKeyVault;

internal static class KeyVaultDescriptor
{
    public const string Vault = "vault";
    public const string Tenant = "tenant";
    public const string ClientId = "clientId";
    public const string Prefix = "prefix";
    public const string Expires = "expires";
    public const string Secret = "secret";
    public const string Template = "template";

    public static ProviderDescriptor Instance { get; } = new(
        "key-vault",
        "Azure Key Vault",
        "A store that keeps its values as secrets' versions, and a target: one secret there.",
        Abilities.StoreSecrets | Abilities.DeliverValues | Abilities.ConfirmSync,
        [
            new(Vault, SettingType.Url, "The vault's address, such as https://team.vault.azure.net.", Required: true),
            new(Tenant, SettingType.Text, "The tenant that Rotunda logs in to. Left out: the vault's own."),
            new(ClientId, SettingType.Text, "The client id of a user-assigned managed identity, or of a workload identity. Left out: the system-assigned one, or what AZURE_CLIENT_ID says."),
            new(Prefix, SettingType.Text, "As a store: put in front of every secret's name, such as rotunda-."),
            new(Expires, SettingType.Duration, "How long after its promotion (as a target: its delivery) a version is marked as expired. Key Vault tells of it (Event Grid) and does not refuse the value. Left out: as a store, never; as a target, after as long as the version before was made for, and never if that one does not expire."),
            new(Secret, SettingType.Text, "As a target: the secret's name."),
            new(Template, SettingType.Text, "As a target: the secret's value. " + DeliveryTemplate.Help, Default: "{value}") { Template = TemplateForm.Text },
        ],
        [
            "https://learn.microsoft.com/rest/api/keyvault/secrets/operation-groups",
            "https://learn.microsoft.com/azure/key-vault/secrets/about-secrets",
            "https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview",
            "https://learn.microsoft.com/azure/key-vault/general/service-limits",
            "https://learn.microsoft.com/dotnet/api/azure.identity.defaultazurecredential",
        ],
        [],
        Limits:
        [
            "Rotunda logs in as DefaultAzureCredential does: by environment variables, workload identity, managed identity, and on a developer's machine by the Azure CLI.",
            "A value is at most 25 KB. Names are letters, digits and hyphens, at most 127 with `-pending` at their end.",
            "As a store: readers read the newest version of `<prefix><secret>`. Values that are no UTF-8 are base64 there, with the content type `application/octet-stream;base64`.",
            "As a store: Key Vault cannot delete one version. A discarded value is disabled, so that nobody can read it before someone with the right to do so enables it again, and tagged `rotunda-discarded`. It goes when the whole secret is deleted and purged. What is where: [stores](../stores.md).",
            "As a store: what stood at targets before a rotation has a secret of its own for each, which is deleted when it is needed no more, and purged where the vault and Rotunda's role allow it; else the vault purges it when its retention (7 to 90 days) is over.",
            "As a target: a new version keeps the content type and the tags of the one before; `rotunda-rotation` and `rotunda-fingerprint` are added as far as there is room (a version takes 15 tags). As a store: a secret with 15 tags of its own is refused before a rotation begins.",
            "As a target: the version before stays enabled, also when its credential is revoked: whoever reads it by its id gets it through the grace period, and who else does after that only they know. Disable old versions yourself if you want that.",
            "A name whose secret was deleted is taken until it is recovered or purged: the error says so, and what to do.",
            "Key Vault has no check-and-set: Rotunda's own rotations never write one secret at the same time, but what another writer puts there in the same moment may become an older version.",
        ],
        Permissions:
        [
            "As a store: the role `Key Vault Secrets Officer` on the vault, or a role with `Microsoft.KeyVault/vaults/secrets/getSecret/action`, `…/setSecret/action`, `…/readMetadata/action` and `…/update/action` (data actions); with `…/delete` and `…/purge/action` too, nothing remains of what stood at targets.",
            "As a target: the same on the one secret. With access policies instead of roles: get, list and set for secrets.",
            "For `key-vault:` references: the role `Key Vault Secrets User` on the secret.",
        ],
        Arrival: "The newest version is read again and compared.",
        RollBack: "The value, content type, expiry and tags of before become the newest version again. A secret that was not there at all keeps a disabled version, as Key Vault cannot take it away: readers get nothing, as before.",
        Example: """
            version: 1
            stores:
              team-vault:
                type: key-vault
                vault: https://team.vault.azure.net
                expires: 180d
            secrets:
              session-secret:
                provider: { type: generated }
                store: team-vault
                strategy: overlap
                targets:
                  shop: { type: key-vault, vault: https://shop.vault.azure.net, secret: session-secret }
            """);
}
