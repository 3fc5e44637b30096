using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using Rotunda.Network;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>
/// One session of a pooler's admin console, by the simple query protocol: the console knows no other, and Npgsql speaks only
/// the extended one.
/// </summary>
internal sealed class PgBouncerClient : IAsyncDisposable
{
    private const int Version3 = 196608;
    private readonly ConsoleConnection _connection;
    private readonly PgBouncerEndpoint _at;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    private PgBouncerClient(ConsoleConnection connection, PgBouncerEndpoint at, TimeSpan timeout, TimeProvider time)
    {
        (_connection, _at, _timeout, _time) = (connection, at, timeout, time);
    }

    /// <exception cref="PgBouncerException">It cannot be reached, or refuses the administrator.</exception>
    public static Task<PgBouncerClient> OpenAsync(
        PgBouncerSetup setup,
        PgBouncerEndpoint at,
        TimeProvider time,
        CancellationToken cancellationToken) =>
        LimitedAsync(at, setup.Timeout, time, async token =>
        {
            var connection = await ConsoleConnection.OpenAsync(at, setup, token);
            var client = new PgBouncerClient(connection, at, setup.Timeout, time);
            try
            {
                await client.LogInAsync(setup, token);
                return client;
            }
            catch
            {
                await client.DisposeAsync();
                throw;
            }
        }, cancellationToken);

    /// <summary>Reads its configuration and userlist again.</summary>
    public Task ReloadAsync(CancellationToken cancellationToken) =>
        LimitedAsync(_at, _timeout, _time, token => QueryAsync("RELOAD", token), cancellationToken);

    /// <summary>Replaces the connections to the server, each when its client lets go of it.</summary>
    public Task ReconnectAsync(string database, CancellationToken cancellationToken) => LimitedAsync(
        _at, _timeout, _time, token => QueryAsync($"RECONNECT {Quote(database)}", token), cancellationToken);

    /// <summary>Rows of a SHOW command, by column.</summary>
    public Task<List<Dictionary<string, string?>>> ShowAsync(string what, CancellationToken cancellationToken) =>
        LimitedAsync(_at, _timeout, _time, token => QueryAsync($"SHOW {what}", token), cancellationToken);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task LogInAsync(PgBouncerSetup setup, CancellationToken cancellationToken)
    {
        var version = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(version, Version3);
        await _connection.SendAsync(
            null,
            [.. version, .. Text($"user\0{setup.AdminUser}\0database\0pgbouncer\0application_name\0rotunda\0")],
            cancellationToken);
        ScramLogin? scram = null;
        while (true)
        {
            var (type, body) = await _connection.ReceiveAsync(cancellationToken);
            if (type == 'R' && BinaryPrimitives.ReadInt32BigEndian(body) is not 0 and var kind)
            {
                scram = await AuthenticateAsync(kind, body[4..], setup, scram, cancellationToken);
            }
            else if (type == 'E')
            {
                throw Refused(
                    body,
                    $"refuses the login of {setup.AdminUser} to its console. Check 'adminUser' (it must be in admin_users) and "
                        + "'adminPassword'");
            }
            else if (type == 'Z')
            {
                return;
            }
        }
    }

