using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Postgres;

internal static class PostgresDescriptor
{
    public const string Connection = "connection";
    public const string Host = "host";
    public const string Port = "port";
    public const string Database = "database";
    public const string User = "user";
    public const string Password = "password";
    public const string SslMode = "sslMode";
    public const string RootCertificate = "rootCertificate";
    public const string ConnectTimeout = "connectTimeout";
    public const string Accounts = "accounts";
    public const string Role = "role";
    public const string OwnerRole = "ownerRole";
    public const string CreateAccounts = "createAccounts";
    public const string LockRetired = "lockRetired";
    public const string EndSessions = "endSessions";
    public const string VerifyHost = "verifyHost";
    public const string VerifyPort = "verifyPort";
    public const string VerifyDatabase = "verifyDatabase";
    public const string VerifySql = "verifySql";
    public const string PasswordEncryption = "passwordEncryption";
    public const string SendAs = "sendAs";

    public const string LockByNoLogin = "nologin";
    public const string LockByScramble = "scramble";
    public const string AsVerifier = "verifier";
    public const string AsText = "text";
    public const string KeepForm = "keep";
    public const string ScramSha256 = "scram-sha-256";
    public const string Md5 = "md5";

    public static ProviderDescriptor Instance { get; } = new(
        "postgres",
        "PostgreSQL role passwords",
        "Passwords of PostgreSQL roles. With two roles taken in turn (alternate) nobody is locked out: the idle one gets the new password, clients move, the other is locked. With one role (in-place) the new password replaces the old one at once.",
        Abilities.ApplyValues | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ReportUse,
        [
            new(Connection, SettingType.Text, "The administrator's connection: `Host=…;Username=…;Password=…`, `host=… user=… password=…` or `postgresql://user:password@host/database?sslmode=require`. Instead of it, give `host`, `user` and `password`.", IsSecret: true),
            new(Host, SettingType.Text, "The server's name, address, or folder of its Unix socket. Left out if `connection` is given."),
            SettingDescriptor.ForPort(Port, "The server's port.", "5432"),
            new(Database, SettingType.Text, "The database to connect to.", Default: "postgres"),
            new(User, SettingType.Text, "The administrator's role. It needs CREATEROLE and, from PostgreSQL 16, the ADMIN OPTION on each account; the validation names the exact GRANT that is missing."),
            new(Password, SettingType.Text, "The administrator's password.", IsSecret: true),
            new(SslMode, SettingType.Choice, "How the connections are protected, for administration and verification. Left out: as `connection` says, else prefer.", Choices: ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]),
            new(RootCertificate, SettingType.Path, "The certificate authority that verify-ca and verify-full trust. Left out: the system's."),
            new(ConnectTimeout, SettingType.Duration, "How long a connection may take to open.", Default: "15s"),
            new(Accounts, SettingType.TextList, "With alternate: the two roles that are taken in turn."),
            new(Role, SettingType.Text, "With in-place: the one role."),
            new(OwnerRole, SettingType.Text, "With alternate: a NOLOGIN role that both accounts are members of and act as, so that what one creates belongs to the other too."),
            new(CreateAccounts, SettingType.Boolean, "With alternate: makes an account that does not exist yet, with the memberships and settings of the other one (and `SET role` to `ownerRole`, if that is given).", Default: "false"),
            new(LockRetired, SettingType.Choice, "How the retired account is locked at revoke: `nologin` (NOLOGIN, and its password taken away) or `scramble` (a password that nobody knows; the role keeps LOGIN).", Default: LockByNoLogin, Choices: [LockByNoLogin, LockByScramble]),
            new(EndSessions, SettingType.Boolean, "Ends the retired account's open sessions at revoke. Otherwise they live on until they close by themselves.", Default: "false"),
            new(VerifyHost, SettingType.Text, "Where applications log in, if not at the server itself: a pooler, say. New passwords are verified there. Left out: the server."),
            SettingDescriptor.ForPort(VerifyPort, "The port beside `verifyHost`. Left out: the server's."),
            new(VerifyDatabase, SettingType.Text, "The database that applications log in to. Left out: the administrator's."),
            new(VerifySql, SettingType.Text, "A statement that a login has to be able to run: `SELECT 1 FROM orders LIMIT 1`. It is run by each verification, in a read-only transaction that is taken back: with the login in use before anything is changed, with the new one before it is delivered. A login that cannot run it (a right, a table, a setting that it lacks) counts as one that cannot be used. Its result is not looked at."),
            new(PasswordEncryption, SettingType.Choice, "In what form the server keeps a new password, which decides what clients can log in: `scram-sha-256`, `md5` (old clients know no other), or `keep`: as the old one is kept (with alternate, that of the account in use). Left out: scram-sha-256, and the check warns where passwords are md5 until now.", Choices: [KeepForm, ScramSha256, Md5]),
            new(SendAs, SettingType.Choice, "How a new password goes to the server: `verifier`, so that the server never sees it, or `text`, where a managed service takes no verifier (Neon, or a password policy). Text needs TLS, and the server's log may hold it.", Default: AsVerifier, Choices: [AsVerifier, AsText]),
        ],
        [
            "https://www.postgresql.org/docs/current/sql-alterrole.html",
            "https://www.postgresql.org/docs/current/role-membership.html",
            "https://www.postgresql.org/docs/current/auth-pg-hba-conf.html",
            "https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING",
            "https://www.npgsql.org/doc/connection-string-parameters.html",
        ],
        [Strategy.Alternate, Strategy.InPlace],
        AccountsSetting: Accounts,
        AccountSetting: Role,
        Limits:
        [
            "PostgreSQL 14 to 18.",
            "Passwords are printable ASCII. They are sent as verifiers (SCRAM-SHA-256, or md5 if the policy says so), so the server's log never holds one.",
            "To tell whether a password is kept as md5, an administrator who may not read pg_authid has up to two logins refused on purpose, at each check. md5 can be read by who can read the server's files, and PostgreSQL 18 warns of it: keep it only as long as clients need it.",
            "passwordEncryption: md5, in-place, takes a role whose password is md5 already, or a server whose password_encryption is md5: whether pg_hba.conf lets md5 in could only be seen after the one password was replaced.",
            "A pooler that has the verifiers in a file (`pgbouncer` with `userlist`) gets SCRAM-SHA-256 verifiers; with md5 let it ask the server (auth_query).",
            "A role has one password: in-place, clients that have not got the new one cannot open new sessions (open ones stay).",
            "Verification also tries a random wrong password. Where pg_hba accepts it (trust), nothing can be proven: the setup is rejected until `verifyHost` names an address that asks for passwords.",
            "That try leaves one failed login in the server's log at each validation and verification.",
            "A credential in place is never locked by a revoke: its role is the one that everyone uses, and the new password has replaced the old one.",
            "The check compares what the two accounts own and are granted themselves, object by object in all databases; by which kinds of privilege (SELECT, INSERT, …) only in the database of the logins. What a role gets through others is compared by the roles it is a member of.",
            "createAccounts copies attributes, memberships and settings, not privileges granted to the other account directly: grant those to a role that both are members of. From PostgreSQL 16 the administrator needs the ADMIN OPTION on each of those roles.",
            "Evidence and endSessions look at the server that 'connection' names: sessions at its standbys (read replicas) are not seen, and a lock reaches those too. Where clients read there, ask for an approval before the revoke, and look there first (pg_stat_activity).",
            "Evidence counts open sessions now. Idle sessions that a pooler keeps of the old account count as use until it closes them: PgBouncer after server_idle_timeout (10 minutes), or by RECONNECT, not by RELOAD. The evidence then says since when none is active.",
            "endSessions needs the accounts' privileges or membership in pg_signal_backend.",
            "From PostgreSQL 16 memberships have options of their own (INHERIT, SET, ADMIN): what the two accounts may do by them is compared, and createAccounts gives the new account the other's. A membership that createAccounts grants has the administrator as its grantor, so that role cannot be dropped while it stands.",
            "The check runs what a rotation will do to the accounts, with a password that nobody knows, in a transaction that is rolled back. On a managed service (Amazon RDS and Aurora, Azure, Cloud SQL, AlloyDB, Neon, Supabase, Aiven, DigitalOcean), which it tells by its roles, it also looks for what the service keeps to itself: rds.restrict_password_commands, members of rds_iam or of Cloud SQL's IAM groups, Entra principals, Supabase's reserved roles. What it says of them was read in the services' documents and tried against stand-ins, not against the services.",
            "At Neon prefer `neon-roles`: Neon refuses verifiers, and only when a statement is committed, so no check beforehand can see it.",
            "With sendAs: text the server makes the verifier, so a pooler that has verifiers in a file (`pgbouncer` with `userlist`) needs `entry: plain`.",
            "If the server counts more sessions than it shows to the administrator, evidence cannot tell whether an account is in use: grant pg_read_all_stats.",
        ],
        Permissions:
        [
            "CREATEROLE, and from PostgreSQL 16 the ADMIN OPTION on each account (`GRANT orders_a, orders_b TO rotunda WITH ADMIN OPTION`). No superuser.",
            "For evidence and `endSessions`: the accounts' privileges, or membership in pg_read_all_stats and pg_signal_backend.",
        ],
        RollBack: "Alternate: the idle account is locked again; the one in use was never touched. In place: the old password is set again, if it is in the store.",
        Example: """
            version: 1
            secrets:
              orders-db:
                provider:
                  type: postgres
                  connection: env:PG_ADMIN
                  accounts: [orders_a, orders_b]
                  ownerRole: orders
                current: { id: orders_a, value: "file:./orders.env#DB_PASSWORD" }
                interval: 30d
                grace: 24h
                evidence: { quietFor: 10m, timeout: 2d }
                targets:
                  orders-env: { type: dotenv, path: ./orders.env, keys: { DB_USER: "{username}", DB_PASSWORD: "{value}" } }
                consumers:
                  orders-api: { type: http, instances: ["http://orders:8080"], reloadPath: /reload, healthPath: /healthz }
            """)
    {
        SystemSettings = [Connection, Host, Port],
        Costs =
        [
            new(
                SendAs,
                AsText,
                "The new password itself is in a statement: the server's log holds it if it logs statements (log_statement, pgaudit, log_min_duration_statement)."),
        ],
    };
}
