using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.ElasticCloud;

internal static class ElasticCloudDescriptor
{
    public const string Lifetime = "lifetime";
    public const string Token = "token";
    public const string Address = "https://api.elastic-cloud.com";

    public static ProviderDescriptor Instance { get; } = new(
        "elastic-cloud-api-key",
        "Elastic Cloud API key",
        "Issues and revokes API keys of Elastic Cloud's own API (not those of a cluster). Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials,
        [
            new(Lifetime, SettingType.Duration, "When a key ends by itself, in whole hours. Left out: as Elastic Cloud has it. Give it more than the interval and the grace period together."),
            new(Token, SettingType.Text, "The API key by which Rotunda issues the others.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
        ],
        [
            "https://www.elastic.co/docs/api/doc/cloud/operation/operation-create-api-key",
            "https://www.elastic.co/docs/deploy-manage/api-keys/elastic-cloud-api-keys",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "Elastic Cloud does not tell when a key was last used, so there is no evidence to wait for: give a grace period.",
            "A key is tried by asking for the list of keys; one that may not see it is known all the same. Which call is best for it, Elastic's documents do not say.",
        ],
        Permissions: ["An API key of the organisation whose keys these are, with the roles that the new ones are to have."],
        RollBack: "The new key is deleted. What a deleted key was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              elastic-ci-key:
                provider: { type: elastic-cloud-api-key, lifetime: 90d, token: env:ELASTIC_CLOUD_ADMIN_KEY }
                interval: 30d
                grace: 2d
                current: { id: UvHXQnUBcTgWVsr8jUdj }
                targets:
                  ci: { type: dotenv, path: ci.env, keys: { EC_API_KEY: "{value}" } }
            """)
    {
        Carries = ["the roles"],
    };
}
