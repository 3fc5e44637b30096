using System.Net;
using System.Net.Sockets;
using System.Text;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Ledger;

/// <summary>
/// A wire to PostgreSQL that breaks when it is armed and a client commits: the server gets the commit and answers, and the
/// answer is lost.
/// </summary>
internal sealed class CutCommitProxy : IAsyncDisposable
{
    private readonly LocalListener _listener;
    private readonly int _serverPort;

    public CutCommitProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener = new LocalListener(LinkAsync);
    }

    public int Port => _listener.Port;

    /// <summary>What the statement has whose answer is lost.</summary>
    public string Statement { get; init; } = "COMMIT";

    /// <summary>The next commit's answer is lost, or that of another statement.</summary>
    public bool Armed { get; set; }

    public int Cut { get; private set; }

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task LinkAsync(TcpClient client, CancellationToken stop)
    {
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, _serverPort, stop);
        var cut = new TaskCompletionSource();
        var there = CopyAsync(client, server, bytes => Armed && bytes.Span.IndexOf(Encoding.ASCII.GetBytes(Statement)) >= 0, cut, stop);
        var back = CopyAsync(server, client, _ => cut.Task.IsCompleted, null, stop);
        await Task.WhenAny(there, back);
    }

    /// <summary>Passes on what comes. What <paramref name="last"/> holds for is the last: from the client it is passed on, from
    /// the server it is not.</summary>
    private async Task CopyAsync(
        TcpClient from, TcpClient to, Func<ReadOnlyMemory<byte>, bool> last, TaskCompletionSource? cut, CancellationToken stop)
    {
        var buffer = new byte[64 * 1024];
        while (await from.GetStream().ReadAsync(buffer, stop) is > 0 and var count)
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

            await to.GetStream().WriteAsync(buffer.AsMemory(0, count), stop);
        }
    }
}
