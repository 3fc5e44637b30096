using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Rotunda.Testing.VendorFakes;

/// <summary>
/// A strict stand-in for a MySQL server on a real socket: protocol 4.1, logins by caching_sha2_password (its fast way) and
/// mysql_native_password, and the statements that <see cref="FakeMySqlUsers"/> knows. Anything else is a failure that
/// <see cref="AssertClean"/> reports. No MySQL server can be had where these tests run.
/// (dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html)
/// </summary>
public sealed class FakeMySql : IAsyncDisposable
{
    private const string CachingSha2 = "caching_sha2_password";
    private const string Native = "mysql_native_password";
    private const uint Capabilities = 0x1 | 0x2 | 0x4 | 0x8 | 0x200 | 0x2000 | 0x8000 | 0x10000 | 0x20000 | 0x80000 | 0x100000 | 0x200000;
    private readonly LocalListener _listener;
    private readonly FakeMySqlUsers _users;
    private int _threads;

    public FakeMySql(FakeMySqlUsers users)
    {
        _users = users;
        _listener = new LocalListener(ServeAsync);
    }

    public int Port => _listener.Port;

    /// <inheritdoc cref="LocalListener.AssertClean"/>
    public void AssertClean() => _listener.AssertClean();

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task ServeAsync(TcpClient client, CancellationToken stopping)
    {
        var wire = new Wire(client.GetStream(), stopping);
        if (await LogInAsync(wire, Interlocked.Increment(ref _threads)) is not { } session)
        {
            return;
        }

        try
        {
            while (await CommandAsync(wire, session))
            {
                // The next one.
            }
        }
        finally
        {
            _users.Leave(session);
        }
    }

    /// <returns>Null if it was refused.</returns>
    private async Task<FakeMySqlSession?> LogInAsync(Wire wire, int id)
    {
        // Without zeros, which end it.
        var nonce = RandomNumberGenerator.GetBytes(20).Select(b => (byte)(b % 94 + 33)).ToArray();
        await wire.SendAsync(
        [
            10, .. Encoding.ASCII.GetBytes(_users.Version), 0, .. Wire.Number(id, 4), .. nonce[..8], 0,
            .. Wire.Number((int)(Capabilities & 0xffff), 2), 45, 2, 0, .. Wire.Number((int)(Capabilities >> 16), 2), 21, .. new byte[10],
            .. nonce[8..], 0, .. Encoding.ASCII.GetBytes(CachingSha2), 0,
        ]);
        var reader = new FakeMySqlPacket(await wire.ReceiveAsync());
        var capabilities = (uint)reader.Number(4);
        reader.Skip(4 + 1 + 23);
        var name = reader.Zeroed();
        var shown = reader.Prefixed();
        var database = (capabilities & 0x8) != 0 ? reader.Zeroed() : "";
        var account = _users.AccountFor(name);
        if (account is not null && account.Plugin == Native)
        {
            await wire.SendAsync([0xfe, .. Encoding.ASCII.GetBytes(Native), 0, .. nonce, 0]);
            shown = await wire.ReceiveAsync();
        }

        var isRight = account is not null && account.Passwords.Any(password => Proves(account.Plugin, password, nonce, shown));
        if (isRight && account!.Plugin == CachingSha2)
        {
            await wire.SendAsync([1, 3]);
        }

        var refusal = !isRight ? FakeMySqlAnswer.Error(1045, "28000", "Access denied")
            : account!.IsLocked ? FakeMySqlAnswer.Error(3118, "HY000", "Account is locked")
            : database.Length > 0 && !account.Databases.Contains(database) ? FakeMySqlAnswer.Error(1044, "42000", "Access denied to it")
            : null;
        if (refusal is not null)
        {
            await wire.AnswerAsync(refusal);
            return null;
        }

        await wire.AnswerAsync(FakeMySqlAnswer.Ok);
        return _users.Enter(id, account!);
    }

