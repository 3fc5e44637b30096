using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Rotunda.Testing.VendorFakes;

/// <summary>A port of this machine on which a stand-in or a proxy serves each connection until that has gone, or the test is
/// over.</summary>
public sealed class LocalListener : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<string> _problems = new();
    private readonly Func<TcpClient, CancellationToken, Task> _serve;
    private readonly Task _accepting;

    /// <param name="serve">Serves one connection, and waits for nothing once the test is over. It need not close it. That the other side
    /// has gone may be thrown out of it; whatever else it throws is kept for <see cref="AssertClean"/>.</param>
    public LocalListener(Func<TcpClient, CancellationToken, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <exception cref="FakeVendorException">Something came that a server would not have understood.</exception>
    public void AssertClean()
    {
        if (!_problems.IsEmpty)
        {
            throw new FakeVendorException(string.Join("\n", _problems.Distinct()));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException
            || (_stopping.IsCancellationRequested && exception is InvalidOperationException))
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        connection.NoDelay = true;
        try
        {
            await _serve(connection, _stopping.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException
            or ObjectDisposedException or AuthenticationException)
        {
            // The other side has gone or does not trust the certificate, or the test is over.
        }
        catch (Exception exception)
        {
            _problems.Enqueue(exception.Message);
        }
    }
}
