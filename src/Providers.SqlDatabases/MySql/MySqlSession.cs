using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MySqlConnector;

namespace Rotunda.Providers.SqlDatabases.MySql;

/// <summary>Rotunda's own login, and the few statements that a rotation needs. Nothing is kept open.</summary>
internal sealed class MySqlSession : IAsyncDisposable
{
    private const string Facts =
        "'read_only', 'super_read_only', 'log_bin', 'general_log', 'log_raw', 'wsrep_on', 'wsrep_osu_method'";

    /// <summary>A session whose client has gone ends within that time, unless it waits for something.</summary>
    private const string HoldSeconds = "5";

    private readonly MySqlConnection _connection;

    private MySqlSession(MySqlConnection connection) => _connection = connection;

    public static async Task<MySqlSession> OpenAsync(MySqlSetup setup, CancellationToken cancellationToken)
    {
        var connection = new MySqlConnection(setup.Admin.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            var session = new MySqlSession(connection);
            await session.RunAsync(
                "SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES', sql_quote_show_create = 1",
                cancellationToken);
            return session;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async Task<MySqlServer> ServerAsync(CancellationToken cancellationToken)
    {
        var told = (await RowsAsync("SELECT VERSION(), CURRENT_USER(), USER()", cancellationToken))[0];
        var isMariaDb = told[0].Contains("MariaDB", StringComparison.OrdinalIgnoreCase);
        var rows = await RowsAsync($"SHOW GLOBAL VARIABLES WHERE Variable_name IN ({Facts})", cancellationToken);
        rows.AddRange(await RowsAsync(
            "SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_ready', 'wsrep_cluster_status')", cancellationToken));
        var tls = await RowsAsync("SHOW SESSION STATUS WHERE Variable_name = 'Ssl_cipher'", cancellationToken);
        var checkers = isMariaDb
            ? await RowsAsync(
                "SELECT PLUGIN_NAME FROM information_schema.PLUGINS WHERE PLUGIN_TYPE = 'PASSWORD VALIDATION' "
                    + "AND PLUGIN_STATUS = 'ACTIVE'",
                cancellationToken)
            : [];
        return new(
            isMariaDb,
            MySqlServer.ReadVersion(told[0]),
            told[1],
            told[2][(told[2].LastIndexOf('@') + 1)..],
            rows.ToDictionary(row => row[0].ToLowerInvariant(), row => row[1].ToUpperInvariant(), StringComparer.Ordinal),
            tls is [[_, { Length: > 0 }]],
            MySqlRights.Read((await RowsAsync("SHOW GRANTS", cancellationToken)).Select(row => row[0])),
            [.. checkers.Select(row => row[0])]);
    }

    /// <summary>Keeps every other session of Rotunda from changing the user until this one ends: one that was given up may still wait at
    /// the server, and change it later.</summary>
    /// <returns>False if another has it.</returns>
    public async Task<bool> HoldAsync(string user, CancellationToken cancellationToken) =>
        (await RowsAsync($"SELECT GET_LOCK('{LockOf(user)}', {HoldSeconds})", cancellationToken))[0][0] == "1";

    /// <summary>The server takes 64 characters at most.</summary>
    internal static string LockOf(string user) =>
        $"rotunda-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user)))[..32]}";

    /// <summary>All accounts of the user, whatever their hosts.</summary>
    public async Task<IReadOnlyList<MySqlAccount>> AccountsAsync(MySqlServer server, string user, CancellationToken cancellationToken)
    {
        const string Bounds = "u.ssl_type, u.ssl_cipher, u.x509_issuer, u.x509_subject, u.max_questions, u.max_updates, "
            + "u.max_connections, u.max_user_connections";
        var (locked, others, more, from) = server.IsMariaDb
            ? ("IFNULL(JSON_VALUE(g.Priv, '$.account_locked'), '0')", "IFNULL(JSON_LENGTH(g.Priv, '$.auth_or') > 1, 0)",
                "u.default_role, u.max_statement_time",
                "mysql.user u JOIN mysql.global_priv g ON g.User = u.User AND g.Host = u.Host")
            : ("u.account_locked",
                server.HasAttributes
                    ? "IFNULL(JSON_CONTAINS_PATH(u.User_attributes, 'one', '$.multi_factor_authentication'), 0)" : "0",
                server.HasRoles
                    ? "(SELECT GROUP_CONCAT(d.DEFAULT_ROLE_USER, '@', d.DEFAULT_ROLE_HOST ORDER BY 1) FROM mysql.default_roles d "
                        + "WHERE d.USER = u.User AND d.HOST = u.Host) AS default_role" : "'' AS default_role",
                "mysql.user u");
        var found = new List<MySqlAccount>();
        await using var command = Command(
            $"SELECT u.User, u.Host, u.plugin, {locked}, {others}, {Bounds}, {more} FROM {from} "
                + $"WHERE u.User = {MySqlText.Literal(user)} ORDER BY u.Host");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            // Of two names that the server's collation takes for one, only the one that was asked for.
            if (Text(reader, 0) == user)
            {
                found.Add(new(
                    user,
                    Text(reader, 1),
                    Text(reader, 2),
                    IsYes(Text(reader, 3)),
                    IsYes(Text(reader, 4)),
                    [.. Enumerable.Range(5, reader.FieldCount - 5).Select(i => (reader.GetName(i), Text(reader, i)))]));
            }
        }

        return found;
    }

    /// <summary>What is kept of the passwords of an account; never for a message. The second is null without a second password.</summary>
    public async Task<(string First, string? Second)> HashesAsync(MySqlAccount account, CancellationToken cancellationToken)
    {
        await using var command = Command(
            "SELECT authentication_string, JSON_UNQUOTE(JSON_EXTRACT(User_attributes, '$.additional_password')) FROM mysql.user "
                + $"WHERE User = {MySqlText.Literal(account.User)} AND Host = {MySqlText.Literal(account.Host)}");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (Text(reader, 0), Text(reader, 1) is { Length: > 0 } second ? second : null)
            : ("", null);
    }

    public async Task<IReadOnlyList<string>> GrantsAsync(MySqlAccount account, CancellationToken cancellationToken) =>
        [.. (await RowsAsync($"SHOW GRANTS FOR {MySqlText.Account(account.User, account.Host)}", cancellationToken)).Select(row => row[0])];

    /// <summary>What every user of MariaDB has, from 10.11 on.</summary>
    public async Task<IReadOnlyList<string>> GrantsOfAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await RowsAsync("SHOW GRANTS FOR PUBLIC", cancellationToken)).Select(row => row[0])];
        }
        catch (MySqlException none) when (none.SqlState is not null)
        {
            return [];
        }
    }

    /// <summary>False too where Rotunda has no right there.</summary>
    public async Task<bool> SeesDatabaseAsync(string name, CancellationToken cancellationToken) => (await RowsAsync(
        $"SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = {MySqlText.Literal(name)}", cancellationToken)).Count > 0;

    /// <summary>The servers that this one copies from; null if Rotunda may not ask.</summary>
    public async Task<IReadOnlyList<string>?> SourcesAsync(MySqlServer server, CancellationToken cancellationToken)
    {
        var statement = server.IsMariaDb ? "SHOW ALL SLAVES STATUS"
            : server.Version >= new Version(8, 0, 22) ? "SHOW REPLICA STATUS" : "SHOW SLAVE STATUS";
        try
        {
            var found = new List<string>();
            await using var command = Command(statement);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                var host = Enumerable.Range(0, reader.FieldCount)
                    .First(i => reader.GetName(i) is "Master_Host" or "Source_Host");
                found.Add(Text(reader, host));
            }

            return found;
        }
        catch (MySqlException refused) when (MySqlFailures.IsLackOfRight(refused))
        {
            return null;
        }
    }

    /// <summary>Open sessions of the user: their numbers, and where they come from. Needs the right PROCESS, without which the server
    /// shows Rotunda's own and no error.</summary>
    public async Task<IReadOnlyList<(long Id, string From)>> SessionsAsync(string user, CancellationToken cancellationToken)
    {
        var rows = await RowsAsync(
            $"SELECT ID, USER, HOST FROM information_schema.PROCESSLIST WHERE USER = {MySqlText.Literal(user)} ORDER BY ID",
            cancellationToken);
        return [.. rows.Where(row => row[1] == user)
            .Select(row => (
                long.Parse(row[0], CultureInfo.InvariantCulture),
                row[2].LastIndexOf(':') is > 0 and var port ? row[2][..port] : row[2]))];
    }

    /// <summary>False if it has ended by itself.</summary>
    public async Task<bool> EndSessionAsync(long id, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync($"KILL CONNECTION {id.ToString(CultureInfo.InvariantCulture)}", cancellationToken);
            return true;
        }
        catch (MySqlException gone) when (gone.ErrorCode == MySqlErrorCode.NoSuchThread)
        {
            return false;
        }
    }

    /// <exception cref="MySqlPolicyException">A password in it was refused.</exception>
    public async Task RunAsync(string statement, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = Command(statement);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (MySqlException refused) when (MySqlFailures.IsOfPolicy(refused.Number))
        {
            throw new MySqlPolicyException(refused.Number);
        }
        catch (MySqlException refused) when (MySqlFailures.HidesOthers(refused.Number))
        {
            var codes = (await RowsAsync("SHOW WARNINGS", cancellationToken))
                .Select(row => int.Parse(row[1], CultureInfo.InvariantCulture));
            if (codes.FirstOrDefault(MySqlFailures.IsOfPolicy) is not 0 and var code)
            {
                throw new MySqlPolicyException(code);
            }

            throw;
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<List<string[]>> RowsAsync(string statement, CancellationToken cancellationToken)
    {
        var rows = new List<string[]>();
        await using var command = Command(statement);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => Text(reader, i))]);
        }

        return rows;
    }

    private MySqlCommand Command(string statement) => new(statement, _connection);

    private static bool IsYes(string text) => text is "Y" or "1" or "true" or "True";

    /// <summary>Empty for NULL. Some columns hold bytes.</summary>
    private static string Text(DbDataReader reader, int column) => reader.GetValue(column) switch
    {
        DBNull => "",
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        var value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
