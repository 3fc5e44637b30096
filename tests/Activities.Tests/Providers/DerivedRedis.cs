using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>A real Redis with one password, for as long as a test asks it.</summary>
internal sealed class DerivedRedis : IAsyncDisposable
{
    private readonly Process _process;

    private DerivedRedis(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <summary>Null if the program is not there.</summary>
    public static async Task<DerivedRedis?> StartAsync(string password)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var hex = string.Concat(Encoding.UTF8.GetBytes(password).Select(one => $"\\x{one:x2}"));
        try
        {
            var process = Process.Start(new ProcessStartInfo("redis-server", "-")
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
            })!;
            var settings = $"bind 127.0.0.1\nport {port}\nsave \"\"\nrequirepass \"{hex}\"\n";
            await process.StandardInput.WriteAsync(settings);
            process.StandardInput.Close();
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                if (line.Contains("Ready to accept connections", StringComparison.Ordinal))
                {
                    return new(process, port);
                }
            }

            throw new InvalidOperationException("redis-server ended before it was ready.");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>What the real client hears at the address.</summary>
    public async Task<string?> PingAsync(string address) =>
        (await Commands.OutputAsync("redis-cli", "--no-auth-warning", "-u", address, "PING"))?.Trim();

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
