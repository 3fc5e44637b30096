using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rotunda.Activities.Tests.Ledger;

/// <summary>
/// A wire to PostgreSQL that breaks when it is armed and a client commits: the server gets the commit and answers, and the
/// answer is lost.
/// </summary>
internal sealed class CutCommitProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _serverPort;
    private readonly Task _serving;

    public CutCommitProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What the statement has whose answer is lost.</summary>
    public string Statement { get; init; } = "COMMIT";

    /// <summary>The next commit's answer is lost, or that of another statement.</summary>
    public bool Armed { get; set; }

    public int Cut { get; private set; }

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
                var cut = new TaskCompletionSource();
                var there = CopyAsync(client, server, bytes => Armed && bytes.Span.IndexOf(Encoding.ASCII.GetBytes(Statement)) >= 0, cut);
                var back = CopyAsync(server, client, _ => cut.Task.IsCompleted, null);
                await Task.WhenAny(there, back);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
            {
                // One of the two has gone.
            }
        }
    }

    /// <summary>Passes on what comes. What <paramref name="last"/> holds for is the last: from the client it is passed on, from
    /// the server it is not.</summary>
    private async Task CopyAsync(TcpClient from, TcpClient to, Func<ReadOnlyMemory<byte>, bool> last, TaskCompletionSource? cut)
    {
        var buffer = new byte[64 * 1024];
        while (await from.GetStream().ReadAsync(buffer, _stop.Token) is > 0 and var count)
        {
            var isLast = last(buffer.AsMemory(0, count));
            if (isLast && cut is null)
            {
                Cut++;
                Armed = false;
                return;
            }

            if (isLast)
            {
                cut!.TrySetResult();
            }

            await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _stop.Token);
        }
    }
}
