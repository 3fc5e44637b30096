using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Rotunda.Testing.RealServers;

/// <summary>A real OpenSSH server on a free port for the user that runs the tests: public keys of one file, and nothing else.</summary>
public sealed class SshServer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/sshd";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-sshd-");
    private Process? _process;

    private SshServer()
    {
    }

    public int Port { get; private set; }

    /// <summary>The authorized_keys file that it reads at each login.</summary>
    public string AuthorizedKeys => In("authorized_keys");

    public string In(string name) => Path.Combine(_folder.FullName, name);

    public static async Task<SshServer> StartAsync()
    {
        if (!File.Exists(Program))
        {
            throw new InvalidOperationException(
                $"OpenSSH's server was not found at {Program}. Install the Debian package 'openssh-server'.");
        }

        var server = new SshServer();
        try
        {
            await server.LaunchAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>True if a client with this private key gets in and may run a command.</summary>
    public async Task<bool> LetsInAsync(string keyFile)
    {
        var (code, output) = await RunAsync(
            "ssh",
            "-F",
            "none",
            "-i",
            keyFile,
            "-p",
            $"{Port}",
            "-o",
            "IdentitiesOnly=yes",
            "-o",
            "IdentityAgent=none",
            "-o",
            "BatchMode=yes",
            "-o",
            "StrictHostKeyChecking=no",
            "-o", $"UserKnownHostsFile={In("known_hosts")}", "-o", "LogLevel=ERROR", $"{Environment.UserName}@127.0.0.1", "echo", "in");
        return code == 0 && output.Trim() == "in";
    }

    public static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(
            program,
            arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
                UseShellExecute = false,
            })!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        await errors;
        return (process.ExitCode, await output);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private async Task LaunchAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            // Debian's package makes it at boot; a container has not booted.
            Directory.CreateDirectory("/run/sshd");
        }

        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", In("host_key"));
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        await File.WriteAllTextAsync(In("sshd_config"), $"""
            ListenAddress 127.0.0.1:{Port}
            HostKey {In("host_key")}
            PidFile none
            AuthorizedKeysFile {AuthorizedKeys}
            AuthenticationMethods publickey
            PermitRootLogin prohibit-password
            StrictModes no
            UsePAM no

            """);
        _process = Process.Start(new ProcessStartInfo(
            Program,
            ["-D", "-e", "-f", In("sshd_config")]) { RedirectStandardError = true, UseShellExecute = false })!;
        var log = new List<string?>();
        _process.ErrorDataReceived += (_, line) => log.Add(line.Data);
        _process.BeginErrorReadLine();
        var since = Stopwatch.StartNew();
        while (since.Elapsed < TimeSpan.FromSeconds(30) && !_process.HasExited)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException)
            {
                // Another process cannot tell us by itself.
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }

        throw new InvalidOperationException("sshd did not start: " + string.Join('\n', log));
    }
}
