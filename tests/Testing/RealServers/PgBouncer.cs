using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Rotunda.Testing.RealServers;

/// <summary>A real PgBouncer before a <see cref="PostgresCluster"/>, which lends a session for one transaction at a time.</summary>
public sealed class PgBouncer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/pgbouncer";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-pgbouncer-");
    private readonly Process _process;

    private PgBouncer(PostgresCluster cluster, string user, string password)
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        var users = Path.Combine(_folder.FullName, "users.txt");
        var settings = Path.Combine(_folder.FullName, "pgbouncer.ini");
        File.WriteAllText(users, $"\"{user}\" \"{password}\"\n");
        File.WriteAllText(settings, $"""
            [databases]
            * = host={cluster.Host} port={cluster.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {Port}
            unix_socket_dir =
            auth_type = scram-sha-256
            auth_file = {users}
            pool_mode = transaction
            default_pool_size = 2
            """ + "\n");
        if (!OperatingSystem.IsWindows())
        {
            // It refuses to run as root, so another user reads these.
            File.SetUnixFileMode(_folder.FullName, (UnixFileMode)0b111_101_101);
        }

        string[] asUser = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups", Program] : [Program];
        _process = Process.Start(new ProcessStartInfo(asUser[0], [.. asUser[1..], "-q", settings]) { UseShellExecute = false })!;
    }

    public int Port { get; }

    public static bool IsInstalled => File.Exists(Program);

    public static async Task<PgBouncer> StartAsync(PostgresCluster cluster, string user, string password)
    {
        var bouncer = new PgBouncer(cluster, user, password);
        while (true)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, bouncer.Port);
                return bouncer;
            }
            catch (SocketException) when (!bouncer._process.HasExited)
            {
                // Another process, which cannot tell us by itself.
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
