using System.Globalization;
using Npgsql;
using Rotunda.Postgres;

namespace Rotunda.Providers.Databases.Postgres;

/// <summary>A role as the catalog tables show it.</summary>
/// <param name="Expired">Its VALID UNTIL has passed.</param>
/// <param name="MayAlter">The administrator has the ADMIN OPTION on it (from PostgreSQL 16), or is it.</param>
/// <param name="IsSelf">It is the administrator.</param>
/// <param name="ActsAsOwner">It may SET ROLE to the owner, which from PostgreSQL 16 not every member may.</param>
/// <param name="MayEnd">The administrator has its rights, and so may end its sessions.</param>
internal sealed record PostgresRole(
    string Name,
    bool CanLogin,
    bool IsSuperuser,
    bool Inherits,
    bool Expired,
    bool MayAlter,
    bool IsSelf,
    bool InOwner,
    bool ActsAsOwner,
    bool MayEnd)
{
    /// <summary>What it may do beyond its grants, as ALTER ROLE writes it; without LOGIN and INHERIT.</summary>
    public required IReadOnlyList<string> Attributes { get; init; }
}

/// <summary>Who the administrator is, and where.</summary>
/// <param name="MayEndSessions">Of every role but superusers.</param>
internal sealed record PostgresServer(
    int Version,
    bool IsStandby,
    string Administrator,
    bool IsSuperuser,
    bool CreatesRoles,
    bool MayEndSessions);

/// <param name="Hidden">Sessions of anyone that the server counts and does not show to the administrator.</param>
/// <param name="IdleSince">When the last one of them did something, if none does anything now.</param>
internal sealed record PostgresSessions(
    int Count,
    string? Applications,
    string? Addresses,
    DateTimeOffset? Oldest,
    int Hidden,
    DateTimeOffset? IdleSince);

