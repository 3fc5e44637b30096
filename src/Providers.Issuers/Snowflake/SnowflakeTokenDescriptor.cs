using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Snowflake;

internal static class SnowflakeTokenDescriptor
{
    public const string Account = "account";
    public const string User = "user";
    public const string Role = "role";
    public const string Lifetime = "lifetime";
    public const string Login = "login";
    public const string PrivateKey = "privateKey";
    public const string Address = "https://{account}.snowflakecomputing.com";

    public static ProviderDescriptor Instance { get; } = new(
        "snowflake-token",
        "Snowflake programmatic access token",
        "Adds and removes programmatic access tokens of a user in Snowflake, over its SQL API. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.DisableCredentials | Abilities.ListCredentials,
        [
            new(Account, SettingType.Text, "The account's identifier, such as `acme-prod`.", Required: true),
            new(User, SettingType.Text, "The user whose tokens these are.", Required: true),
            new(Role, SettingType.Text, "The role that the tokens are restricted to; a service user needs one. Left out: that of the token in use."),
            new(Lifetime, SettingType.Duration, "When a token ends by itself, in whole days up to `365d`. More than the interval and the grace period together. Left out: as Snowflake has it, after 15 days."),
            new(Login, SettingType.Text, "The user as whom Rotunda logs in, by a key pair: not with a token, as such a session may not change tokens.", Required: true),
            new(PrivateKey, SettingType.Text, "That user's private key (RSA, in PEM, without a passphrase).", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
        ],
        [
            "https://docs.snowflake.com/en/sql-reference/sql/alter-user-add-programmatic-access-token",
            "https://docs.snowflake.com/en/sql-reference/sql/alter-user-modify-programmatic-access-token",
            "https://docs.snowflake.com/en/sql-reference/sql/show-user-programmatic-access-tokens",
            "https://docs.snowflake.com/en/user-guide/programmatic-access-tokens",
            "https://docs.snowflake.com/en/developer-guide/sql-api/authenticating",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "A token's name is its id; it has the rotation's label with underscores.",
            "A user has at most 15 tokens; those that have expired do not count, and are listed for 30 days.",
            "A second token is added and the first is not rotated at Snowflake, so that the old one lives until nothing uses it.",
            "A service user needs a network policy, and its authentication policy must allow tokens.",
            "Snowflake's list does not tell when a token was last used: there is no evidence to wait for, so give a grace period.",
        ],
        Permissions: ["`MODIFY PROGRAMMATIC AUTHENTICATION METHODS` on the user, or its ownership, for the default role of the login."],
        RollBack: "The new token is removed. What a removed token was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              snowflake-etl-token:
                provider: { type: snowflake-token, account: acme-prod, user: ETL, role: LOADER, lifetime: 120d, login: ROTUNDA, privateKey: "file:/etc/rotunda/snowflake.p8" }
                interval: 90d
                grace: 2d
                revoke: { disableFor: 24h }
                current: { id: ETL_BY_HAND }
                targets:
                  app: { type: dotenv, path: app.env, keys: { SNOWFLAKE_TOKEN: "{value}" } }
            """)
    {
        Labels = new LabelRule(120, '_'),
        Carries = ["the role that it is restricted to"],
    };
}
