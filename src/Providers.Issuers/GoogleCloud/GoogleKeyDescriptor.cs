using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.GoogleCloud;

internal static class GoogleKeyDescriptor
{
    public const string ServiceAccount = "serviceAccount";
    public const string Credentials = "credentials";
    public const string TokenUrl = "tokenUrl";
    public const string Address = "https://iam.googleapis.com";
    public const string TokenAddress = "https://oauth2.googleapis.com";

    public static ProviderDescriptor Instance { get; } = new(
        "google-service-account-key",
        "Google service-account key",
        "Issues and revokes keys of a service account at Google Cloud; the value is the key's file, in JSON. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.DisableCredentials,
        [
            new(ServiceAccount, SettingType.Text, "The e-mail address of the service account whose keys these are.", Required: true),
            new(Credentials, SettingType.Text, "The key file (JSON) of the service account by which Rotunda issues the keys: another one.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
            new(TokenUrl, SettingType.Url, "Where access tokens are got, where it is not Google's own address: a proxy's.", Default: TokenAddress),
        ],
        [
            "https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts.keys",
            "https://cloud.google.com/iam/docs/keys-create-delete",
            "https://developers.google.com/identity/protocols/oauth2/service-account#httprest",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "A service account has at most ten keys.",
            "Keys have no names: one whose answer was lost cannot be told from others, and a person must look at the service account's keys then. Where it can be, let workloads use identities of their own instead.",
            "A new key may be refused for a minute or more: it is tried for three minutes, and taken as working after two times in a row.",
            "The API of keys does not tell when one was last used: there is no evidence to wait for, so give a grace period.",
            "An organisation's policy may forbid keys.",
        ],
        Permissions: ["`roles/iam.serviceAccountKeyAdmin` on the service account."],
        RollBack: "The new key is deleted. A deleted key does not come back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              uploader-key:
                provider: { type: google-service-account-key, serviceAccount: uploader@acme-prod.iam.gserviceaccount.com, credentials: "file:/etc/rotunda/google.json" }
                interval: 90d
                grace: 2d
                revoke: { disableFor: 24h }
                current: { id: 90c48f61c65cd56224a12ab18e6ee9ca9c3aee7c }
                targets:
                  cluster: { type: kubernetes-secret, namespace: uploads, secret: google, keys: { key.json: "{value}" } }
            """)
    {
        Costs =
        [
            SettingCost.Always("An access token that was got with the old key works to its end, for about an hour."),
        ],
        WorksAfter = TimeSpan.FromMinutes(3),
        Verifications = 2,
    };
}
