using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.MongoDbAtlas;

internal static class AtlasSecretDescriptor
{
    public const string Organization = "organization";
    public const string ServiceAccount = "serviceAccount";
    public const string Lifetime = "lifetime";

    public static ProviderDescriptor Instance { get; } = new(
        "atlas-service-account",
        "MongoDB Atlas service-account secret",
        "Issues and revokes client secrets of a service account of an organisation in MongoDB Atlas. Two live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ReportUse,
        [
            new(Organization, SettingType.Text, "The organisation's id: 24 digits.", Required: true),
            new(ServiceAccount, SettingType.Text, "The client id of the service account (`mdb_sa_id_…`) whose secrets these are.", Required: true),
            new(Lifetime, SettingType.Duration, "When a secret ends by itself: Atlas makes none without an end, and an organisation may set a shorter one. More than the interval and the grace period together.", Required: true),
            .. AtlasLogin.Settings("issues the secrets: another one"),
        ],
        [
            "https://www.mongodb.com/docs/atlas/reference/api-resources-spec/v2/#tag/Service-Accounts",
            "https://www.mongodb.com/docs/atlas/api/service-accounts/generate-oauth2-token/",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "Secrets have no names: one whose answer was lost cannot be told from others, and a person must look at the service account's secrets then.",
        ],
        Permissions: ["A service account with the role Organization Owner."],
        RollBack: "The new secret is deleted. What a deleted secret was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              atlas-secret:
                provider: { type: atlas-service-account, organization: 32b6e34b3d91647abb20e7b8, serviceAccount: mdb_sa_id_1234567890abcdef12345678, lifetime: 120d, clientId: mdb_sa_id_abcdef1234567890abcdef12, clientSecret: env:ATLAS_ADMIN_SECRET }
                interval: 90d
                grace: 24h
                evidence: { quietFor: 12h, timeout: 3d }
                current: { id: 32b6e34b3d91647abb20e7b9 }
                targets:
                  app: { type: dotenv, path: app.env, keys: { ATLAS_CLIENT_SECRET: "{value}" } }
            """)
    {
        Costs =
        [
            SettingCost.Always("What a secret may do is what its service account may; the account's own client id stays as it is."),
            SettingCost.Always("A token that was got with the old secret works to its end, for about an hour."),
        ],
    };
}
