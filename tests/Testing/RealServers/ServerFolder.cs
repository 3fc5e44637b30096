using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Rotunda.Testing.RealServers;

/// <summary>
/// A folder of its own for one real server that a test starts, and its process. Both are gone when it is disposed; what a test process
/// that was killed left behind goes when the next one starts.
/// </summary>
public sealed class ServerFolder : IAsyncDisposable
{
    private const int MostSaid = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _program;
    private readonly ConcurrentQueue<string> _said = new();
    private Process? _process;

    /// <param name="program">The file that runs.</param>
    /// <param name="prefix">Of the folder's name, the same for all servers of a kind.</param>
    public ServerFolder(string program, string prefix)
    {
        _program = program;
        RemoveStale(prefix, Path.GetFileName(program));
        Root = Directory.CreateDirectory(Path.Combine(
            Path.GetTempPath(),
            $"{prefix}{Environment.ProcessId}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}")).FullName;
    }

    private string Root { get; }

    public string File(string name) => Path.Combine(Root, name);

    public override string ToString() => Root;

    /// <summary>Where the program is; null if it is nowhere.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append("/usr/sbin").Select(folder => Path.Combine(folder, program)).FirstOrDefault(System.IO.File.Exists);

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts the program, and waits until somebody listens at each port.</summary>
    public async Task StartAsync(IEnumerable<string> arguments, params int[] ports)
    {
        _process = Process.Start(new ProcessStartInfo(_program, arguments)
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        foreach (var port in ports)
        {
            await UntilAsync(() => ListensAsync(port));
        }
    }

    /// <summary>Waits for a file that the program makes, such as its socket: whoever listens at its port may be another.</summary>
    public Task UntilThereAsync(string file) => UntilAsync(() => Task.FromResult(System.IO.File.Exists(file)));

    private async Task UntilAsync(Func<Task<bool>> isReady)
    {
        var since = Stopwatch.StartNew();
        while (!await isReady())
        {
            if (_process!.HasExited || since.Elapsed > Patience)
            {
                throw new InvalidOperationException($"{_program} did not start. Its log:\n{Log()}");
            }

            // Another process cannot tell us by itself.
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    /// <summary>SIGKILL: nothing is flushed, nothing is closed.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Root, recursive: true);
    }

    private string Log() => string.Join('\n', Directory.GetFiles(Root, "*.log").Select(System.IO.File.ReadAllText).Concat(_said));

    private void Hear(string? line)
    {
        if (line is not null)
        {
            _said.Enqueue(line);
        }

        while (_said.Count > MostSaid && _said.TryDequeue(out _))
        {
            // The last lines tell why it did not start.
        }
    }

    private static async Task<bool> ListensAsync(int port)
    {
        try
        {
            using var probe = new TcpClient();
            await probe.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void RemoveStale(string prefix, string program)
    {
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), prefix + "*"))
        {
            if (!int.TryParse(Path.GetFileName(folder)[prefix.Length..].Split('-')[0], out var owner)
                || Directory.Exists($"/proc/{owner}"))
            {
                continue;
            }

            try
            {
                foreach (var process in Process.GetProcessesByName(program)
                    .Where(p => new FileInfo($"/proc/{p.Id}/cwd").LinkTarget?.StartsWith(folder, StringComparison.Ordinal) == true))
                {
                    process.Kill();
                    process.WaitForExit();
                }

                Directory.Delete(folder, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or Win32Exception
                or InvalidOperationException)
            {
                // Gone by itself, or not ours to remove.
            }
        }
    }
}
