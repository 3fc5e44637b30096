using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.AzureStorage;

internal static class StorageKeyDescriptor
{
    public const string Subscription = "subscription";
    public const string ResourceGroup = "resourceGroup";
    public const string Account = "account";
    public const string BlobUrl = "blobUrl";
    public const string Address = "https://management.azure.com";
    public const string BlobAddress = "https://{account}.blob.core.windows.net";

    public static ProviderDescriptor Instance { get; } = new(
        "azure-storage-key",
        "Azure Storage account key",
        "Makes one of a storage account's two keys anew: the one that is not in use. The other works on until it is made anew itself, which is its revoke.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials,
        [
            MicrosoftLogin.TenantSetting,
            new(Subscription, SettingType.Text, "The subscription's id.", Required: true),
            new(ResourceGroup, SettingType.Text, "The resource group of the storage account.", Required: true),
            new(Account, SettingType.Text, "The storage account's name.", Required: true),
            new(VendorApi.Url, SettingType.Url, "Of Azure Resource Manager, where it is a national cloud's or a proxy's.", Default: Address),
            .. MicrosoftLogin.Settings,
            new(BlobUrl, SettingType.Url, $"Of the account's blobs, where a key is tried and it is not `{BlobAddress}`."),
        ],
        [
            "https://learn.microsoft.com/en-us/rest/api/storagerp/storage-accounts/regenerate-key",
            "https://learn.microsoft.com/en-us/azure/storage/common/storage-account-keys-manage",
            "https://learn.microsoft.com/en-us/rest/api/storageservices/authorize-with-shared-key",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "Which of `key1` and `key2` is in use is known by the value in the store, or else by its id in the ledger or under `current:` (`key1`). Where neither tells, nothing is changed. The other key is taken for idle: whoever uses both loses one.",
            "After an emergency that revokes first, the new key takes the place of the revoked one: nobody holds its value.",
            "A key's id is its place and when it was made. One that was made anew by somebody else is gone, and is not made anew once more.",
            "Keys have no names. An answer that was lost loses nothing: the idle key is made anew again.",
            "An account that forbids keys (`allowSharedKeyAccess: false`) takes none, so a new one cannot be tried.",
            "Azure does not tell when a key was last used: there is no evidence to wait for, so give a grace period.",
        ],
        Permissions: ["The role *Storage Account Key Operator Service Role* on the storage account."],
        RollBack: "The new key is made anew once more, so that nobody holds its value; the old one was not touched. After the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              invoices-storage-key:
                provider: { type: azure-storage-key, tenant: acme.onmicrosoft.com, subscription: 5f1c2b3a-4d5e-4f60-8a7b-9c0d1e2f3a4b, resourceGroup: invoices, account: acmeinvoices, clientId: 0a1b2c3d-4e5f-4061-8273-94a5b6c7d8e9, clientSecret: env:ROTUNDA_CLIENT_SECRET }
                interval: 90d
                grace: 2d
                current: { id: key1 }
                targets:
                  app: { type: dotenv, path: app.env, keys: { AZURE_STORAGE_KEY: "{value}" } }
            """)
    {
        Costs =
        [
            SettingCost.Always("The key that is taken for idle is made anew: whoever uses it all the same is locked out at once."),
            SettingCost.Always("Signatures (SAS) made with a key end with it, also those that live longer."),
        ],
        RepeatsIssue = true,
    };
}
