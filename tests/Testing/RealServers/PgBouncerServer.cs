using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace Rotunda.Testing.RealServers;

/// <summary>
/// A real PgBouncer in front of a real PostgreSQL: a free port, every login by scram-sha-256, a userlist of its own. It never
/// runs as root. Gone without trace when disposed.
/// </summary>
public sealed class PgBouncerServer : IAsyncDisposable
{
    private const string FolderPrefix = "rotunda-pgbouncer-";
    private const string SystemUser = "postgres";
    private const int PortTries = 5;
    private readonly PostgresCluster _cluster;
    private readonly string _binary;
    private readonly PgBouncerOptions _options;
    private Process? _process;

    private PgBouncerServer(PostgresCluster cluster, string binary, PgBouncerOptions options, string folder)
    {
        (_cluster, _binary, _options, Folder) = (cluster, binary, options, folder);
    }

    public string Host => "127.0.0.1";

    public int Port { get; private set; }

    public string Address => $"{Host}:{Port}";

    public string AdminUser => "pooler_admin";

    public string AdminPassword { get; } = "pooler-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    public string UserList => Path.Combine(Folder, "userlist.txt");

    public string Ini => Path.Combine(Folder, "pgbouncer.ini");

    public string Folder { get; }

    /// <summary>Everything it has logged so far.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    /// <summary>Null if the program is there; else what to install.</summary>
    public static string? WhyUnavailable =>
        FindBinary() is null ? "PgBouncer was found neither on PATH nor in /usr/sbin. Install the Debian package 'pgbouncer'." : null;

    private string LogFile => Path.Combine(Folder, "pgbouncer.log");

    /// <param name="users">Lines of the userlist besides the administrator's.</param>
    public static async Task<PgBouncerServer> StartAsync(PostgresCluster cluster, string users = "", PgBouncerOptions? options = null)
    {
        var binary = FindBinary() ?? throw new InvalidOperationException(WhyUnavailable);
        RemoveStale();
        var folder = Path.Combine(
            Path.GetTempPath(),
            $"{FolderPrefix}{Environment.ProcessId}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}");
        var server = new PgBouncerServer(cluster, binary, options ?? new PgBouncerOptions(), Directory.CreateDirectory(folder).FullName);
        try
        {
            await File.WriteAllTextAsync(server.UserList, $"\"{server.AdminUser}\" \"{server.AdminPassword}\"\n{users}");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(server.UserList, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            await server.LaunchAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client's connection through the pooler.</summary>
    public string ConnectionString(string user, string password) =>
        $"Host={Host};Port={Port};Username={user};Password={password};Database=postgres;GSS Encryption Mode=Disable;SSL Mode=Disable;No "
            + "Reset On Close=true;Pooling=false;Timeout=30";

    /// <summary>True if a login through the pooler gets an answer from the server.</summary>
    public async Task<bool> CanLogInAsync(string user, string password)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString(user, password));
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("SELECT 1", connection);
            await command.ExecuteScalarAsync();
            return true;
        }
        catch (PostgresException)
        {
            return false;
        }
    }

    public async Task StopAsync()
    {
        if (_process is null)
        {
            return;
        }

        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task LaunchAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            Port = FreePort();
            await File.WriteAllTextAsync(Ini, Configuration());
            if (Environment.IsPrivilegedProcess)
            {
                using var chown = Process.Start("/bin/chown", ["-R", SystemUser, Folder]);
                await chown.WaitForExitAsync();
            }

            string[] command = [_binary, Ini];
            _process = Process.Start(Environment.IsPrivilegedProcess
                ? new ProcessStartInfo(
                    "setpriv",
                    ["--reuid", SystemUser, "--regid", SystemUser, "--clear-groups", .. command])
                    {
                        WorkingDirectory = Folder,
                        RedirectStandardError = true,
                        UseShellExecute = false,
                    }
                : new ProcessStartInfo(
                    command[0],
                    command[1..]) { WorkingDirectory = Folder, RedirectStandardError = true, UseShellExecute = false })!;
            _process.BeginErrorReadLine();
            if (await IsUpAsync())
            {
                return;
            }

            await StopAsync();
            if (attempt == PortTries)
            {
                throw new InvalidOperationException("PgBouncer did not start:\n" + Log);
            }
        }
    }

    private string Configuration() => $"""
        [databases]
        postgres = host={_cluster.Host} port={_cluster.Port} dbname=postgres {_options.DatabaseLine}
        [pgbouncer]
        listen_addr = {Host}
        listen_port = {Port}
        unix_socket_dir = {Folder}
        auth_type = {_options.AuthType}
        auth_file = {UserList}
        admin_users = {AdminUser}
        logfile = {LogFile}
        pool_mode = {_options.PoolMode}
        default_pool_size = 8
        max_client_conn = 100
        server_login_retry = 1
        ignore_startup_parameters = extra_float_digits
        {_options.More}

        """;

    private async Task<bool> IsUpAsync()
    {
        var deadline = Stopwatch.StartNew();
        while (deadline.Elapsed < TimeSpan.FromSeconds(60) && !_process!.HasExited)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(Host, Port);
                return true;
            }
            catch (SocketException)
            {
                // Another process cannot tell us by itself.
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }

        return false;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string? FindBinary() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append("/usr/sbin").Select(folder => Path.Combine(folder, "pgbouncer")).FirstOrDefault(File.Exists);

    /// <summary>Stops and removes what test processes left behind that were killed.</summary>
    private static void RemoveStale()
    {
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), FolderPrefix + "*"))
        {
            if (!int.TryParse(Path.GetFileName(folder)[FolderPrefix.Length..].Split('-')[0], out var owner)
                || Directory.Exists($"/proc/{owner}"))
            {
                continue;
            }

            try
            {
                foreach (var process in Process.GetProcessesByName("pgbouncer")
                    .Where(p => File.ReadAllText($"/proc/{p.Id}/cmdline").Contains(folder, StringComparison.Ordinal)))
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
