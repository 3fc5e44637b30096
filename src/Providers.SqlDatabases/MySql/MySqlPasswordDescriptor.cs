using Rotunda.Rotation.Words;

namespace Rotunda.Providers.SqlDatabases.MySql;

internal static class MySqlPasswordDescriptor
{
    public const string Account = "account";

    public static ProviderDescriptor Instance { get; } = new(
        "mysql-password",
        "MySQL passwords",
        "The password of one user of MySQL 8.0.14 or newer: it gets the new password beside the old one (RETAIN CURRENT PASSWORD), clients move, and the old one is discarded. Nobody is locked out. MariaDB has no second password: take `mysql-users` there.",
        Abilities.ApplyValues | Abilities.VerifyCredentials | Abilities.RevokeByValue,
        [
            .. MySqlSharedDescriptor.Server,
            new(Account, SettingType.Text, "The name of the user, without a host.", Required: true),
            .. MySqlSharedDescriptor.Logins,
        ],
        [
            "https://dev.mysql.com/doc/refman/8.4/en/password-management.html#dual-passwords",
            "https://dev.mysql.com/doc/refman/8.4/en/alter-user.html",
            "https://dev.mysql.com/doc/refman/8.4/en/password-logging.html",
            "https://dev.mysql.com/doc/refman/8.4/en/grant-tables.html",
            "https://mysqlconnector.net/connection-options/",
        ],
        [Strategy.Overlap],
        AccountSetting: Account,
        Limits:
        [
            "MySQL 8.0.14 and newer. MariaDB and older servers are refused by the check: `mysql-users` takes two users in turn there.",
            "The tests run a real MySQL 8.4, with the rights below and no others, and a strict stand-in of the protocol where none can be had. They were run once with 8.0.28 and with 9.7, too.",
            "A user has two passwords at most. Rotunda reads the hashes of both (mysql.user) and compares the values that it holds with them, so that it never ends one that it does not mean to. A password that somebody else has set, first or second, is ended by the next rotation where the value in use is the other one: the check warns of it.",
            "After a rotation that was stopped halfway, the value in use is put back at all targets first: a third password would end what some of them hold.",
            "Users that log in by caching_sha2_password or mysql_native_password. Others, and users with several factors, are refused.",
            "MySQL gets the password itself, over the connection to it, stores a hash, and writes neither the general log nor the binary log with it (but for `log-raw`). Without TLS only on this machine.",
            "A password that the server's policy refuses is made anew three times, then a person decides: say in `value` what it has to be like.",
            "Passwords are 1 to 255 printable ASCII characters.",
            "MySQL tells neither by which of two passwords a client logged in, nor since when a session is open. So there is no evidence: the grace period has to be longer than clients take to read the new value. `endSessions` ends all sessions of the user as the old password goes; clients connect again with what they have.",
            "Users are replicated by the server: changes go to the primary, and a server that is read-only is refused. A login that a replica in `verifyAt` refuses while the server takes it is tried again until the replica has it.",
            "Logins are tried from Rotunda's machine. The check refuses hosts that leave it out, where the server tells the address it comes from.",
            "Templates write the user's name themselves: `{username}` is empty with overlap.",
        ],
        Permissions:
        [
            "`GRANT CREATE USER ON *.*` and `GRANT SELECT ON mysql.*`. Not the user itself. With CREATE USER it needs no APPLICATION_PASSWORD_ADMIN: that right is for a user's own two passwords.",
            "For `endSessions` also PROCESS and CONNECTION_ADMIN. For a user that has SYSTEM_USER, SYSTEM_USER.",
        ],
        RollBack: "The old password is made the only one again, by its hash; it worked all the time. Where it is gone (somebody discarded it), the new one stays, as nobody could log in without it, and a person is asked.",
        Example: """
            version: 1
            secrets:
              orders-mysql:
                provider:
                  type: mysql-password
                  host: mysql.internal
                  user: rotunda
                  password: env:MYSQL_ROTUNDA_PASSWORD
                  sslMode: required
                  account: orders
                  database: orders
                current: { value: "file:./orders.env#MYSQL_PASSWORD" }
                interval: 30d
                grace: 24h
                targets:
                  orders-env: { type: dotenv, path: ./orders.env, keys: { DATABASE_URL: "mysql://orders:{value:url}@mysql.internal/orders", MYSQL_PASSWORD: "{value}" } }
                consumers:
                  orders-api: { type: http, instances: ["http://orders:8080"], reloadPath: /reload, healthPath: /healthz }
            """)
    {
        SystemSettings = [MySqlSharedDescriptor.Connection, MySqlSharedDescriptor.Host, MySqlSharedDescriptor.Port],
        DefaultValue = new ValueRule(ValueFormat.Text, 40),
        HoldsTwo = true,
        RepeatsApply = true,
    };
}
