using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Upstash;

internal static class UpstashUserDescriptor
{
    public const string User = "user";
    public const string Token = "token";

    public static ProviderDescriptor Instance { get; } = new(
        "upstash-redis-user",
        "Upstash Redis ACL user",
        "Gives an ACL user of a Redis database at Upstash a second token, and takes the first one away once clients have moved. The value is the user's password for clients over TCP and its bearer token over REST. Two live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.RevokeByValue,
        [
            new(User, SettingType.Text, "The ACL user, who has to be there with all that it may do. Not `default`: `upstash-redis-password` resets that one.", Required: true),
            new(VendorApi.Url, SettingType.Url, "The database's REST address (`UPSTASH_REDIS_REST_URL`).", Required: true),
            new(Token, SettingType.Text, "The database's REST token by which Rotunda manages the user (`UPSTASH_REDIS_REST_TOKEN` of `default`, or of a user with `+acl`).", Required: true, IsSecret: true),
        ],
        [
            "https://upstash.com/docs/redis/commands/server/acl-gentoken",
            "https://upstash.com/docs/redis/commands/server/acl-setuser",
            "https://upstash.com/docs/redis/commands/server/acl-getuser",
            "https://upstash.com/docs/redis/features/restapi",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "A token's id is its hash, as `ACL GETUSER` shows it.",
            "Upstash makes the tokens (`ACL GENTOKEN`): it takes no other passwords.",
            "Passwords have no labels. Where an answer is lost, the user is looked at at once; if Rotunda stops in that very moment, a person has to look at `ACL GETUSER` and take away the hash that nobody knows.",
            "A new token is tried by PING over REST. A user who may not PING is known all the same. Clients over TCP are not tried.",
            "Nothing tells which of a user's tokens is in use: there is no evidence to wait for, so give a grace period.",
            "Whether Upstash hashes the token itself is not told: the new hash is found by comparing the user before and after. Two rotations of one user at once would be refused.",
            "In the tests it speaks to a strict stand-in, and not to Upstash.",
        ],
        Permissions: ["A REST token of the database whose user may run `ACL`. A reset of the database's password ends that of `default`."],
        RollBack: "The new token is taken from the user, unless it is the only one that the user has by then: a person is asked. A token that was taken away can be given back by hand (`ACL SETUSER user >token`), by who has it.",
        Example: """
            version: 1
            secrets:
              shop-redis-user:
                provider: { type: upstash-redis-user, url: https://clear-cat-12345.upstash.io, user: shop, token: env:UPSTASH_REDIS_REST_TOKEN }
                interval: 60d
                grace: 1d
                current: { value: "file:app.env#REDIS_PASSWORD" }
                targets:
                  app:
                    type: dotenv
                    path: app.env
                    keys:
                      REDIS_PASSWORD: "{value}"
                      REDIS_URL: "rediss://shop:{value:url}@clear-cat-12345.upstash.io:6379"
            """);
}