    [SuppressMessage(
        "Security",
        "CA5351:Do Not Use Broken Cryptographic Algorithms",
        Justification = "PostgreSQL's md5 login is what an old pooler asks for.")]
    private async Task<ScramLogin?> AuthenticateAsync(
        int kind,
        byte[] data,
        PgBouncerSetup setup,
        ScramLogin? scram,
        CancellationToken cancellationToken)
    {
        var password = setup.AdminPassword
            ?? throw new PgBouncerException(
                StepOutcome.Rejected($"The pooler at {_at} asks for a password for its console. Set 'adminPassword'."));
        switch (kind)
        {
            case 3:
                await _connection.SendAsync('p', Text(password), cancellationToken);
                return null;
            case 5:
                var inner = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(password + setup.AdminUser)));
                await _connection.SendAsync(
                    'p',
                    Text("md5" + Convert.ToHexStringLower(MD5.HashData([.. Encoding.UTF8.GetBytes(inner), .. data]))),
                    cancellationToken);
                return null;
            case 10:
                scram = new ScramLogin(password);
                var length = new byte[4];
                BinaryPrimitives.WriteInt32BigEndian(length, scram.First.Length);
                await _connection.SendAsync('p', [.. Text("SCRAM-SHA-256"), .. length, .. scram.First], cancellationToken);
                return scram;
            case 11 when scram is not null:
                await _connection.SendAsync('p', scram.Answer(data), cancellationToken);
                return scram;
            case 12 when scram?.IsServer(data) == true:
                return scram;
            default:
                throw new PgBouncerException(
                    StepOutcome.Rejected(
                        $"The pooler at {_at} asks for a login that is not known here, or cannot prove that it knows the password. Set "
                            + "auth_type there to scram-sha-256, md5 or plain, and check its address."));
        }
    }

    private async Task<List<Dictionary<string, string?>>> QueryAsync(string command, CancellationToken cancellationToken)
    {
        await _connection.SendAsync('Q', Text(command), cancellationToken);
        var (columns, rows, error) = (new List<string>(), new List<Dictionary<string, string?>>(), (PgBouncerException?)null);
        while (true)
        {
            var (type, body) = await _connection.ReceiveAsync(cancellationToken);
            switch (type)
            {
                case 'T':
                    columns = Columns(body);
                    break;
                case 'D':
                    rows.Add(Row(body, columns));
                    break;
                case 'E':
                    error = Refused(body, $"refuses {command.Split(' ')[0]}. See its log for why");
                    break;
                case 'Z':
                    return error is null ? rows : throw error;
                default:
                    break;
            }
        }
    }

    private PgBouncerException Refused(byte[] error, string what)
    {
        var code = Encoding.UTF8.GetString(error).Split('\0').FirstOrDefault(field => field is ['C', ..])?[1..] ?? "none";
        var isBusy = code.StartsWith("53", StringComparison.Ordinal) || code.StartsWith("57", StringComparison.Ordinal);
        return new(
            isBusy
                ? StepOutcome.RetryLater($"The pooler at {_at} cannot do it now (SQLSTATE {code}).")
                : StepOutcome.Rejected($"The pooler at {_at} {what} (SQLSTATE {code})."));
    }

    private static async Task<T> LimitedAsync<T>(
        PgBouncerEndpoint at,
        TimeSpan timeout,
        TimeProvider time,
        Func<CancellationToken, Task<T>> work,
        CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await work(either.Token);
        }
        catch (AuthenticationException)
        {
            throw new PgBouncerException(
                StepOutcome.Rejected(
                    $"No TLS connection to the pooler at {at} could be made. Check 'sslMode' and 'rootCertificate' against its "
                        + "certificate."));
        }
        catch (Exception problem) when (problem is CryptographicException or UnauthorizedAccessException)
        {
            throw new PgBouncerException(StepOutcome.Rejected("'rootCertificate' cannot be read. Give a file of PEM certificates."));
        }
        catch (Exception problem) when (problem is IOException or SocketException or FormatException
            || (problem is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new PgBouncerException(
                StepOutcome.RetryLater(
                    $"The pooler at {at} gives no answer{Causes.Told(problem)}. Check that it runs and that this host may "
                        + "connect to it."));
        }
    }

    private static List<string> Columns(byte[] body)
    {
        var (columns, place) = (new List<string>(), 2);
        for (var left = BinaryPrimitives.ReadInt16BigEndian(body); left > 0; left--)
        {
            var end = Array.IndexOf(body, (byte)0, place);
            columns.Add(Encoding.UTF8.GetString(body, place, end - place));
            place = end + 1 + 18;
        }

        return columns;
    }

    private static Dictionary<string, string?> Row(byte[] body, List<string> columns)
    {
        var (row, place) = (new Dictionary<string, string?>(StringComparer.Ordinal), 2);
        foreach (var column in columns)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(place));
            row[column] = length < 0 ? null : Encoding.UTF8.GetString(body, place + 4, length);
            place += 4 + Math.Max(0, length);
        }

        return row;
    }

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"")}\"";

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text + "\0");
}