    [SuppressMessage(
        "Security",
        "CA5350:Do Not Use Weak Cryptographic Algorithms",
        Justification = "mysql_native_password is made of it.")]
    private static bool Proves(string plugin, string password, byte[] nonce, byte[] shown)
    {
        var bytes = Encoding.UTF8.GetBytes(password);
        if (plugin == Native)
        {
            var once = SHA1.HashData(bytes);
            var mask = SHA1.HashData([.. nonce, .. SHA1.HashData(once)]);
            return shown.AsSpan().SequenceEqual(once.Zip(mask, (a, b) => (byte)(a ^ b)).ToArray());
        }

        var first = SHA256.HashData(bytes);
        var hidden = SHA256.HashData([.. SHA256.HashData(first), .. nonce]);
        return shown.AsSpan().SequenceEqual(first.Zip(hidden, (a, b) => (byte)(a ^ b)).ToArray());
    }

    private async Task<bool> CommandAsync(Wire wire, FakeMySqlSession session)
    {
        wire.Begin();
        var packet = await wire.ReceiveAsync();
        switch (packet[0])
        {
            case 0x01:
                return false;
            case 0x0e:
                await wire.AnswerAsync(FakeMySqlAnswer.Ok);
                return true;
            case 0x03:
                var statement = Encoding.UTF8.GetString(packet.AsSpan(1));
                if (session.IsKilled)
                {
                    return false;
                }

                var answer = _users.Run(session, statement);
                if (_users.LoseAnswerOf is { } lost && statement.Contains(lost, StringComparison.Ordinal))
                {
                    return false;
                }

                await wire.AnswerAsync(answer);
                return true;
            default:
                throw new FakeVendorException($"A command {packet[0]} that this server does not know.");
        }
    }

    /// <summary>Packets: three bytes of length, one that counts them, and what they hold.</summary>
    private sealed class Wire(NetworkStream stream, CancellationToken stopping)
    {
        private byte _count;

        public void Begin() => _count = 0;

        public async Task<byte[]> ReceiveAsync()
        {
            var head = new byte[4];
            await stream.ReadExactlyAsync(head, stopping);
            var body = new byte[head[0] | (head[1] << 8) | (head[2] << 16)];
            await stream.ReadExactlyAsync(body, stopping);
            if (head[3] != _count++)
            {
                throw body is [0x01]
                    ? new IOException("The client takes its leave before it was let in.")
                    : new FakeVendorException($"Packet {head[3]} came, and {_count - 1} was its turn.");
            }

            return body;
        }

        public async Task SendAsync(byte[] body) =>
            await stream.WriteAsync((byte[])[.. Number(body.Length, 3), _count++, .. body], stopping);

        public async Task AnswerAsync(FakeMySqlAnswer answer)
        {
            if (answer.Code != 0)
            {
                await SendAsync(
                    [0xff, .. Number(answer.Code, 2), (byte)'#', .. Encoding.ASCII.GetBytes(answer.State + answer.Message)]);
            }
            else if (answer.Columns.Count == 0)
            {
                await SendAsync([0, 0, 0, 2, 0, 0, 0]);
            }
            else
            {
                await SendAsync([(byte)answer.Columns.Count]);
                foreach (var column in answer.Columns)
                {
                    await SendAsync(
                    [
                        .. Text("def"), .. Text(""), .. Text(""), .. Text(""), .. Text(column), .. Text(column), 12, 45, 0,
                        .. Number(1024, 4), 0xfd, 0, 0, 0, 0, 0,
                    ]);
                }

                await SendAsync([0xfe, 0, 0, 2, 0]);
                foreach (var row in answer.Rows)
                {
                    await SendAsync([.. row.SelectMany(value => value is null ? [0xfb] : Text(value))]);
                }

                await SendAsync([0xfe, 0, 0, 2, 0]);
            }
        }

        public static byte[] Number(int number, int length)
        {
            var bytes = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
            return bytes[..length];
        }

        private static byte[] Text(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            return bytes.Length < 251 ? [(byte)bytes.Length, .. bytes] : [0xfc, .. Number(bytes.Length, 2), .. bytes];
        }
    }
}
