using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Pinecone;

internal static class PineconeDescriptor
{
    public const string Project = "project";
    public const string Roles = "roles";
    public const string ClientId = "clientId";
    public const string ClientSecret = "clientSecret";
    public const string LoginUrl = "loginUrl";
    public const string Address = "https://api.pinecone.io";
    public const string LoginAddress = "https://login.pinecone.io";

    public static ProviderDescriptor Instance { get; } = new(
        "pinecone-api-key",
        "Pinecone API key",
        "Issues and revokes API keys of a project at Pinecone. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials,
        [
            new(Project, SettingType.Text, "The id of the project whose keys these are.", Required: true),
            new(Roles, SettingType.TextList, "What the keys may do, such as `ProjectEditor`, `ControlPlaneViewer`, `DataPlaneEditor`. Left out: the roles of the key in use; if it is not known, Pinecone's default."),
            new(ClientId, SettingType.Text, "The client id of the service account by which Rotunda issues keys.", Required: true),
            new(ClientSecret, SettingType.Text, "Its secret.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
            new(LoginUrl, SettingType.Url, "Where the service account logs in, where it is not Pinecone's own address: a proxy's.", Default: LoginAddress),
        ],
        [
            "https://docs.pinecone.io/reference/api/2026-04/admin/create_api_key",
            "https://docs.pinecone.io/guides/organizations/manage-service-accounts",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "Pinecone does not tell when a key was made or last used: there is no evidence to wait for, so give a grace period.",
            "A deleted key may work a little longer.",
            "A key that may not list indexes is known all the same.",
        ],
        Permissions: ["A service account that is an owner of the project (or of the organisation)."],
        RollBack: "The new key is deleted. What a deleted key was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              pinecone-key:
                provider: { type: pinecone-api-key, project: 2a9e2b0c-6a2b-4a4e-9d5f-5f0f3a2a7c11, clientId: 5Lk0Xw, clientSecret: env:PINECONE_CLIENT_SECRET }
                interval: 90d
                grace: 2d
                current: { id: 41f9e6a7-6c1f-4b8e-8a3a-2b9f0c6d7e55 }
                targets:
                  app: { type: dotenv, path: app.env, keys: { PINECONE_API_KEY: "{value}" } }
            """)
    {
        Labels = new LabelRule(80),
        Carries = ["the roles"],
    };
}
