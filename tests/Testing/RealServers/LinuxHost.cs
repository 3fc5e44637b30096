using System.Diagnostics;

namespace Rotunda.Testing.RealServers;

/// <summary>
/// A Linux machine as far as its accounts go: a real sshd in a mount namespace of its own, where /etc is a copy. Accounts that are made
/// there, and their passwords, are that copy's alone. Needs root. Gone without trace when disposed.
/// </summary>
public sealed class LinuxHost : IAsyncDisposable
{
    private readonly ServerFolder _folder = new("unshare", "rotunda-host-");

    private LinuxHost()
    {
    }

    /// <summary>Null if one can be had here; else why not.</summary>
    public static string? WhyUnavailable => !Environment.IsPrivilegedProcess ? "only root may make a mount namespace"
        : new[] { "/usr/sbin/sshd", "/usr/sbin/chpasswd", "/usr/bin/unshare" }
                .FirstOrDefault(program => !File.Exists(program)) is { } missing
            ? $"{missing} is not there (Debian: openssh-server, passwd, util-linux)"
        : SshServer.RunAsync("unshare", "-m", "true").GetAwaiter().GetResult().Code != 0 ? "mount namespaces are not allowed here"
        : null;

    public int Port { get; private set; }

    /// <summary>The private key that logs in as root.</summary>
    public string Key => In("key");

    public string KnownHosts => In("known_hosts");

    /// <summary>A private key with a passphrase.</summary>
    public string LockedKey => File.ReadAllText(In("locked"));

    public static async Task<LinuxHost> StartAsync()
    {
        var host = new LinuxHost();
        try
        {
            await host.PrepareAsync();
            await host.LaunchAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <param name="shell">What the account gets when it logs in.</param>
    public Task AddAsync(string account, string password, string shell = "/bin/sh") =>
        InsideAsync($"useradd -M -s {shell} {account} && chpasswd", $"{account}:{password}\n");

    public Task RemoveAsync(string account) => InsideAsync($"userdel {account}");

    public Task SetPasswordAsync(string account, string password) => InsideAsync("chpasswd", $"{account}:{password}\n");

    /// <summary>The line of an account in the copy's /etc/shadow; null for none.</summary>
    public string? Shadow(string account) => File.ReadLines(Path.Combine(In("etc"), "shadow"))
        .FirstOrDefault(line => line.StartsWith(account + ":", StringComparison.Ordinal));

    /// <summary>True if sshd lets the account in by the password.</summary>
    public async Task<bool> LetsInAsync(string account, string password)
    {
        var (secret, ask) = (In("answer"), In("ask"));
        await File.WriteAllTextAsync(secret, password + "\n");
        await File.WriteAllTextAsync(ask, $"#!/bin/sh\nexec cat {secret}\n");
        await SshServer.RunAsync("chmod", "700", ask);
        var (code, output) = await SshServer.RunAsync(
            "env", $"SSH_ASKPASS={ask}", "SSH_ASKPASS_REQUIRE=force", "ssh", "-F", "none", "-p", $"{Port}", "-o", "PubkeyAuthentication=no",
            "-o", "NumberOfPasswordPrompts=1", "-o", $"UserKnownHostsFile={KnownHosts}", "-o", "LogLevel=ERROR",
            $"{account}@127.0.0.1", "echo", "in");
        return code == 0 && output.Trim() == "in";
    }

    public Task StopAsync() => _folder.StopAsync();

    /// <summary>On the port that it had, if it ran before.</summary>
    public Task LaunchAsync() => _folder.StartAsync(
        ["-m", "sh", "-c", $"mount --bind {In("etc")} /etc && exec /usr/sbin/sshd -D -e -f {In("sshd_config")}"], Port);

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    private async Task PrepareAsync()
    {
        Directory.CreateDirectory("/run/sshd");
        // sshd reads the keys as the user who logs in.
        await SshServer.RunAsync("chmod", "711", _folder.ToString());
        await SshServer.RunAsync("cp", "-a", "/etc", In("etc"));
        await SshServer.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", In("host_key"));
        await SshServer.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Key);
        await SshServer.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "a-passphrase", "-f", In("locked"));
        Port = ServerFolder.FreePort();
        var hostKey = await File.ReadAllTextAsync(In("host_key.pub"));
        await File.WriteAllTextAsync(KnownHosts, $"[127.0.0.1]:{Port} {string.Join(' ', hostKey.Split(' ').Take(2))}\n");
        await File.WriteAllTextAsync(In("sshd_config"), $"""
            ListenAddress 127.0.0.1:{Port}
            HostKey {In("host_key")}
            PidFile none
            AuthorizedKeysFile {In("key.pub")}
            PasswordAuthentication yes
            PermitRootLogin prohibit-password
            StrictModes no
            UsePAM no

            """);
    }

    private async Task InsideAsync(string command, string input = "")
    {
        using var process = Process.Start(new ProcessStartInfo(
            "unshare",
            ["-m", "sh", "-c", $"mount --bind {In("etc")} /etc && {command}"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command}: {process.ExitCode}\n{errors}");
        }
    }

    private string In(string name) => _folder.File(name);
}
