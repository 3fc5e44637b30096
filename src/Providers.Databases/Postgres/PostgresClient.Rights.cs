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

    /// <summary>What hangs on a role itself, by database: how many objects it owns, and how many name it in their privileges. Rights that
    /// it has through others are not counted.</summary>
    /// <param name="database">Its default privileges are looked at by themselves.</param>
    public async Task<IReadOnlyList<(string Database, int Owned, int Granted)>> DependentsAsync(
        string role,
        string database,
        CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            SELECT coalesce(d.datname, 'all databases'), count(*) FILTER (WHERE s.deptype = 'o')::int,
                   count(*) FILTER (WHERE s.deptype = 'a')::int
            FROM pg_shdepend s JOIN pg_roles r ON r.oid = s.refobjid AND s.refclassid = 'pg_authid'::regclass
            LEFT JOIN pg_database d ON d.oid = s.dbid
            WHERE r.rolname = $1 AND s.deptype IN ('o', 'a') AND NOT (s.classid = 'pg_default_acl'::regclass AND d.datname = $2)
            GROUP BY 1 ORDER BY 1
            """,
            role,
            database);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<(string, int, int)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add((reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2)));
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
