namespace Rotunda.Providers.Databases.Postgres;

/// <summary>What two accounts are compared by.</summary>
internal sealed partial class PostgresClient
{
    /// <summary>Those roles of which the one is a direct member, and the other no member at all.</summary>
    public async Task<IReadOnlyList<string>> MembershipsOfOneAsync(string one, string other, CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        foreach (var group in await MembershipsAsync(one, cancellationToken))
        {
            if (group != other && !await IsMemberAsync(other, group, cancellationToken))
            {
                missing.Add(group);
            }
        }

        return missing;
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
                       WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' ELSE 'SCHEMAS' END,
                   coalesce(g.rolname, ''), a.privilege_type
            FROM pg_default_acl d JOIN pg_roles m ON m.oid = d.defaclrole LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
            CROSS JOIN LATERAL aclexplode(d.defaclacl) a LEFT JOIN pg_roles g ON g.oid = a.grantee
            WHERE (m.rolname IN ($1, $2) OR g.rolname IN ($1, $2)) AND a.grantee <> d.defaclrole
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

    /// <summary>Roles that the role is a direct member of.</summary>
    public async Task<IReadOnlyList<string>> MembershipsAsync(string role, CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            SELECT DISTINCT g.rolname FROM pg_auth_members m
            JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member
            WHERE r.rolname = $1 ORDER BY 1
            """,
            role);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(reader.GetString(0));
        }

        return names;
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
}
