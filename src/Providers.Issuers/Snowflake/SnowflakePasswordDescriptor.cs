using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Snowflake;

internal static class SnowflakePasswordDescriptor
{
    public static ProviderDescriptor Instance { get; } = new(
        "snowflake-password",
        "Snowflake user password",
        "Replaces the password of a user in Snowflake with one that Rotunda makes, over the SQL API. There is one at a time: the old one stops working at once, and can be set again. Prefer `snowflake-key-pair` or `snowflake-token`: two of those live at once, and Snowflake is ending logins by a password alone.",
        Abilities.ApplyValues | Abilities.VerifyCredentials,
        [
            new(SnowflakeTokenDescriptor.Account, SettingType.Text, "The account's identifier, such as `acme-prod`.", Required: true),
            new(SnowflakeTokenDescriptor.User, SettingType.Text, "The user whose password this is, as Snowflake has the name: in capitals, as a rule.", Required: true),
            new(SnowflakeTokenDescriptor.Login, SettingType.Text, "The user as whom Rotunda logs in, by a key pair: another one than `user`.", Required: true),
            new(SnowflakeTokenDescriptor.PrivateKey, SettingType.Text, "That user's private key (RSA, in PEM, without a passphrase).", Required: true, IsSecret: true),
            VendorApi.UrlSetting(SnowflakeTokenDescriptor.Address),
        ],
        [
            "https://docs.snowflake.com/en/sql-reference/sql/alter-user",
            "https://docs.snowflake.com/en/user-guide/admin-user-management#types-of-users",
            "https://docs.snowflake.com/en/user-guide/security-mfa-rollout",
            "https://github.com/snowflakedb/snowflake-connector-python",
        ],
        [Strategy.InPlace],
        AccountSetting: SnowflakeTokenDescriptor.User,
        Limits:
        [
            "A user has one password: from its replacement until they have the new one, consumers cannot log in anew. Sessions live on.",
            "Logins by a password alone are being ended. Snowflake first announced November 2025, and then moved it: other vendors that point to its page speak of August 2026 on. Which date holds for your account stands on that page; after it, a password works with a second factor only, which this provider cannot try.",
            "Users of type SERVICE have no password, and the check refuses them; LEGACY_SERVICE has one as long as Snowflake keeps that type.",
            "Passwords are tried as Snowflake's drivers log in (`/session/v1/login-request`), which the drivers' source shows and no document promises. Each try makes a session, which ends by itself.",
            "Failed tries count: five in a row lock the user for fifteen minutes, with Snowflake's defaults. A password policy with a history refuses to set an old password again, and the way back waits for a person then.",
            "The password crosses the network in the statement, over TLS. Snowflake masks it in its query history.",
            "In the tests it speaks to a strict stand-in, and not to Snowflake.",
        ],
        Permissions: ["`OWNERSHIP` of the user, for the default role of the login (or a role that inherits it)."],
        RollBack: "The old password is set again, if it is in the store.",
        Example: """
            version: 1
            secrets:
              snowflake-etl-password:
                provider: { type: snowflake-password, account: acme-prod, user: ETL, login: ROTUNDA, privateKey: "file:/etc/rotunda/snowflake.p8" }
                interval: 60d
                current: { value: "file:app.env#SNOWFLAKE_PASSWORD" }
                targets:
                  app: { type: dotenv, path: app.env, keys: { SNOWFLAKE_PASSWORD: "{value}" } }
            """)
    {
        SystemSettings = [SnowflakeTokenDescriptor.Account],
        Costs = [SettingCost.Always("Snowflake is ending logins by a password alone. Plan the move to a key pair (`snowflake-key-pair`) or a token (`snowflake-token`).")],
        DefaultValue = new ValueRule(ValueFormat.Text, 40),
    };
}
