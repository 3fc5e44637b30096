using System.Data;
using System.Globalization;
using Microsoft.Data.SqlClient;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.SqlDatabases.SqlServer;

/// <summary>Rotunda's own login at one instance, and the few things that a rotation needs there. Nothing is kept open.</summary>
internal sealed class SqlServerSession : IAsyncDisposable
{
    private const int NotThere = 6106;
    private readonly SqlConnection _connection;

    private SqlServerSession(SqlConnection connection, string at) => (_connection, At) = (connection, at);

    /// <summary>Where it is, for people.</summary>
    public string At { get; }

    /// <exception cref="SqlServerOpenException">It cannot be opened.</exception>
    public static async Task<SqlServerSession> OpenAsync(
        SqlServerSetup setup, string address, SecretValue password, CancellationToken cancellationToken)
    {
        var at = SqlServerAddress.Bare(address);
        try
        {
            return new(await SqlServerConnections.OpenAsync(setup, address, setup.Home, setup.User, password, cancellationToken), at);
        }
        catch (Exception exception) when (SqlServerFailures.Explains(exception))
        {
            throw new SqlServerOpenException(at, exception);
        }
    }

    public async Task<SqlServerInstance> InstanceAsync(CancellationToken cancellationToken)
    {
        var row = (await QueryAsync(SqlServerQueries.Server, [], cancellationToken))[0];
        return new(row.Number(0), row.Text(1), row.Text(2), row.Flag(3), row.Flag(4), row.Flag(5), row.Flag(6), row.Flag(7), row.Flag(8));
    }

    public async Task<SqlServerHome> HomeAsync(CancellationToken cancellationToken)
    {
        var row = (await QueryAsync(SqlServerQueries.Home, [], cancellationToken))[0];
        return new(row.Number(0), row.Text(1), row.Flag(2), row.Flag(3), row.Flag(4), row.Flag(5), row.Flag(6), row.Flag(7), row.Flag(8));
    }

    /// <summary>Those of the two that exist, by their names.</summary>
    public async Task<IReadOnlyDictionary<string, SqlServerLoginRow>> LoginsAsync(
        IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var rows = await QueryAsync(SqlServerQueries.Logins, [("@first", names[0]), ("@second", names[1])], cancellationToken);
        return rows.Select(row => new SqlServerLoginRow(
                row.Text(0), row.Text(1), row.Flag(2), row.TextOrNull(3), row.TextOrNull(4), row.Flag(5), row.Number(6), row.Flag(7)))
            .ToDictionary(login => login.Name, StringComparer.OrdinalIgnoreCase);
    }

    public Task<IReadOnlyList<SqlServerRight>> ServerRightsAsync(string login, CancellationToken cancellationToken) =>
        ReadRightsAsync(SqlServerQueries.ServerRights, login, cancellationToken);

    /// <summary>Of a user of the database that the session is in.</summary>
    public Task<IReadOnlyList<SqlServerRight>> RightsAsync(string user, CancellationToken cancellationToken) =>
        ReadRightsAsync(SqlServerQueries.Rights, user, cancellationToken);

    /// <summary>The databases that are online: whether this session may enter, and which of the two (1 or 2) owns it, else 0.</summary>
    public async Task<IReadOnlyList<(string Name, bool MayEnter, int Owner)>> DatabasesAsync(
        IReadOnlyList<string> sids, CancellationToken cancellationToken) =>
        [.. (await QueryAsync(SqlServerQueries.Databases, [("@first", sids[0]), ("@second", sids[1])], cancellationToken))
            .Select(row => (row.Text(0), row.Flag(1), row.Number(2)))];

    /// <summary>The users of the database that the session is in, which are one of the two by SID or by name.</summary>
    /// <param name="sids">0x for none.</param>
    public async Task<IReadOnlyList<SqlServerUser>> UsersAsync(
        IReadOnlyList<string> names, IReadOnlyList<string> sids, CancellationToken cancellationToken) =>
        [.. (await QueryAsync(
                SqlServerQueries.Users,
                [("@first", names[0]), ("@second", names[1]), ("@firstSid", sids[0]), ("@secondSid", sids[1])],
                cancellationToken))
            .Select(row => new SqlServerUser(row.Text(0), row.TextOrNull(1) ?? "0x", row.Text(2), row.Number(3)))];

