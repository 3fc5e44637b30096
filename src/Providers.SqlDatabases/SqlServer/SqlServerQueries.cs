namespace Rotunda.Providers.SqlDatabases.SqlServer;

/// <summary>What is asked of a server. Nothing here changes anything; names and SIDs are parameters.</summary>
internal static class SqlServerQueries
{
    /// <summary>One row: what the server is, and what the session's own login may do there.</summary>
    public const string Server = """
        SELECT CONVERT(int, SERVERPROPERTY('EngineEdition')), CONVERT(nvarchar(128), SERVERPROPERTY('ServerName')),
            CONVERT(nvarchar(128), SERVERPROPERTY('ProductVersion')), ISNULL(CONVERT(int, SERVERPROPERTY('IsHadrEnabled')), 0),
            HAS_PERMS_BY_NAME(NULL, NULL, 'ALTER ANY LOGIN'), HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DEFINITION'),
            HAS_PERMS_BY_NAME(NULL, NULL, 'CONTROL SERVER'), HAS_PERMS_BY_NAME(NULL, NULL, 'ALTER ANY CONNECTION'),
            CASE WHEN HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE') = 1
                OR HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER PERFORMANCE STATE') = 1 THEN 1 ELSE 0 END;
        """;

    /// <summary>One row: what the database is, and what the session's own user may do there.</summary>
    public const string Home = """
        SELECT CONVERT(int, SERVERPROPERTY('EngineEdition')), DB_NAME(),
            CASE WHEN CONVERT(nvarchar(60), DATABASEPROPERTYEX(DB_NAME(), 'Updateability')) = N'READ_ONLY' THEN 1 ELSE 0 END,
            HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'ALTER ANY USER'), HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'VIEW DEFINITION'),
            HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'KILL DATABASE CONNECTION'),
            CASE WHEN HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'VIEW DATABASE STATE') = 1
                OR HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'VIEW DATABASE PERFORMANCE STATE') = 1 THEN 1 ELSE 0 END,
            HAS_PERMS_BY_NAME(NULL, NULL, 'ALTER ANY CONNECTION'),
            CASE WHEN HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE') = 1
                OR HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER PERFORMANCE STATE') = 1 THEN 1 ELSE 0 END;
        """;

    /// <summary>A row for each of the two that exists.</summary>
    public const string Logins = """
        SELECT name, CONVERT(nvarchar(172), sid, 1), CONVERT(int, is_disabled), default_database_name, default_language_name,
            CONVERT(int, is_expiration_checked), ISNULL(CONVERT(int, LOGINPROPERTY(name, 'DaysUntilExpiration')), -1),
            ISNULL(CONVERT(int, LOGINPROPERTY(name, 'IsLocked')), 0)
        FROM sys.sql_logins WHERE name IN (@first, @second) ORDER BY name;
        """;

    /// <summary>What a login has on the server itself: kind, state, name, target. Names and permissions differ in collation.</summary>
    public const string ServerRights = """
        SELECT N'role', N'', r.name COLLATE DATABASE_DEFAULT, N'' FROM sys.server_role_members m
            JOIN sys.server_principals r ON r.principal_id = m.role_principal_id
            JOIN sys.server_principals l ON l.principal_id = m.member_principal_id WHERE l.name = @name
        UNION ALL
        SELECT N'permission', p.state_desc COLLATE DATABASE_DEFAULT, p.permission_name COLLATE DATABASE_DEFAULT, CASE p.class
            WHEN 100 THEN N''
            WHEN 101 THEN N'LOGIN::' + QUOTENAME((SELECT g.name COLLATE DATABASE_DEFAULT FROM sys.server_principals g
                WHERE g.principal_id = p.major_id))
            WHEN 105 THEN N'ENDPOINT::' + QUOTENAME((SELECT e.name COLLATE DATABASE_DEFAULT FROM sys.endpoints e
                WHERE e.endpoint_id = p.major_id))
            ELSE p.class_desc COLLATE DATABASE_DEFAULT + N' ' + CONVERT(nvarchar(12), p.major_id) END
            FROM sys.server_permissions p JOIN sys.server_principals l ON l.principal_id = p.grantee_principal_id WHERE l.name = @name;
        """;

    /// <summary>Each database that is online: its name, whether it can be entered, and which of the two SIDs owns it.</summary>
    public const string Databases = """
        SELECT name, ISNULL(HAS_DBACCESS(name), 0), CASE WHEN owner_sid = CONVERT(varbinary(85), @first, 1) THEN 1
            WHEN owner_sid = CONVERT(varbinary(85), @second, 1) THEN 2 ELSE 0 END
        FROM sys.databases WHERE state = 0 AND name NOT IN (N'tempdb', N'model') ORDER BY name;
        """;

    /// <summary>The users of this database that are one of the two, by SID or by name.</summary>
    public const string Users = """
        SELECT name, CONVERT(nvarchar(172), sid, 1), ISNULL(default_schema_name, N''), CONVERT(int, authentication_type)
        FROM sys.database_principals WHERE type = 'S' AND (sid IN (CONVERT(varbinary(85), @firstSid, 1),
            CONVERT(varbinary(85), @secondSid, 1)) OR name IN (@first, @second)) ORDER BY name;
        """;

