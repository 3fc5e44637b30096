using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.PgBouncer;

internal static class PoolerLoginDescriptor
{
    public const string Path = "path";
    public const string Databases = "databases";
    public const string Login = "login";
    public const string UserList = "userlist";
    public const string Users = "users";
    public const string ClientUser = "clientUser";
    public const string ClientPassword = "clientPassword";

    public const string User = "user";
    public const string AuthUser = "auth-user";

    public static ProviderDescriptor Instance { get; } = new(
        "pgbouncer-login",
        "PgBouncer's own login",
        "A target that is the login by which PgBouncer itself enters PostgreSQL: `user=` and `password=` of entries in `[databases]`, or the `auth_user` that looks passwords up. The values are replaced where they stand, the poolers read the file again, and their connections to the server are made anew. Clients log in to the pooler as before.",
        Abilities.DeliverValues | Abilities.ConfirmSync,
        [
            new(Path, SettingType.Path, "The file in which the login stands: `pgbouncer.ini`, or the file that it includes (`%include`). It has to be there, and its folder is writable; a symbolic link is followed.", Required: true),
            new(Databases, SettingType.TextList, "The entries of `[databases]` whose login this secret is, as the file names them; `*` is the fallback entry. Left out with `login: auth-user`: the `auth_user` of the section `[pgbouncer]`."),
            new(Login, SettingType.Choice, "`user`: the entries' `user=` and `password=`, by which all clients of these databases reach the server. `auth-user`: the user that runs `auth_query`; its password stands in `userlist`.", Default: User, Choices: [User, AuthUser]),
            new(UserList, SettingType.Path, "The file that `auth_file` names, if the password stands there: with entries that have `user=` and no `password=`, and with auth-user."),
            new(Users, SettingType.TextList, "With `userlist`: the users whose lines there this secret owns; with alternate, both accounts. No other line is touched."),
            new(PgBouncerDescriptor.Poolers, SettingType.TextList, "Where the poolers listen, such as `10.0.0.5:6432`, `[::1]:6432` or the folder of a Unix socket, `/var/run/postgresql:6432`. Every one of them must agree.", Required: true),
            new(PgBouncerDescriptor.AdminUser, SettingType.Text, "A user of `admin_users`, for RELOAD and RECONNECT, and to see the connections.", Required: true),
            new(PgBouncerDescriptor.AdminPassword, SettingType.Text, "That user's password. Left out: the pooler asks for none (a Unix socket and its own system user).", IsSecret: true),
            new(ClientUser, SettingType.Text, "A client of the pooler, by whose login it is proved that the pooler gets through. It needs no right at the server. Left out: `adminUser`. With auth-user it is needed, and has to be a role of the server that has no line in `userlist`: the pooler is made to look it up."),
            new(ClientPassword, SettingType.Text, "That client's password, where `clientUser` is given. With auth-user it may be left out: the client is looked up all the same, and then refused.", IsSecret: true),
            new(PgBouncerDescriptor.Database, SettingType.Text, "The database of that login, as clients name it. Left out: each of `databases`. Needed with `*`, and with auth-user for all databases."),
            new(PgBouncerDescriptor.SslMode, SettingType.Choice, "How the connections to the poolers are protected.", Default: "prefer", Choices: ["disable", "prefer", "require", "verify-ca", "verify-full"]),
            new(PgBouncerDescriptor.RootCertificate, SettingType.Path, "The certificate authority that verify-ca and verify-full trust. Left out: the system's."),
            new(PgBouncerDescriptor.Timeout, SettingType.Duration, "For one connection or command, and for one look whether old connections are closed.", Default: "15s"),
        ],
        [
            "https://www.pgbouncer.org/config.html",
            "https://www.pgbouncer.org/usage.html",
            "https://github.com/pgbouncer/pgbouncer/blob/master/src/loader.c",
        ],
        [],
        Limits:
        [
            "Prefer `alternate` with two roles: the pooler goes from one to the other, and no client notices. In place, whatever the pooler opens between the change at the server and RELOAD is refused, and its clients with it.",
            "RELOAD alone keeps connections that were opened with the old password (until `server_lifetime`). So RECONNECT follows where they are left: each is replaced when its client lets go of it. In session pooling that is when the client logs out: arrival waits for it.",
            "RELOAD and RECONNECT break off a login of the pooler that is just under way, and PgBouncer turns clients away until `server_login_retry` is over if it has no other connection then. Rotunda waits for a moment in which none is under way; set `server_login_retry = 1` in pgbouncer.ini, so that the one in many thousands does not last.",
            "The entries must have their `user=`, and a `password=` or, with `userlist`, none: what stands in the file is replaced, nothing is added. An entry without `user=` passes the clients' own logins on; for those there is `pgbouncer`.",
            "With `login: auth-user` for all databases, an entry `*` without an `auth_user=` of its own is refused: in databases that PgBouncer has opened by `*`, it keeps the old user after RELOAD. Write `auth_user=` there, and name `*` in `databases`. The entry is looked for in the file and in those that it includes by their full names.",
            "A password stands in the file as it is: PgBouncer can log in with nothing else. Everyone who can read the file can log in.",
            "The clients' own logins are another secret: target `pgbouncer`.",
            "Passwords are printable ASCII. PgBouncer before 1.14 cuts them off after 127 to 159 characters.",
            "The file is on this machine (or mounted here).",
        ],
        Permissions:
        [
            "To write the file (and `userlist`) and its folder and, where it is another user's, to give files to that user.",
            "A user in `admin_users` of each pooler.",
        ],
        Arrival: "Every pooler names the new user for the databases (SHOW DATABASES), has no connection from before RECONNECT left, and a client that logs in through it reaches the server as the new user. With auth-user: `clientUser` is looked up, and SHOW SERVERS has a connection of the new auth_user.",
        RollBack: "What stood in those places is put back, the poolers read it again, and their connections are replaced once more. Lines of `userlist` go back only when every pooler has the earlier name again. Everything else in the file stays as it is by then.",
        Example: """
            version: 1
            secrets:
              orders-pool:
                provider:
                  type: postgres
                  connection: env:PG_ADMIN
                  accounts: [pool_a, pool_b]
                  ownerRole: orders
                current: { id: pool_a, value: "file:./pool.env#POOL_PASSWORD" }
                interval: 30d
                grace: 24h
                evidence: { quietFor: 10m, timeout: 2d }
                targets:
                  pooler:
                    type: pgbouncer-login
                    path: /etc/pgbouncer/pgbouncer.ini
                    databases: [orders, reports]
                    poolers: ["127.0.0.1:6432"]
                    adminUser: rotunda
                    adminPassword: env:PGBOUNCER_ADMIN
            """);
}
