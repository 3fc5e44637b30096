using Rotunda.Rotation.Words;

namespace Rotunda.Providers.SqlDatabases.SqlServer;

internal static class SqlServerDescriptor
{
    public const string Server = "server";
    public const string Replicas = "replicas";
    public const string Logins = "logins";
    public const string Kind = "kind";
    public const string Database = "database";
    public const string Databases = "databases";
    public const string User = "user";
    public const string Password = "password";
    public const string Encrypt = "encrypt";
    public const string ServerCertificate = "serverCertificate";
    public const string CertificateName = "certificateName";
    public const string ConnectTimeout = "connectTimeout";
    public const string EndSessions = "endSessions";

    public const string Login = "login";
    public const string ContainedUser = "contained-user";
    public const string Mandatory = "mandatory";
    public const string Strict = "strict";
    public const string Optional = "optional";

    public static ProviderDescriptor Instance { get; } = new(
        "sqlserver-logins",
        "SQL Server logins",
        "Passwords of SQL Server logins, two taken in turn: the idle one gets the new password, clients move, the other is disabled. Also of users that a database holds itself (Azure SQL Database), and of logins on every replica of an availability group.",
        Abilities.ApplyValues | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ReportUse,
        [
            new(Server, SettingType.Text, "Where applications log in: `HOST`, `HOST,PORT` or `HOST\\INSTANCE`, over TCP. Of an availability group its listener; at Azure `NAME.database.windows.net`.", Required: true),
            new(Replicas, SettingType.TextList, "With an availability group: the address of each replica itself. Logins are no part of the group, so each replica is changed, verified and locked by itself."),
            new(Logins, SettingType.TextList, "The names of the two logins (or users) that are taken in turn. Both have to exist.", Required: true),
            new(Kind, SettingType.Choice, "What they are: `login` (of the server), or `contained-user` (a user that `database` holds itself, with a password; at Azure SQL Database take these).", Default: Login, Choices: [Login, ContainedUser]),
            new(Database, SettingType.Text, "The database that applications log in to. Each password is tried there. Left out: each login's own default database."),
            new(Databases, SettingType.TextList, "The databases in which the users and permissions of the two logins are compared. Left out: all that are online, and Rotunda's login has to be let into each."),
            new(User, SettingType.Text, "The login (or user) as which Rotunda comes in. Not one of the two.", Required: true),
            new(Password, SettingType.Text, "That login's password.", Required: true, IsSecret: true),
            new(Encrypt, SettingType.Choice, "How connections are protected: `mandatory` (TLS, and the server's certificate is checked), `strict` (TLS before anything else, from SQL Server 2022) or `optional` (only on this machine).", Default: Mandatory, Choices: [Mandatory, Strict, Optional]),
            new(ServerCertificate, SettingType.Path, "A file with the server's own certificate (PEM or DER), where no authority vouches for it, as with the one that SQL Server makes for itself: this one is trusted, and no other. Certificates are never taken unseen (there is no `TrustServerCertificate`)."),
            new(CertificateName, SettingType.Text, "The name in the server's certificate. Left out: that of `server` (or of the replica)."),
            new(ConnectTimeout, SettingType.Duration, "How long a connection may take to open, and a statement to be answered.", Default: "15s"),
            new(EndSessions, SettingType.Boolean, "Ends the retired login's open sessions at revoke (KILL). Otherwise they live on until they close by themselves.", Default: "false"),
        ],
        [
            "https://learn.microsoft.com/en-us/sql/t-sql/statements/alter-login-transact-sql",
            "https://learn.microsoft.com/en-us/sql/t-sql/statements/alter-user-transact-sql",
            "https://learn.microsoft.com/en-us/sql/relational-databases/security/password-policy",
            "https://learn.microsoft.com/en-us/sql/relational-databases/errors-events/mssqlserver-18456-database-engine-error",
            "https://learn.microsoft.com/en-us/sql/relational-databases/system-dynamic-management-views/sys-dm-exec-sessions-transact-sql",
            "https://learn.microsoft.com/en-us/sql/database-engine/availability-groups/windows/logins-and-jobs-for-availability-group-databases",
            "https://learn.microsoft.com/en-us/sql/relational-databases/databases/contained-databases",
            "https://learn.microsoft.com/en-us/sql/connect/ado-net/connection-string-syntax",
        ],
        [Strategy.Alternate],
        AccountsSetting: Logins,
        Limits:
        [
            "Tested with Microsoft's own driver (Microsoft.Data.SqlClient) against a strict stand-in of the protocol (TDS, with and without TLS), and every statement against Microsoft's own parser of T-SQL. No real SQL Server or Azure SQL Database was had: what the server's errors and views say is taken from its documents. Try it on a copy first.",
            "SQL Server 2016 and later, and Azure SQL Managed Instance. Azure SQL Database with kind: contained-user only. SQL logins only, no Windows or Entra logins.",
            "Logins live per instance. The replicas of an availability group that holds a database of the two have to be named in `replicas`, and each login needs the same SID on all of them (CREATE LOGIN … WITH SID = …), or its users are orphans after a failover. Contained availability groups have logins of their own: there name the listener alone. Which replicas there are is not looked at then.",
            "The check before a rotation compares the two on each instance (roles, permissions, default database and language) and in each database (users, SIDs, roles, permissions, schemas and objects owned), and says the statement that mends each difference. What one gets through a role is compared by the role alone.",
            "CHECK_POLICY decides about passwords. One that is too short or too long (errors 15116, 15117, 33062, 33063, 40630, 40631) is refused until `value` is changed; for one that is not complex enough, or was used before (15115, 15118, 15119, 33064, 40632), another one is made, a few times; where the last one was set too recently (15114), it is tried again later. MUST_CHANGE is never set.",
            "Passwords have 1 to 128 characters and no control characters. They are sent in the statement, as ALTER LOGIN takes them no other way; SQL Server keeps such statements out of its traces and logs.",
            "A retired login is disabled and keeps its password: who enables it brings the old password back, until the next rotation sets another one. A retired contained user gets a random password that is kept nowhere, and nothing tells it from another one.",
            "Open sessions, and those in a client's pool, live on after a revoke, unless `endSessions` is set: it ends them at each of `replicas`, else at `server` alone. Sessions are told by the SID that they came in by, as another database, or a server that tells upper from lower case, may have somebody else of the same name.",
            "Of a contained user, sessions at read-only secondaries and geo-replicas are neither counted nor ended.",
            "The evidence counts the sessions that are open now, at each replica (sys.dm_exec_sessions). A client that connects only now and then is not seen between. Without the right to see all sessions one sees only oneself, so the right itself is looked for, and without it nothing is told.",
            "Why a login is refused (the state behind error 18456) stands in the server's log only: a wrong password and an unknown login look alike. A login that is locked out (18486) is told as unknown, as its password is not tried.",
            "The driver needs culture data (ICU): under DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 it refuses every connection, and the check says so.",
        ],
        Permissions:
        [
            "For logins: `ALTER ANY LOGIN`, `VIEW ANY DEFINITION` and `CONNECT ANY DATABASE` (to compare the two in every database). `CONTROL SERVER` only if one of the two is a sysadmin or has it.",
            "For the evidence `VIEW SERVER STATE` (from SQL Server 2022 `VIEW SERVER PERFORMANCE STATE` is enough). For `endSessions` also `ALTER ANY CONNECTION`.",
            "For contained users, in the database: `ALTER ANY USER` and `VIEW DEFINITION`; for the evidence at Azure `VIEW DATABASE STATE`, for `endSessions` there `KILL DATABASE CONNECTION`.",
        ],
        RollBack: "The idle login is disabled again (a contained user gets a password that nobody knows); the one in use was never touched.",
        Example: """
            version: 1
            secrets:
              orders-sql:
                provider:
                  type: sqlserver-logins
                  server: "orders-listener.example.com,1433"
                  replicas: ["sql1.example.com,1433", "sql2.example.com,1433"]
                  logins: [orders_a, orders_b]
                  database: orders
                  user: rotunda
                  password: env:SQL_ROTUNDA_PASSWORD
                current: { id: orders_a, value: "file:./orders.env#SQL_PASSWORD" }
                interval: 90d
                grace: 1d
                evidence: { quietFor: 10m, timeout: 2d }
                targets:
                  orders-env: { type: dotenv, path: ./orders.env, keys: { SQL_USER: "{username}", SQL_PASSWORD: "{value}" } }
                consumers:
                  orders-api: { type: http, instances: ["http://orders:8080"], reloadPath: /reload, healthPath: /healthz }
            """)
    {
        SystemSettings = [Server],
        DefaultValue = new ValueRule(ValueFormat.Text, 40),
        RepeatsApply = true,
    };
}
