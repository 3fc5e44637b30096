using Npgsql;

namespace Rotunda.Providers.Databases.Postgres;

/// <summary>What two accounts are compared by.</summary>
internal sealed partial class PostgresClient
{
    /// <summary>How a role stands to the groups that another (or itself) is a direct member of, those included that it is no member
    /// of. A superuser may do everything.</summary>
    public async Task<IReadOnlyList<PostgresMembership>> MembershipsOfAsync(
        string role,
        string groupsOf,
        CancellationToken cancellationToken)
    {
        await using var command = Command(
            $"""
            SELECT g.rolname, pg_has_role($1::name, g.oid, 'MEMBER'), pg_has_role($1::name, g.oid, 'USAGE'),
                   pg_has_role($1::name, g.oid, '{SetOption}'), pg_has_role($1::name, g.oid, 'MEMBER WITH ADMIN OPTION')
            FROM pg_roles g
            WHERE g.oid IN (SELECT m.roleid FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = $2)
            ORDER BY 1
            """,
            role,
            groupsOf);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<PostgresMembership>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new(reader.GetString(0), reader.GetBoolean(1), reader.GetBoolean(2), reader.GetBoolean(3), reader.GetBoolean(4)));
        }

        return found;
    }

    /// <summary>Groups of a role whose members the administrator may not make. Before PostgreSQL 16 CREATEROLE is enough for all but
    /// superusers.</summary>
    public async Task<IReadOnlyList<string>> GroupsNotAdministeredAsync(string role, CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            SELECT DISTINCT g.rolname FROM pg_auth_members m
            JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member
            WHERE r.rolname = $1 AND NOT EXISTS (SELECT FROM pg_auth_members a
                WHERE a.roleid = g.oid AND a.admin_option AND pg_has_role(current_user, a.member, 'USAGE'))
            ORDER BY 1
            """,
            role);
        return await NamesAsync(command, cancellationToken);
    }

    /// <summary>Those of the names that are roles.</summary>
    public async Task<IReadOnlyList<string>> ExistingAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT rolname FROM pg_roles WHERE rolname = ANY ($1)", _connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. names] });
        return await NamesAsync(command, cancellationToken);
    }

    /// <summary>A member by grants, not as a superuser; false if either is no role.</summary>
    public async Task<bool> IsMemberOfAsync(string role, string group, CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            WITH RECURSIVE groups(id) AS (
                SELECT m.roleid FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = $1
                UNION SELECT m.roleid FROM pg_auth_members m JOIN groups g ON g.id = m.member)
            SELECT EXISTS (SELECT FROM groups JOIN pg_roles r ON r.oid = id WHERE r.rolname = $2)
            """,
            role,
            group);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Azure marks such a role with a label.</summary>
    public async Task<bool> IsEntraPrincipalAsync(string role, CancellationToken cancellationToken)
    {
        await using var command = Command(
            "SELECT EXISTS (SELECT FROM pg_shseclabel l JOIN pg_roles r ON r.oid = l.objoid AND l.classoid = 'pg_authid'::regclass "
                + "WHERE l.provider = 'pgaadauth' AND r.rolname = $1)",
            role);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Null if this server has no such setting, or does not show it.</summary>
    public async Task<string?> SettingAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = Command("SELECT current_setting($1, true)", name);
            return await command.ExecuteScalarAsync(cancellationToken) as string;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return null;
        }
    }

    /// <summary>Also by way of others; a superuser is a member of all.</summary>
    public async Task<bool> IsMemberAsync(string role, string group, CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT pg_has_role($1::name, $2::name, 'MEMBER')", role, group);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>What hangs on a role itself and not on the other one: what it owns, what names it in its privileges, and policies. Rights
    /// that a role has through others are not looked at, nor are temporary tables.</summary>
    /// <param name="defaultsApart">The default privileges of this database are looked at by themselves.</param>
    public async Task<IReadOnlyList<PostgresDependent>> DependentsAsync(
        string role,
        string other,
        bool defaultsApart,
        CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            WITH named AS (SELECT r.rolname, s.dbid, s.classid, s.objid, s.objsubid, s.deptype FROM pg_shdepend s
                JOIN pg_roles r ON r.oid = s.refobjid AND s.refclassid = 'pg_authid'::regclass
                WHERE r.rolname IN ($1, $2) AND s.deptype IN ('o', 'a', 'r'))
            SELECT coalesce(d.datname, 'all databases'), s.deptype::text,
                   CASE WHEN s.dbid = 0 OR d.datname = current_database() THEN pg_describe_object(s.classid, s.objid, s.objsubid) END
            FROM named s LEFT JOIN pg_database d ON d.oid = s.dbid
            WHERE s.rolname = $1
                AND NOT ($3::boolean AND s.classid = 'pg_default_acl'::regclass AND d.datname = current_database())
                AND NOT (s.classid = 'pg_class'::regclass AND d.datname = current_database()
                    AND EXISTS (SELECT FROM pg_class c WHERE c.oid = s.objid AND c.relpersistence = 't'))
                AND NOT EXISTS (SELECT FROM named o WHERE o.rolname = $2
                    AND (o.dbid, o.classid, o.objid) = (s.dbid, s.classid, s.objid)
                    AND (o.deptype = 'o' OR o.deptype = s.deptype AND o.objsubid IN (0, s.objsubid)))
            ORDER BY 1, 3
            """,
            role,
            other,
            defaultsApart ? "true" : "false");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<PostgresDependent>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new(
                reader.GetString(0),
                reader.GetString(1) switch
                {
                    "o" => PostgresDependency.Owned,
                    "a" => PostgresDependency.Granted,
                    _ => PostgresDependency.Policy,
                },
                await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetString(2)));
        }

        return found;
    }

    /// <summary>What a role may do with objects of this database beyond what the other one may, where both are named in their
    /// privileges.</summary>
    public async Task<IReadOnlyList<PostgresDependent>> MorePrivilegesAsync(
        string role, string other, CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            WITH acls(class, id, sub, acl) AS (
                SELECT 'pg_class'::regclass, oid, 0, relacl FROM pg_class
                UNION ALL SELECT 'pg_class'::regclass, attrelid, attnum::int, attacl FROM pg_attribute WHERE attacl IS NOT NULL
                UNION ALL SELECT 'pg_namespace'::regclass, oid, 0, nspacl FROM pg_namespace
                UNION ALL SELECT 'pg_proc'::regclass, oid, 0, proacl FROM pg_proc
                UNION ALL SELECT 'pg_type'::regclass, oid, 0, typacl FROM pg_type
                UNION ALL SELECT 'pg_language'::regclass, oid, 0, lanacl FROM pg_language
                UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid, 0, fdwacl FROM pg_foreign_data_wrapper
                UNION ALL SELECT 'pg_foreign_server'::regclass, oid, 0, srvacl FROM pg_foreign_server
                UNION ALL SELECT 'pg_largeobject'::regclass, oid, 0, lomacl FROM pg_largeobject_metadata
                UNION ALL SELECT 'pg_tablespace'::regclass, oid, 0, spcacl FROM pg_tablespace
                UNION ALL SELECT 'pg_database'::regclass, oid, 0, datacl FROM pg_database WHERE datname = current_database()),
            named AS (SELECT r.rolname, class, id, sub, a.privilege_type AS may
                FROM acls CROSS JOIN LATERAL aclexplode(acl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
                WHERE r.rolname IN ($1, $2) OR a.grantee = 0)
            SELECT current_database()::text, string_agg(DISTINCT n.may, ', ') || ' on ' || pg_describe_object(n.class, n.id, n.sub)
            FROM named n WHERE n.rolname = $1
                AND EXISTS (SELECT FROM named o WHERE o.rolname = $2 AND (o.class, o.id) = (n.class, n.id) AND o.sub IN (0, n.sub))
                AND NOT EXISTS (SELECT FROM named o WHERE (o.rolname = $2 OR o.rolname IS NULL)
                    AND (o.class, o.id, o.may) = (n.class, n.id, n.may) AND o.sub IN (0, n.sub))
            GROUP BY n.class, n.id, n.sub HAVING pg_describe_object(n.class, n.id, n.sub) IS NOT NULL
            """,
            role,
            other);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<PostgresDependent>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new(reader.GetString(0), PostgresDependency.More, reader.GetString(1)));
        }

        return found;
    }

    /// <summary>What these roles get of objects that are made from now on, and what others get of theirs, in this database.</summary>
    public async Task<IReadOnlyCollection<DefaultPrivilege>> DefaultPrivilegesAsync(
        IReadOnlyList<string> roles, CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            SELECT m.rolname, coalesce(n.nspname, ''), CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES'
                       WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS'
                       WHEN 'L' THEN 'LARGE OBJECTS' END,
                   coalesce(g.rolname, ''), a.privilege_type
            FROM pg_default_acl d JOIN pg_roles m ON m.oid = d.defaclrole LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
            CROSS JOIN LATERAL aclexplode(d.defaclacl) a LEFT JOIN pg_roles g ON g.oid = a.grantee
            WHERE (m.rolname IN ($1, $2) OR g.rolname IN ($1, $2)) AND a.grantee <> d.defaclrole
                AND d.defaclobjtype IN ('r', 'S', 'f', 'T', 'n', 'L')
            """,
            roles[0],
            roles[1]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new HashSet<DefaultPrivilege>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4)));
        }

        return found;
    }

    /// <summary>The role's own settings (ALTER ROLE … SET), with the database where they hold for one only.</summary>
    public async Task<IReadOnlyList<(string? Database, string Name, string Value)>> RoleSettingsAsync(
        string role,
        CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            SELECT d.datname, entry FROM pg_db_role_setting s
            JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) AS entry
            WHERE r.rolname = $1 ORDER BY 1 NULLS FIRST, 2
            """,
            role);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var settings = new List<(string?, string, string)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var entry = reader.GetString(1);
            var equals = entry.IndexOf('=');
            settings.Add(
                (await reader.IsDBNullAsync(0, cancellationToken) ? null : reader.GetString(0), entry[..equals], entry[(equals + 1)..]));
        }

        return settings;
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }
}
