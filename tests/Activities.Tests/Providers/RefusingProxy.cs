using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>
/// A wire to a real PostgreSQL on which statements of one kind come back refused, as a managed service's hook refuses them: the server
/// never sees those.
/// </summary>
internal sealed class RefusingProxy : IAsyncDisposable
{
    private readonly LocalListener _listener;
    private readonly int _serverPort;
    private readonly string _part;
    private readonly byte[] _refusal;
    private int _refused;

    /// <param name="part">What a refused statement has in it.</param>
    public RefusingProxy(int serverPort, string part, string sqlState, string message)
    {
        (_serverPort, _part) = (serverPort, part);
        _refusal =
        [
            .. Message('E', $"SERROR\0VERROR\0C{sqlState}\0M{message}\0\0"),
            .. Message('Z', "E"),
        ];
        _listener = new LocalListener(LinkAsync);
    }

    public int Port => _listener.Port;

    public int Refused => _refused;

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task LinkAsync(TcpClient client, CancellationToken stop)
    {
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, _serverPort, stop);
        await Task.WhenAny(ThereAsync(client, server, stop), server.GetStream().CopyToAsync(client.GetStream(), stop));
    }

    /// <summary>A statement's messages (Parse to Sync) are written at once, and are small: they come as one.</summary>
    private async Task ThereAsync(TcpClient client, TcpClient server, CancellationToken stop)
    {
        var buffer = new byte[64 * 1024];
        while (await client.GetStream().ReadAsync(buffer, stop) is > 0 and var count)
        {
            if (Encoding.UTF8.GetString(buffer, 0, count).Contains(_part, StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _refused);
                await client.GetStream().WriteAsync(_refusal, stop);
            }
            else
            {
                await server.GetStream().WriteAsync(buffer.AsMemory(0, count), stop);
            }
        }
    }

    private static byte[] Message(char type, string body)
    {
        var text = Encoding.UTF8.GetBytes(body);
        var message = new byte[5 + text.Length];
        message[0] = (byte)type;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), 4 + text.Length);
        text.CopyTo(message, 5);
        return message;
    }
}
