using System.Net;
using System.Net.Sockets;
using System.Text;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.Ldap;

/// <summary>Stands between Rotunda and the server: keeps what was sent, and cuts the line once a text has passed.</summary>
internal sealed class LdapProxy : IAsyncDisposable
{
    private readonly LocalListener _listener;
    private readonly MemoryStream _sent = new();
    private readonly int _target;
    private int _cuts;

    public LdapProxy(int target)
    {
        _target = target;
        _listener = new LocalListener(ServeAsync);
    }

    public int Port => _listener.Port;

    /// <summary>After the server was given a message with this text, its answer is kept back and the line is cut. Null: never.</summary>
    public string? CutAfter { get; set; }

    /// <summary>So many clients are cut off as soon as they have sent something, before the server hears of it.</summary>
    public int CutAtOnce
    {
        init => _cuts = value;
    }

    /// <summary>All that clients have sent.</summary>
    public string Sent
    {
        get
        {
            lock (_sent)
            {
                return Encoding.Latin1.GetString(_sent.ToArray());
            }
        }
    }

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, _target, stop);
        var (near, far) = (client.GetStream(), server.GetStream());
        var back = Task.CompletedTask;
        var buffer = new byte[16 * 1024];
        while (await near.ReadAsync(buffer, stop) is > 0 and var count)
        {
            if (Interlocked.Decrement(ref _cuts) >= 0)
            {
                return;
            }

            lock (_sent)
            {
                _sent.Write(buffer, 0, count);
            }

            if (CutAfter is { } text && Encoding.Latin1.GetString(buffer, 0, count).Contains(text, StringComparison.Ordinal))
            {
                // The server answers, so it has done it.
                await far.WriteAsync(buffer.AsMemory(0, count), stop);
                await back;
                _ = await far.ReadAsync(buffer, stop);
                return;
            }

            await far.WriteAsync(buffer.AsMemory(0, count), stop);
            if (CutAfter is null)
            {
                back = back.IsCompleted ? far.CopyToAsync(near, stop) : back;
            }
            else
            {
                // One answer to one question, so that the last one can be kept back.
                var answer = new byte[16 * 1024];
                await near.WriteAsync(answer.AsMemory(0, await far.ReadAsync(answer, stop)), stop);
            }
        }
    }
}
