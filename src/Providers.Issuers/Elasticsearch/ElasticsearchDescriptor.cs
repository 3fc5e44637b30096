using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Elasticsearch;

internal static class ElasticsearchDescriptor
{
    public const string User = "user";
    public const string Password = "password";
    public const string Like = "like";
    public const string Lifetime = "lifetime";

    public static ProviderDescriptor Instance { get; } = new(
        "elasticsearch-api-key",
        "Elasticsearch API key",
        "Issues and invalidates API keys of a user of Elasticsearch; the value is the key in its encoded form, as `Authorization: ApiKey` takes it. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials,
        [
            new(VendorApi.Url, SettingType.Url, "Elasticsearch's address, such as https://es.example.com:9200.", Required: true),
            new(User, SettingType.Text, "The user whose keys these are, and as whom Rotunda logs in.", Required: true),
            new(Password, SettingType.Text, "The user's password.", Required: true, IsSecret: true),
            new(Like, SettingType.Text, "The id of a key whose roles and metadata the new ones have. Left out: the one in use."),
            new(Lifetime, SettingType.Duration, "When a key ends by itself. Left out: never. Give it more than the interval and the grace period together, as a safety net."),
        ],
        [
            "https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-security-create-api-key",
            "https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-security-get-api-key",
            "https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-security-invalidate-api-key",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "What a key may do is not written in the catalog: its role descriptors are read from the key in use, or from the one that `like` names. Without either the rotation is refused before anything is made.",
            "A key never may do more than its user could when it was made. A key without role descriptors may do what the user may.",
            "Rotunda logs in as a user, as Elasticsearch gives a key that is made by another key no rights of its own.",
            "Elasticsearch does not tell when a key was last used: there is no evidence to wait for, so give a grace period.",
        ],
        Permissions: ["The cluster privilege `manage_own_api_key` for the user, and what the keys may do."],
        RollBack: "The new key is invalidated. An invalidated key does not come back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              ingest-key:
                provider: { type: elasticsearch-api-key, url: https://es.example.com:9200, user: ingest, password: env:ES_PASSWORD, lifetime: 120d }
                interval: 90d
                grace: 2d
                current: { id: VuaCfGcBCdbkQm-e5aOx }
                targets:
                  app: { type: dotenv, path: app.env, keys: { ES_API_KEY: "{value}" } }
            """)
    {
        Carries = ["the role descriptors", "the metadata"],
    };
}
