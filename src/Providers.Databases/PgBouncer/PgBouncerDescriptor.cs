using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.PgBouncer;

internal static class PgBouncerDescriptor
{
    public const string Mode = "mode";
    public const string Path = "path";
    public const string Users = "users";
    public const string Entry = "entry";
    public const string Poolers = "poolers";
    public const string AdminUser = "adminUser";
    public const string AdminPassword = "adminPassword";
    public const string Database = "database";
    public const string Reconnect = "reconnect";
    public const string SslMode = "sslMode";
    public const string RootCertificate = "rootCertificate";
    public const string Timeout = "timeout";
    public const string FileMode = "fileMode";

    public const string UserList = "userlist";
    public const string AuthQuery = "auth-query";
    public const string Verifier = "verifier";
    public const string Plain = "plain";

    public static ProviderDescriptor Instance { get; } = new(
        "pgbouncer",
        "PgBouncer",
        "A target that is the logins of PgBouncer poolers: some users' lines of `userlist.txt`, with the very verifier that PostgreSQL has, or nothing to write where the poolers ask the server (`auth_query`). Either way a login through each pooler proves that the new value works there.",
        Abilities.DeliverValues | Abilities.ConfirmSync,
        [
            new(Mode, SettingType.Choice, "`userlist`: the lines of `users` are written to `path`, and each pooler reads it again (RELOAD). `auth-query`: the poolers look passwords up in the server, so nothing is written and only the login is proved.", Default: UserList, Choices: [UserList, AuthQuery]),
            new(Path, SettingType.Path, "With userlist: the file that `auth_file` names. Its folder is writable; a symbolic link is followed."),
            new(Users, SettingType.TextList, "With userlist: the users whose lines this secret owns; with alternate, both accounts. No other line is touched."),
            new(Entry, SettingType.Choice, "With userlist: `verifier` writes the SCRAM verifier that the `postgres` provider sets for the same value, so no password is in the file. `plain` writes the password itself, which works whoever set it at the server: everyone who can read the file can log in.", Default: Verifier, Choices: [Verifier, Plain]),
            new(Poolers, SettingType.TextList, "Where the poolers listen, such as `10.0.0.5:6432`, `[::1]:6432` or the folder of a Unix socket, `/var/run/postgresql:6432`. Every one of them must agree.", Required: true),
            new(AdminUser, SettingType.Text, "A user of `admin_users`, for RELOAD and RECONNECT. Needed with userlist and with `reconnect`."),
            new(AdminPassword, SettingType.Text, "That user's password. Left out: the pooler asks for none (a Unix socket and its own system user).", IsSecret: true),
            new(Database, SettingType.Text, "The database that a login through the pooler is tried with, as clients name it.", Required: true),
            new(Reconnect, SettingType.Boolean, "Also has the poolers replace their open connections to the server (RECONNECT), each when its client lets go of it, and waits until the old ones to `database` are closed. From PgBouncer 1.9. Worth it with in-place; with alternate the new account has connections of its own.", Default: "false"),
            new(SslMode, SettingType.Choice, "How the connections to the poolers are protected.", Default: "prefer", Choices: ["disable", "prefer", "require", "verify-ca", "verify-full"]),
            new(RootCertificate, SettingType.Path, "The certificate authority that verify-ca and verify-full trust. Left out: the system's."),
            new(Timeout, SettingType.Duration, "For one connection or command, and for one look whether old connections are closed.", Default: "15s"),
            new(FileMode, SettingType.Text, "The permissions of a file that is not there yet, as octal digits. An existing file keeps its own, and its owner.", Default: "0600"),
        ],
        [
            "https://www.pgbouncer.org/config.html",
            "https://www.pgbouncer.org/usage.html",
            "https://www.postgresql.org/docs/current/protocol-message-formats.html",
            "https://www.rfc-editor.org/rfc/rfc7677",
        ],
        [],
        Limits:
        [
            "Put the poolers in a lower `group` than the clients' own targets: then clients get the new login only when every pooler takes it.",
            "PgBouncer passes a SCRAM login on to the server only if its verifier is the server's, byte for byte. The `postgres` provider and this target make the same one from value, account and secret, so it needs no right to read pg_authid. Where something else sets the password at the server, use `entry: plain` or auth-query.",
            "A line that is good for the delivered value already is left as it is, whoever wrote it.",
            "The old account's line stays until its next turn: what ends it is the lock at the server. Let the `postgres` provider end its sessions (`endSessions`), else connections that the pooler keeps open live on.",
            "In place, the value going back is set anew at the server. If the line before the first rotation was a SCRAM verifier that Rotunda did not make, it no longer fits then: prefer alternate, or auth-query.",
            "A `user=` in `[databases]` logs everyone in as that user, so nothing could be proved: it is refused. That login itself is rotated by the target `pgbouncer-login`.",
            "Proving includes one login with a random wrong password for each pooler, which leaves a line in its log: a pooler that lets anyone in is refused.",
            "The file is on this machine (or mounted here). Poolers elsewhere that have a file of their own: use auth-query.",
        ],
        Permissions:
        [
            "To write the file and its folder and, where the file is another user's, to give files to that user.",
            "A user in `admin_users` of each pooler.",
            "With auth-query: none. The poolers' `auth_user` needs the lookup function, not Rotunda.",
        ],
        Arrival: "The primary's and, where there is one, the secondary's user log in through each pooler with the delivered value and run a query; a wrong password is refused. With `reconnect`, the poolers' old connections to the server are closed.",
        RollBack: "The users' lines get back what they were (lines that were not there go away), and the poolers read the file again. Other lines stay as they are by then. With auth-query there is nothing to put back.",
        Example: """
            version: 1
            secrets:
              orders-db:
                provider:
                  type: postgres
                  connection: env:PG_ADMIN
                  accounts: [orders_a, orders_b]
                  endSessions: true
                current: { id: orders_a, value: "file:./orders.env#DB_PASSWORD" }
                interval: 30d
                grace: 24h
                targets:
                  pooler:
                    type: pgbouncer
                    group: 0
                    path: /etc/pgbouncer/userlist.txt
                    users: [orders_a, orders_b]
                    poolers: ["127.0.0.1:6432"]
                    adminUser: rotunda
                    adminPassword: env:PGBOUNCER_ADMIN
                    database: orders
                  orders-env: { type: dotenv, group: 1, path: ./orders.env, keys: { DB_USER: "{username}", DB_PASSWORD: "{value}" } }
            """);
}
