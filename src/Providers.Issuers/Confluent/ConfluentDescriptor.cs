using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Confluent;

internal static class ConfluentDescriptor
{
    public const string Owner = "owner";
    public const string Resource = "resource";
    public const string Environment = "environment";
    public const string RestUrl = "restUrl";
    public const string Key = "key";
    public const string Secret = "secret";
    public const string Address = "https://api.confluent.cloud";

    public static ProviderDescriptor Instance { get; } = new(
        "confluent-api-key",
        "Confluent Cloud API key",
        "Issues and revokes API keys of Confluent Cloud: of a Kafka cluster, or of the cloud itself. The value is the secret; `{username}` in a template is the key. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials,
        [
            new(Owner, SettingType.Text, "The service account (`sa-…`) or user (`u-…`) whose keys these are.", Required: true),
            new(Resource, SettingType.Text, "The cluster that the keys are for (`lkc-…`). Left out: keys of the cloud itself."),
            new(Environment, SettingType.Text, "The cluster's environment (`env-…`), where Confluent asks for it."),
            new(RestUrl, SettingType.Url, "The cluster's REST endpoint, where a new key is tried; required with `resource`."),
            new(Key, SettingType.Text, "The cloud API key by which Rotunda issues the others.", Required: true),
            new(Secret, SettingType.Text, "That key's secret.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
        ],
        [
            "https://docs.confluent.io/cloud/current/api.html#tag/API-Keys-(iamv2)",
            "https://docs.confluent.io/cloud/current/security/authenticate/workload-identities/service-accounts/api-keys/best-practices-api-keys.html",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "Consumers need both halves: write `{username}` and `{value}` in one target.",
            "A new key of a cluster may work only after some minutes, and a deleted one as long.",
            "Confluent's API does not tell when a key was last used: there is no evidence to wait for, so give a grace period.",
            "A key that may not see what it is tried with is known all the same.",
        ],
        Permissions: ["A cloud API key of a principal with the role OrganizationAdmin, or ResourceOwner of the owner's keys."],
        RollBack: "The new key is deleted. What a deleted key was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              orders-kafka-key:
                provider: { type: confluent-api-key, owner: sa-12mgdv, resource: lkc-1a2b3c, environment: env-00000, restUrl: https://pkc-1a2b3.eu-west-1.aws.confluent.cloud, key: CLOUDKEY12345678, secret: env:CONFLUENT_CLOUD_SECRET }
                interval: 90d
                grace: 2d
                current: { id: OLDKEY1234567890 }
                targets:
                  app: { type: dotenv, path: app.env, keys: { KAFKA_USER: "{username}", KAFKA_PASSWORD: "{value}" } }
            """)
    {
        Costs =
        [
            SettingCost.Always("What a key may do is what its owner may: role bindings and ACLs of the owner hold for the new key, too."),
        ],
        ListsAfter = TimeSpan.FromMinutes(1),
    };
}
