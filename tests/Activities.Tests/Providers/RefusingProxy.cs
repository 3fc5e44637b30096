using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>
/// A wire to a real PostgreSQL on which statements of one kind come back refused, as a managed service's hook refuses them: the server
/// never sees those.
/// </summary>
internal sealed class RefusingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _serverPort;
    private readonly string _part;
    private readonly byte[] _refusal;
    private readonly Task _serving;
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
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Refused => _refused;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var links = new List<Task>();
        try
        {
            while (true)
            {
                links.Add(LinkAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(links);
        }
    }

    private async Task LinkAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _serverPort, _stop.Token);
                await Task.WhenAny(ThereAsync(client, server), server.GetStream().CopyToAsync(client.GetStream(), _stop.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
            {
                // One of the two has gone.
            }
        }
    }

    /// <summary>A statement's messages (Parse to Sync) are written at once, and are small: they come as one.</summary>
    private async Task ThereAsync(TcpClient client, TcpClient server)
    {
        var buffer = new byte[64 * 1024];
        while (await client.GetStream().ReadAsync(buffer, _stop.Token) is > 0 and var count)
        {
            if (Encoding.UTF8.GetString(buffer, 0, count).Contains(_part, StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _refused);
                await client.GetStream().WriteAsync(_refusal, _stop.Token);
            }
            else
            {
                await server.GetStream().WriteAsync(buffer.AsMemory(0, count), _stop.Token);
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
