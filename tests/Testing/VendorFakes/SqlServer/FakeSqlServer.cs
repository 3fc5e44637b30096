using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Rotunda.Testing.VendorFakes.SqlServer;

/// <summary>
/// A strict stand-in for SQL Server on a real socket, as far as a rotation goes: the wire protocol (TDS 7.4, and 8 with TLS first), the
/// login with its password, batches and calls of sp_executesql. Every statement has to be known to the world behind it, and is read by
/// Microsoft's own parser of T-SQL, as of SQL Server 2016 and of the newest. Anything else is a failure that
/// <see cref="AssertClean"/> reports. No server can be had where these tests run.
/// </summary>
public sealed class FakeSqlServer : IAsyncDisposable
{
    private const int FirstId = 50;
    private const byte TlsHello = 0x16;
    private readonly LocalListener _listener;
    private readonly ConcurrentDictionary<int, (FakeSqlSession Session, TcpClient Client)> _open = new();
    private readonly ConcurrentDictionary<string, bool> _parsed = new(StringComparer.Ordinal);
    private readonly IFakeSqlWorld _world;
    private readonly X509Certificate2? _certificate;
    private readonly FakeSqlTls _tls;
    private int _ids = FirstId;
    private int _logins;

    /// <param name="certificate">With TLS: the server's own, with its key.</param>
    public FakeSqlServer(IFakeSqlWorld world, FakeSqlTls tls = FakeSqlTls.None, X509Certificate2? certificate = null)
    {
        (_world, _tls, _certificate) = (world, tls, certificate);
        _listener = new LocalListener(ServeAsync);
    }

    /// <summary>HOST,PORT.</summary>
    public string Address => $"127.0.0.1,{_listener.Port}";

    /// <summary>How many logins were tried.</summary>
    public int Logins => _logins;

    /// <summary>Those that are logged in.</summary>
    public IReadOnlyList<FakeSqlSession> Sessions => [.. _open.Values.Select(one => one.Session).OrderBy(session => session.Id)];

    /// <summary>Ends one, as KILL does.</summary>
    public bool End(int session)
    {
        if (!_open.TryRemove(session, out var open))
        {
            return false;
        }

        open.Client.Close();
        return true;
    }

    /// <inheritdoc cref="LocalListener.AssertClean"/>
    public void AssertClean() => _listener.AssertClean();

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task ServeAsync(TcpClient client, CancellationToken stopping)
    {
        var id = Interlocked.Increment(ref _ids);
        try
        {
            await ServeAsync(client, id, stopping);
        }
        finally
        {
            _open.TryRemove(id, out _);
        }
    }

    private async Task ServeAsync(TcpClient client, int id, CancellationToken stopping)
    {
        Stream stream = client.GetStream();
        if (_tls == FakeSqlTls.First)
        {
            stream = await TdsHandshake.SecureFirstAsync(stream, _certificate!, stopping);
        }

        var before = await TdsMessage.ReadAsync(stream, stopping);
        if (before.Kind == TlsHello)
        {
            // A client that protects its connection before all else; servers before 2022 hang up.
            return;
        }

        if (before.Kind != TdsMessage.Before)
        {
            throw new FakeVendorException($"A message {before.Kind:x} before anything else.");
        }

        var wants = TdsPreLogin.EncryptionOf(before.Body);
        await new TdsMessage(TdsMessage.Answer, TdsPreLogin.Answer(_tls)).WriteAsync(stream, 4096, stopping);
        if (_tls == FakeSqlTls.Inside)
        {
            if (wants == TdsPreLogin.NotSupported)
            {
                throw new FakeVendorException("A client that cannot protect its connection.");
            }

            stream = await TdsHandshake.SecureAsync(stream, _certificate!, stopping);
        }

        var login = TdsLogin.Read((await ReadAsync(stream, TdsMessage.Login, stopping)).Body);
        Interlocked.Increment(ref _logins);
        var entered = _world.LogIn(login.User, login.Password, login.Database.Length == 0 ? null : login.Database);
        using var tokens = new TdsTokens();
        if (entered.Database is null)
        {
            foreach (var error in entered.Errors)
            {
                tokens.Error(error);
            }

            await WriteAsync(stream, tokens.Done(isCall: false, failed: true, rows: null), login.Packet, stopping);
            return;
        }

        var session = new FakeSqlSession(id, login.User, entered.Database, login.Program, login.Host);
        _open[id] = (session, client);
        tokens.LoggedIn(login.Version, session.Database, login.Packet).Done(isCall: false, failed: false, rows: null);
        await WriteAsync(stream, tokens, login.Packet, stopping);
        await RunAsync(stream, session, login.Packet, stopping);
    }

    private async Task RunAsync(Stream stream, FakeSqlSession session, int packet, CancellationToken stopping)
    {
        while (true)
        {
            var message = await TdsMessage.ReadAsync(stream, stopping);
            if (message.Kind == TdsMessage.Attention)
            {
                using var calledOff = new TdsTokens();
                await WriteAsync(stream, calledOff.CalledOff(), packet, stopping);
                continue;
            }

            var isCall = message.Kind == TdsMessage.Call;
            var statement = isCall ? TdsStatement.OfCall(message.Body)
                : message.Kind == TdsMessage.Batch ? TdsStatement.OfBatch(message.Body)
                : throw new FakeVendorException($"A message {message.Kind:x} that this server does not know.");
            Parse(statement.Text);
            var answer = _world.Run(session, statement.Text, statement.Parameters);
            if (answer.IsLost)
            {
                return;
            }

            using var tokens = new TdsTokens();
            if (answer.Entered is { } database)
            {
                tokens.Entered(database, session.Database);
                session = session with { Database = database };
            }

            if (answer.Rows is { } rows)
            {
                tokens.Rows(rows, TdsColumns.CountOf(statement.Text));
            }

            foreach (var error in answer.Errors)
            {
                tokens.Error(error);
            }

            await WriteAsync(stream, tokens.Done(isCall, answer.Errors.Count > 0, answer.Rows?.Count), packet, stopping);
            if (answer.Errors.Any(error => error.Class >= 20))
            {
                return;
            }
        }
    }

    private static async Task<TdsMessage> ReadAsync(Stream stream, byte kind, CancellationToken stopping)
    {
        var message = await TdsMessage.ReadAsync(stream, stopping);
        return message.Kind == kind ? message : throw new FakeVendorException($"A message {message.Kind:x}, where {kind:x} is due.");
    }

    private static Task WriteAsync(Stream stream, TdsTokens tokens, int packet, CancellationToken stopping) =>
        new TdsMessage(TdsMessage.Answer, tokens.ToArray()).WriteAsync(stream, packet, stopping);

    /// <summary>A statement may hold a password, so only that it is wrong is told.</summary>
    private void Parse(string text) => _parsed.GetOrAdd(text, static text =>
    {
        TSqlParser[] parsers = [new TSql130Parser(initialQuotedIdentifiers: true), new TSql170Parser(initialQuotedIdentifiers: true)];
        foreach (var parser in parsers)
        {
            using var reader = new StringReader(text);
            parser.Parse(reader, out var errors);
            if (errors.Count > 0)
            {
                throw new FakeVendorException($"A statement that is no T-SQL ({errors[0].Number}, at {errors[0].Offset}).");
            }
        }

        return true;
    });
}
