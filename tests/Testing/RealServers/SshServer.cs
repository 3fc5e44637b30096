using System.Diagnostics;

namespace Rotunda.Testing.RealServers;

/// <summary>A real OpenSSH server on a free port for the user that runs the tests: public keys of one file, and nothing else.</summary>
public sealed class SshServer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/sshd";
    private readonly ServerFolder _folder = new(Program, "rotunda-sshd-");

    private SshServer()
    {
    }

    public int Port { get; private set; }

    /// <summary>The authorized_keys file that it reads at each login.</summary>
    public string AuthorizedKeys => In("authorized_keys");

    public string In(string name) => _folder.File(name);

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

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    private async Task LaunchAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            // Debian's package makes it at boot; a container has not booted.
            Directory.CreateDirectory("/run/sshd");
        }

        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", In("host_key"));
        Port = ServerFolder.FreePort();
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
        await _folder.StartAsync(["-D", "-e", "-f", In("sshd_config")], Port);
    }
}
