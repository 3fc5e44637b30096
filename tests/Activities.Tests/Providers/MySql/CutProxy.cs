using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rotunda.Activities.Tests.Providers.MySql;

/// <summary>Stands before a server that speaks first, and cuts the line once a text has passed: the server has it, and its answer does
/// not come back.</summary>
internal sealed class CutProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly Task _accepting;

    public CutProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Null: never.</summary>
    public string? CutAfter { get; set; }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using var server = new TcpClient();
            using (client)
            {
                await server.ConnectAsync(IPAddress.Loopback, _target);
                var cut = new TaskCompletionSource();
                var there = PumpAsync(client, server, text =>
                {
                    if (CutAfter is { } last && text.Contains(last, StringComparison.Ordinal))
                    {
                        cut.TrySetResult();
                    }

                    return true;
                });
                // What comes after the cut is the answer: read, and kept back.
                var back = PumpAsync(server, client, _ => !cut.Task.IsCompleted);
                await Task.WhenAny(there, back);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // One of them has gone.
        }
    }

    /// <param name="goesOn">Told what is to be passed on, before it is.</param>
    private static async Task PumpAsync(TcpClient from, TcpClient to, Func<string, bool> goesOn)
    {
        var buffer = new byte[16 * 1024];
        while (await from.GetStream().ReadAsync(buffer) is > 0 and var count
            && goesOn(Encoding.Latin1.GetString(buffer, 0, count)))
        {
            await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
        }
    }
}