/// <summary>The few statements that rotation needs, on one administrator's session.</summary>
internal sealed partial class PostgresClient : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private PostgresClient(NpgsqlConnection connection) => _connection = connection;

    /// <summary>The server's major version.</summary>
    public int Major => _connection.PostgreSqlVersion.Major;

    /// <summary>The privilege of acting as a role; before PostgreSQL 16 every member has it.</summary>
    private string SetOption => Major >= PostgresMemberships.OwnOptions ? "SET" : "MEMBER";

    public static async Task<PostgresClient> OpenAsync(PostgresSetup setup, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(setup.Admin.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return new(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async Task<PostgresServer> ServerAsync(CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            SELECT current_setting('server_version_num')::int, pg_is_in_recovery(), current_user::text, r.rolsuper, r.rolcreaterole,
                   r.rolsuper OR pg_has_role('pg_signal_backend', 'USAGE')
            FROM pg_roles r WHERE r.rolname = current_user
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(
            reader.GetInt32(0),
            reader.GetBoolean(1),
            reader.GetString(2),
            reader.GetBoolean(3),
            reader.GetBoolean(4),
            reader.GetBoolean(5));
    }

    /// <summary>Null if there is no such role.</summary>
    public async Task<PostgresRole?> RoleAsync(string name, string? owner, CancellationToken cancellationToken)
    {
        await using var command = Command(
            $"""
            SELECT r.rolcanlogin, r.rolsuper, r.rolinherit, r.rolconnlimit, coalesce(r.rolvaliduntil <= now(), false),
                   pg_has_role(current_user, r.oid, 'MEMBER WITH ADMIN OPTION'), r.rolname = current_user,
                   coalesce((SELECT pg_has_role(r.oid, o.oid, 'MEMBER') FROM pg_roles o WHERE o.rolname = $2), false),
                   coalesce((SELECT pg_has_role(r.oid, o.oid, '{SetOption}') FROM pg_roles o WHERE o.rolname = $2), false),
                   pg_has_role(current_user, r.oid, 'USAGE'), r.rolreplication, r.rolbypassrls, r.rolcreatedb, r.rolcreaterole
            FROM pg_roles r WHERE r.rolname = $1
            """,
            name,
            owner ?? "");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(
                name,
                reader.GetBoolean(0),
                reader.GetBoolean(1),
                reader.GetBoolean(2),
                reader.GetBoolean(4),
                reader.GetBoolean(5),
                reader.GetBoolean(6),
                reader.GetBoolean(7),
                reader.GetBoolean(8),
                reader.GetBoolean(9))
            {
                Attributes =
                [
                    reader.GetBoolean(10) ? "REPLICATION" : "NOREPLICATION",
                    reader.GetBoolean(11) ? "BYPASSRLS" : "NOBYPASSRLS",
                    reader.GetBoolean(12) ? "CREATEDB" : "NOCREATEDB",
                    reader.GetBoolean(13) ? "CREATEROLE" : "NOCREATEROLE",
                    string.Create(CultureInfo.InvariantCulture, $"CONNECTION LIMIT {reader.GetInt32(3)}"),
                ],
            }
            : null;
    }

    /// <summary>Null if there is no such database here (a pooler's own name for one).</summary>
    public async Task<bool?> MayConnectAsync(string role, string database, CancellationToken cancellationToken)
    {
        await using var command = Command(
            "SELECT has_database_privilege($1, d.oid, 'CONNECT') FROM pg_database d WHERE d.datname = $2",
            role,
            database);
        return (bool?)await command.ExecuteScalarAsync(cancellationToken);
    }

    public async Task<string> ShowAsync(string setting, CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT current_setting($1)", setting);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Whether it may see in what form passwords are kept.</summary>
    public async Task<bool> MayReadPasswordsAsync(CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT has_column_privilege('pg_authid', 'rolpassword', 'SELECT')");
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Without the verifier: it does not leave the server.</summary>
    public async Task<PasswordForm> PasswordFormAsync(string role, CancellationToken cancellationToken)
    {
        await using var command = Command(
            "SELECT CASE WHEN rolpassword LIKE 'md5%' THEN 3 WHEN rolpassword LIKE 'SCRAM-SHA-256$%' THEN 2 WHEN rolpassword IS NULL "
                + "THEN 1 ELSE 0 END FROM pg_authid WHERE rolname = $1",
            role);
        return await command.ExecuteScalarAsync(cancellationToken) is int form ? (PasswordForm)form : PasswordForm.None;
    }

    /// <summary>All of them, or none.</summary>
    public async Task ExecuteAsync(IReadOnlyList<string> statements, CancellationToken cancellationToken)
    {
        await using var transaction = await _connection.BeginTransactionAsync(cancellationToken);
        foreach (var statement in statements)
        {
            await using var command = Command(statement);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Runs the statements and takes them back, whatever comes of them.</summary>
    /// <returns>What the server refused, and which statement (0 for the first); null if it took all.</returns>
    /// <exception cref="PostgresException">They cannot be tried now.</exception>
    public async Task<(PostgresException Refused, int Statement)?> TryAsync(
        IReadOnlyList<string> statements,
        CancellationToken cancellationToken)
    {
        await using var transaction = await _connection.BeginTransactionAsync(cancellationToken);
        await using (var patience = Command("SET LOCAL lock_timeout = '5s'"))
        {
            await patience.ExecuteNonQueryAsync(cancellationToken);
        }

        for (var i = 0; i < statements.Count; i++)
        {
            try
            {
                await using var command = Command(statements[i]);
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
            catch (PostgresException refused) when (!SqlStates.IsPassing(refused.SqlState))
            {
                return (refused, i);
            }
        }

        return null;
    }

    /// <summary>Open sessions of clients that logged in as the role. Rotunda's own are left out.</summary>
    public async Task<PostgresSessions> SessionsAsync(string role, CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            SELECT count(*)::int, string_agg(DISTINCT nullif(application_name, ''), ', '), string_agg(DISTINCT host(client_addr), ', '),
                min(backend_start), (SELECT coalesce(sum(numbackends), 0)::int FROM pg_stat_database WHERE datid <> 0)
                    - (SELECT count(*)::int FROM pg_stat_activity WHERE datid IS NOT NULL),
                CASE WHEN bool_and(state = 'idle') THEN max(state_change) END
            FROM pg_stat_activity
            WHERE usename = $1 AND pid <> pg_backend_pid() AND leader_pid IS NULL AND application_name NOT IN ('rotunda',
                'rotunda verification')
            """,
            role);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(
            reader.GetInt32(0),
            await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetString(1),
            await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetString(2),
            await reader.IsDBNullAsync(3, cancellationToken) ? null : new DateTimeOffset(reader.GetDateTime(3)),
            reader.GetInt32(4),
            await reader.IsDBNullAsync(5, cancellationToken) ? null : new DateTimeOffset(reader.GetDateTime(5)));
    }

    /// <summary>Asks all sessions of the role to end; returns how many were asked.</summary>
    public async Task<int> EndSessionsAsync(string role, CancellationToken cancellationToken)
    {
        await using var command = Command(
            "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid))::int FROM pg_stat_activity WHERE usename = $1 AND pid <> "
                + "pg_backend_pid() AND leader_pid IS NULL",
            role);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private NpgsqlCommand Command(string sql, params string[] parameters)
    {
        var command = new NpgsqlCommand(sql, _connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = parameter });
        }

        return command;
    }
}