    /// <summary>What a user has in this database: kind, state, name, target.</summary>
    public const string Rights = """
        SELECT N'role', N'', r.name COLLATE DATABASE_DEFAULT, N'' FROM sys.database_role_members m
            JOIN sys.database_principals r ON r.principal_id = m.role_principal_id
            WHERE m.member_principal_id = DATABASE_PRINCIPAL_ID(@name)
        UNION ALL
        SELECT N'permission', p.state_desc COLLATE DATABASE_DEFAULT, p.permission_name COLLATE DATABASE_DEFAULT, CASE p.class
            WHEN 0 THEN N''
            WHEN 1 THEN N'OBJECT::' + QUOTENAME(OBJECT_SCHEMA_NAME(p.major_id) COLLATE DATABASE_DEFAULT) + N'.'
                + QUOTENAME(OBJECT_NAME(p.major_id) COLLATE DATABASE_DEFAULT) + CASE WHEN p.minor_id > 0
                THEN N'(' + QUOTENAME(COL_NAME(p.major_id, p.minor_id) COLLATE DATABASE_DEFAULT) + N')' ELSE N'' END
            WHEN 3 THEN N'SCHEMA::' + QUOTENAME(SCHEMA_NAME(p.major_id) COLLATE DATABASE_DEFAULT)
            ELSE p.class_desc COLLATE DATABASE_DEFAULT + N' ' + CONVERT(nvarchar(12), p.major_id) END
            FROM sys.database_permissions p WHERE p.grantee_principal_id = DATABASE_PRINCIPAL_ID(@name)
        UNION ALL
        SELECT N'owner', N'', s.name COLLATE DATABASE_DEFAULT, N'SCHEMA::' + QUOTENAME(s.name COLLATE DATABASE_DEFAULT)
            FROM sys.schemas s WHERE s.principal_id = DATABASE_PRINCIPAL_ID(@name)
        UNION ALL
        SELECT N'owner', N'', o.name COLLATE DATABASE_DEFAULT, N'OBJECT::' + QUOTENAME(SCHEMA_NAME(o.schema_id) COLLATE DATABASE_DEFAULT)
            + N'.' + QUOTENAME(o.name COLLATE DATABASE_DEFAULT) FROM sys.objects o
            WHERE o.principal_id = DATABASE_PRINCIPAL_ID(@name);
        """;

    /// <summary>The replicas of each availability group on this instance, with each database of the group.</summary>
    public const string Replicas = """
        SELECT g.name, r.replica_server_name, d.database_name FROM sys.availability_groups g
            JOIN sys.availability_replicas r ON r.group_id = g.group_id
            JOIN sys.availability_databases_cluster d ON d.group_id = g.group_id ORDER BY g.name, r.replica_server_name, d.database_name;
        """;

    /// <summary>As <see cref="Replicas"/>, from SQL Server 2022: without groups that have logins of their own.</summary>
    public const string ReplicasSince2022 = """
        SELECT g.name, r.replica_server_name, d.database_name FROM sys.availability_groups g
            JOIN sys.availability_replicas r ON r.group_id = g.group_id
            JOIN sys.availability_databases_cluster d ON d.group_id = g.group_id WHERE g.is_contained = 0
            ORDER BY g.name, r.replica_server_name, d.database_name;
        """;

    /// <summary>The open sessions of a login, the oldest first; without the right to see all, only the asking one. Never by name: users of
    /// databases, and logins whose names differ by case, may have the same.</summary>
    public const string LoginSessions = $"""
        {Sessions}
            AND s.original_security_id = CONVERT(varbinary(85), @sid, 1) ORDER BY s.login_time, s.session_id;
        """;

    /// <summary>The same of a user that this database holds itself, let in by it: the same SID may be in a copy of the database, and the
    /// same name elsewhere. Whether the SID of a session is the user's is not told for every version, so where it is nobody's else, the
    /// name counts. At Azure SQL Database only sessions of this database are seen.</summary>
    public const string UserSessions = $"""
        {Sessions}
            AND {IsOfUser}
            ORDER BY s.login_time, s.session_id;
        """;

    /// <summary>Needs @sid and @name.</summary>
    public const string IsOfUser = """
        (s.authenticating_database_id = DB_ID() OR CONVERT(int, SERVERPROPERTY('EngineEdition')) = 5)
            AND (s.original_security_id = CONVERT(varbinary(85), @sid, 1) OR s.original_login_name = @name
                AND s.authenticating_database_id <> 0 AND NOT EXISTS (SELECT * FROM sys.database_principals p
                    WHERE p.sid = s.original_security_id AND p.name <> @name))
        """;

    private const string Sessions = """
        SELECT CONVERT(int, s.session_id), ISNULL(s.program_name, N''), ISNULL(s.host_name, N''),
            DATEDIFF(minute, s.login_time, GETDATE()) FROM sys.dm_exec_sessions s WHERE s.is_user_process = 1
        """;

    /// <summary>The login that the session came in by, and the database that it is in.</summary>
    public const string Self = "SELECT ORIGINAL_LOGIN(), DB_NAME();";
}
