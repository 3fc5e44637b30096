using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Snowflake;

internal static class SnowflakeKeyDescriptor
{
    public static ProviderDescriptor Instance { get; } = new(
        "snowflake-key-pair",
        "Snowflake key pair",
        "Makes RSA key pairs and puts their public halves into the two places that a user of Snowflake has for them; the value is the private key (PKCS#8, in PEM). Two live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials,
        [
            new(SnowflakeTokenDescriptor.Account, SettingType.Text, "The account's identifier, such as `acme-prod`.", Required: true),
            new(SnowflakeTokenDescriptor.User, SettingType.Text, "The user whose keys these are, as Snowflake has the name: in capitals, as a rule.", Required: true),
            new(SnowflakeTokenDescriptor.Login, SettingType.Text, "The user as whom Rotunda logs in, by a key pair of its own.", Required: true),
            new(SnowflakeTokenDescriptor.PrivateKey, SettingType.Text, "That user's private key (RSA, in PEM, without a passphrase).", Required: true, IsSecret: true),
            VendorApi.UrlSetting(SnowflakeTokenDescriptor.Address),
        ],
        [
            "https://docs.snowflake.com/en/user-guide/key-pair-auth#configuring-key-pair-rotation",
            "https://docs.snowflake.com/en/sql-reference/sql/alter-user",
            "https://docs.snowflake.com/en/sql-reference/sql/desc-user",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "A user has two places (RSA_PUBLIC_KEY and RSA_PUBLIC_KEY_2), so one must be empty when a rotation starts: what another program may use is never written over.",
            "A key's id is its fingerprint, as `DESCRIBE USER` tells it, also in `current:` (`SHA256:…`).",
            "Keys have no names. One whose answer was lost cannot be told from others: a person must look at the user then, and empty the place.",
            "Snowflake does not tell when a key was last used: there is no evidence to wait for, so give a grace period.",
        ],
        Permissions: ["`MODIFY PROGRAMMATIC AUTHENTICATION METHODS` on the user, or its ownership, for the default role of the login."],
        RollBack: "The new key is taken from the user. A removed key can be put there again by hand, by who has its public half.",
        Example: """
            version: 1
            secrets:
              snowflake-etl-key:
                provider: { type: snowflake-key-pair, account: acme-prod, user: ETL, login: ROTUNDA, privateKey: "file:/etc/rotunda/snowflake.p8" }
                interval: 180d
                grace: 2d
                current: { id: "SHA256:6wIfr2QkTPbLRF6Sz5h3Yc9Zr7ZfW8Xc2a1Z3aBcDeF=" }
                targets:
                  vault: { type: vault, address: https://vault.example.com, path: etl/snowflake, keys: { private_key: "{value}" }, token: env:VAULT_TOKEN }
            """);
}
