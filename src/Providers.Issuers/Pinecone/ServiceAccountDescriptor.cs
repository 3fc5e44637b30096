using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Pinecone;

internal static class ServiceAccountDescriptor
{
    public const string Account = "account";

    public static ProviderDescriptor Instance { get; } = new(
        "pinecone-service-account",
        "Pinecone service account secret",
        "Rotates the client secret of a service account at Pinecone. The old secret ends within seconds, and nothing can stop that.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials,
        [
            new(Account, SettingType.Text, "The id of the service account whose secret this is.", Required: true),
            new(PineconeDescriptor.ClientId, SettingType.Text, "The client id of the service account as which Rotunda logs in: another one than `account`.", Required: true),
            new(PineconeDescriptor.ClientSecret, SettingType.Text, "Its secret.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(PineconeDescriptor.Address),
            new(PineconeDescriptor.LoginUrl, SettingType.Url, "Where service accounts log in, where it is not Pinecone's own address: a proxy's.", Default: PineconeDescriptor.LoginAddress),
        ],
        [
            "https://docs.pinecone.io/reference/api/2026-04/admin/rotate_service_account_secret",
            "https://docs.pinecone.io/reference/api/2026-04/admin/fetch_service_account",
            "https://docs.pinecone.io/guides/organizations/manage-service-accounts",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "The old secret, and the tokens that were got with it, end within seconds once there is a new one: consumers are locked out until it is delivered. Where that may not be, have two service accounts, and move from one to the other by hand.",
            "Where the answer is lost, the secret is rotated once more: what the lost answer had ends with that.",
            "Secrets have no ids at Pinecone; the ledger has the account's.",
            "Service accounts are a preview of Pinecone, for its Enterprise plan.",
        ],
        Permissions: ["A service account that may manage the organisation's service accounts (an organisation owner)."],
        RollBack: "None once the new secret is issued: the old one has ended. Before that, nothing has happened.",
        Example: """
            version: 1
            secrets:
              pinecone-admin-secret:
                provider: { type: pinecone-service-account, account: f8a3b2c1-4d5e-6f7a-8b9c-0d1e2f3a4b5c, clientId: l3Ow0CmFyc4jOONcwiKUCRqQKN0tiCAn, clientSecret: env:PINECONE_CLIENT_SECRET }
                interval: 90d
                grace: 0s
                targets:
                  app: { type: dotenv, path: app.env, keys: { PINECONE_CLIENT_SECRET: "{value}" } }
            """)
    {
        RepeatsIssue = true,
        OldEnds = new(null, TimeSpan.Zero),
    };
}
