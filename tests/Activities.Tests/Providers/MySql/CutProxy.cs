using System.Net;
using System.Net.Sockets;
using System.Text;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.MySql;

/// <summary>Stands before a server that speaks first, and cuts the line once a text has passed: the server has it, and its answer does
/// not come back.</summary>
internal sealed class CutProxy : IAsyncDisposable
{
    private readonly LocalListener _listener;
    private readonly int _target;

    public CutProxy(int target)
    {
        _target = target;
        _listener = new LocalListener(ServeAsync);
    }

    public int Port => _listener.Port;

    /// <summary>Null: never.</summary>
    public string? CutAfter { get; set; }

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, _target, stop);
        var cut = new TaskCompletionSource();
        var there = PumpAsync(
            client,
            server,
            text =>
            {
                if (CutAfter is { } last && text.Contains(last, StringComparison.Ordinal))
                {
                    cut.TrySetResult();
                }

                return true;
            },
            stop);
        // What comes after the cut is the answer: read, and kept back.
        var back = PumpAsync(server, client, _ => !cut.Task.IsCompleted, stop);
        await Task.WhenAny(there, back);
    }

    /// <param name="goesOn">Told what is to be passed on, before it is.</param>
    private static async Task PumpAsync(TcpClient from, TcpClient to, Func<string, bool> goesOn, CancellationToken stop)
    {
        var buffer = new byte[16 * 1024];
        while (await from.GetStream().ReadAsync(buffer, stop) is > 0 and var count
            && goesOn(Encoding.Latin1.GetString(buffer, 0, count)))
        {
            await to.GetStream().WriteAsync(buffer.AsMemory(0, count), stop);
        }
    }
}
