using Rotunda.Rotation.Words;

namespace Rotunda.Providers.SqlDatabases.MySql;

internal static class MySqlUsersDescriptor
{
    public const string Accounts = "accounts";

    public static ProviderDescriptor Instance { get; } = new(
        "mysql-users",
        "MySQL and MariaDB users",
        "Passwords of users of MySQL or MariaDB, two users taken in turn: the idle one gets the new password, clients move, the other is locked. Nobody is locked out.",
        Abilities.ApplyValues | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ReportUse,
        [
            .. MySqlSharedDescriptor.Server,
            new(Accounts, SettingType.TextList, "The names of the two users that are taken in turn, without a host. Both have to exist, with the same grants.", Required: true),
            .. MySqlSharedDescriptor.Logins,
        ],
        [
            "https://mariadb.com/kb/en/alter-user/",
            "https://mariadb.com/kb/en/account-locking/",
            "https://dev.mysql.com/doc/refman/8.4/en/alter-user.html",
            "https://dev.mysql.com/doc/refman/8.4/en/account-locking.html",
            "https://mysqlconnector.net/connection-options/",
        ],
        [Strategy.Alternate],
        AccountsSetting: Accounts,
        Limits:
        [
            "MariaDB 10.5 and newer, MySQL 8.0 and newer. The tests run MariaDB 10.11 and MySQL 8.4; they were run once with MySQL 8.0.28 and 9.7, too.",
            "A retired user gets a random password that is kept nowhere, and is locked (ACCOUNT LOCK), in one statement. The lock survives a restart and shows whether the idle user is open; the password makes the old one worthless if somebody unlocks the user. One that is locked already is left as it is: where somebody locked it by hand, its password is still the old one. What runs in the user's name (views, routines, events with it as DEFINER) goes on.",
            "The two users need the same grants, roles, TLS requirement, limits and way to log in, for each host. The check before a rotation compares them and says what differs.",
            "Users that log in by a password alone: mysql_native_password at MariaDB; caching_sha2_password, sha256_password and mysql_native_password at MySQL. unix_socket, ed25519, PAM and users with two ways to log in are refused, since setting a password would change how they log in.",
            "MariaDB gets the password's hash, so no log holds the password. Where a plugin there checks passwords (simple_password_check, cracklib), it has to see the password itself: then MariaDB writes it to its general log and its binary log, if it keeps them, and the check says so. MySQL gets the password itself, stores a hash, and writes neither log with it (but for `log-raw`).",
            "A password that the server's policy refuses is made anew three times, then a person decides: say in `value` what it has to be like.",
            "Passwords are 1 to 255 printable ASCII characters.",
            "Users are replicated by the server: changes go to the primary, and a server that is read-only or a Galera node that is not in the primary component is refused. A login that a replica in `verifyAt` refuses while the server takes it is tried again until the replica has it.",
            "Logins are tried from Rotunda's machine. The check refuses hosts that leave it out, where the server tells the address it comes from.",
            "Evidence counts open sessions now, and needs the right PROCESS: without it a server shows one's own sessions and no error, so Rotunda looks for the right itself. Sessions at other servers (`verifyAt`, other nodes of a cluster) are not seen and not ended, so no open session here tells nothing then. A client that connects only now and then is not seen between.",
        ],
        Permissions:
        [
            "`GRANT CREATE USER ON *.*` and `GRANT SELECT ON mysql.*`. Not one of the two users.",
            "`GRANT PROCESS ON *.*` for the evidence. Without it the evidence says that it cannot tell.",
            "For `endSessions` also CONNECTION ADMIN at MariaDB, CONNECTION_ADMIN at MySQL. For users that have SYSTEM_USER (MySQL), SYSTEM_USER.",
        ],
        RollBack: "The idle user is locked again, with a password that nobody knows; the one in use was never touched.",
        Example: """
            version: 1
            secrets:
              orders-mysql:
                provider:
                  type: mysql-users
                  host: mysql.internal
                  user: rotunda
                  password: env:MYSQL_ROTUNDA_PASSWORD
                  sslMode: required
                  accounts: [orders_a, orders_b]
                  database: orders
                current: { id: orders_a, value: "file:./orders.env#MYSQL_PASSWORD" }
                interval: 30d
                grace: 24h
                evidence: { quietFor: 10m, timeout: 2d }
                targets:
                  orders-env: { type: dotenv, path: ./orders.env, keys: { MYSQL_USER: "{username}", MYSQL_PASSWORD: "{value}" } }
                consumers:
                  orders-api: { type: http, instances: ["http://orders:8080"], reloadPath: /reload, healthPath: /healthz }
            """)
    {
        SystemSettings = [MySqlSharedDescriptor.Connection, MySqlSharedDescriptor.Host, MySqlSharedDescriptor.Port],
        DefaultValue = new ValueRule(ValueFormat.Text, 40),
        RepeatsApply = true,
    };
}
