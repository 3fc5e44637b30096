using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Upstash;

internal static class UpstashPasswordDescriptor
{
    public const string Database = "database";
    public const string RestUrl = "restUrl";
    public const string Email = "email";
    public const string ApiKey = "apiKey";
    public const string Address = "https://api.upstash.com/v2";

    public static ProviderDescriptor Instance { get; } = new(
        "upstash-redis-password",
        "Upstash Redis password",
        "Resets the password of a Redis database at Upstash, and with it both of its REST tokens. The old ones end at once. To rotate without a gap, take `upstash-redis-user`.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials,
        [
            new(Database, SettingType.Text, "The database's id.", Required: true),
            new(RestUrl, SettingType.Url, "The database's REST address (`UPSTASH_REDIS_REST_URL`), where new values are tried.", Required: true),
            new(Email, SettingType.Text, "The account as which Rotunda calls Upstash.", Required: true),
            new(ApiKey, SettingType.Text, "That account's API key for the Developer API.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
        ],
        [
            "https://upstash.com/docs/devops/developer-api/redis/reset_password",
            "https://upstash.com/docs/devops/developer-api/redis/get_database",
            "https://upstash.com/docs/redis/features/restapi",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "The value is a JSON object: `password`, `rest_token`, `read_only_rest_token`, `endpoint` and `port`, so that one rotation serves all who use the database: `rediss://default:{value.password:url}@{value.endpoint}:{value.port}`, `{value.rest_token}`.",
            "A reset ends the password and both tokens at once: consumers are locked out until the new ones are delivered. Take an ACL user (`upstash-redis-user`) where that may not be.",
            "Where the answer to a reset leaves the values out, they are read from the database. Where Upstash shows them to nobody (Credential Protection), nothing is reset: the check refuses it.",
            "Where an answer is lost, the password is reset once more: what the lost answer had ends with that.",
            "The REST token is tried, by PING. That the password of the same answer works for clients over TCP is not tried.",
            "ACL users keep their passwords.",
            "In the tests it speaks to a strict stand-in, and not to Upstash.",
        ],
        Permissions: ["An API key of the account (or of its team) that owns the database; Upstash does not narrow it further."],
        RollBack: "None once the password is reset: the old values have ended. Before that, nothing has happened.",
        Example: """
            version: 1
            secrets:
              shop-redis:
                provider: { type: upstash-redis-password, database: 96ad0856-03b1-4ee7-9666-e81abd0349e1, restUrl: https://clear-cat-12345.upstash.io, email: ops@example.com, apiKey: env:UPSTASH_API_KEY }
                interval: 90d
                grace: 0s
                targets:
                  app:
                    type: dotenv
                    path: app.env
                    keys:
                      REDIS_URL: "rediss://default:{value.password:url}@{value.endpoint}:{value.port}"
                      UPSTASH_REDIS_REST_TOKEN: "{value.rest_token}"
            """)
    {
        RepeatsIssue = true,
        OldEnds = new(null, TimeSpan.Zero),
        WorksAfter = TimeSpan.FromMinutes(1),
    };
}