    public Task EnterAsync(string database, CancellationToken cancellationToken) =>
        WorkAsync(() => _connection.ChangeDatabaseAsync(database, cancellationToken));

    /// <summary>Each replica of each availability group, with each of the group's databases.</summary>
    public async Task<IReadOnlyList<(string Group, string Replica, string Database)>> ReplicasAsync(
        bool knowsContained, CancellationToken cancellationToken) =>
        [.. (await QueryAsync(knowsContained ? SqlServerQueries.ReplicasSince2022 : SqlServerQueries.Replicas, [], cancellationToken))
            .Select(row => (row.Text(0), row.Text(1), row.Text(2)))];

    /// <summary>What is told without the right to see all sessions is this session alone.</summary>
    /// <param name="user">Of the database that the session is in; null for a login.</param>
    public async Task<IReadOnlyList<SqlServerOpenSession>> SessionsAsync(string? user, string sid, CancellationToken cancellationToken) =>
        [.. (await QueryAsync(
                user is null ? SqlServerQueries.LoginSessions : SqlServerQueries.UserSessions,
                user is null ? [("@sid", sid)] : [("@sid", sid), ("@name", user)],
                cancellationToken))
            .Select(row => new SqlServerOpenSession(row.Number(0), row.Text(1), row.Text(2), row.Number(3)))];

    /// <param name="user">As with <see cref="SessionsAsync"/>.</param>
    /// <returns>How many were ended.</returns>
    public async Task<int> EndSessionsAsync(string? user, string sid, CancellationToken cancellationToken)
    {
        var ended = 0;
        foreach (var session in await SessionsAsync(user, sid, cancellationToken))
        {
            try
            {
                await ExecuteAsync(SqlServerStatements.Kill(session.Id, user, sid), cancellationToken);
                ended++;
            }
            catch (SqlException gone) when (gone.Number == NotThere)
            {
                // It closed by itself.
            }
        }

        return ended;
    }

    /// <exception cref="SqlException">What happened is told by <see cref="SqlServerFailures.AfterSending"/>.</exception>
    public Task ExecuteAsync(string statement, CancellationToken cancellationToken) => WorkAsync(async () =>
    {
        await using var command = new SqlCommand(statement, _connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    });

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<IReadOnlyList<SqlServerRight>> ReadRightsAsync(string query, string name, CancellationToken cancellationToken) =>
        [.. (await QueryAsync(query, [("@name", name)], cancellationToken))
            .Select(row => new SqlServerRight(row.Text(0), row.Text(1), row.Text(2), row.TextOrNull(3) ?? "(nothing that can be named)"))
            .Distinct()];

    private async Task<IReadOnlyList<Row>> QueryAsync(
        string query, IReadOnlyList<(string Name, string Value)> parameters, CancellationToken cancellationToken)
    {
        var rows = new List<Row>();
        await WorkAsync(async () =>
        {
            await using var command = new SqlCommand(query, _connection);
            foreach (var (name, value) in parameters)
            {
                command.Parameters.Add(new(name, SqlDbType.NVarChar, 256) { Value = value });
            }

            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                var values = new object[reader.FieldCount];
                reader.GetValues(values);
                rows.Add(new(values));
            }
        });
        return rows;
    }

    /// <summary>The driver says of a connection that is gone that it was used wrongly.</summary>
    private async Task WorkAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (InvalidOperationException exception) when (_connection.State != ConnectionState.Open)
        {
            throw new SqlServerClosedException(exception);
        }
    }

    private sealed record Row(object[] Values)
    {
        public string? TextOrNull(int column) =>
            Values[column] is DBNull ? null : Convert.ToString(Values[column], CultureInfo.InvariantCulture);

        public string Text(int column) => TextOrNull(column) ?? "";

        public int Number(int column) => Values[column] is DBNull ? 0 : Convert.ToInt32(Values[column], CultureInfo.InvariantCulture);

        public bool Flag(int column) => Number(column) == 1;
    }
}
