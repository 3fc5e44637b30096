using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MySqlConnector;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Testing.RealServers;

/// <summary>
/// A real MariaDB or MySQL of its own: data in a temporary folder, a free port with and without TLS, a user <c>rotunda</c> with the rights
/// that the providers ask for, each statement in its general log and each change in its binary log. Gone without trace when disposed.
/// </summary>
public abstract class MySqlFamilyServer : IAsyncDisposable
{
    public const string AdminUser = "rotunda";
    private const string SystemUser = "mysql";
    private const int PortTries = 5;
    private readonly ServerFolder _folder;

    private protected MySqlFamilyServer(ServerFolder folder) => _folder = folder;

    public string AdminPassword { get; } = $"admin-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";

    public int Port { get; private set; }

    public string Address => $"127.0.0.1:{Port}";

    /// <summary>The certificate authority that signed the server's certificate.</summary>
    public static string AuthorityFile => FakeCertificate.Shared.AuthorityFile;

    /// <summary>Every statement that came in so far.</summary>
    public string GeneralLog => Read(Path.Combine(Data, "general.log"));

    /// <summary>Every change so far, as it goes to replicas.</summary>
    public string BinaryLog =>
        string.Concat(Directory.GetFiles(Data, "changes.0*").Order(StringComparer.Ordinal).Select(Read));

    private protected string Data => _folder.File("data");

    /// <summary>Those of this kind of server alone.</summary>
    private protected abstract IEnumerable<string> Options { get; }

    /// <summary>What Rotunda's user may do, as the providers' pages name it.</summary>
    private protected abstract string Rights { get; }

    /// <summary>It refuses to run as root: then as the system's own user for it, who has to be able to write the data.</summary>
    private protected static string[] AsSystemUser => Environment.IsPrivilegedProcess ? [$"--user={SystemUser}"] : [];

    /// <summary>Runs statements as who may do everything.</summary>
    public async Task RunAsync(params string[] statements)
    {
        await using var connection = new MySqlConnection(Root);
        await connection.OpenAsync();
        foreach (var statement in statements)
        {
            await using var command = new MySqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>The rows of a query as text, their columns parted by spaces.</summary>
    public async Task<IReadOnlyList<string>> AskAsync(string query)
    {
        await using var connection = new MySqlConnection(Root);
        await connection.OpenAsync();
        await using var command = new MySqlCommand(query, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i))));
        }

        return rows;
    }

    /// <summary>A session as a client keeps it. From here it comes from 127.0.0.1.</summary>
    public async Task<MySqlConnection> ConnectAsync(string user, string password)
    {
        var connection = new MySqlConnection(new MySqlConnectionStringBuilder
        {
            Server = "127.0.0.1",
            Port = (uint)Port,
            UserID = user,
            Password = password,
            Pooling = false,
            AllowUserVariables = true,
        }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>SIGKILL, as a machine that fails.</summary>
    public Task StopAsync() => _folder.StopAsync();

    /// <summary>With the data it has, at the port that it had, if it ran before.</summary>
    public async Task LaunchAsync()
    {
        Port = Port == 0 ? ServerFolder.FreePort() : Port;
        // One that was killed leaves it.
        File.Delete($"{Data}/s");
        await _folder.StartAsync(
            [
                "--no-defaults", $"--datadir={Data}", $"--port={Port}", "--bind-address=127.0.0.1", $"--socket={Data}/s",
                $"--pid-file={Data}/pid", $"--log-error={Data}/error.log", "--skip-name-resolve", "--general-log",
                $"--general-log-file={Data}/general.log", $"--log-bin={Data}/changes", "--server-id=1",
                $"--ssl-cert={Data}/server.pem", $"--ssl-key={Data}/server.key", $"--ssl-ca={Data}/authority.pem",
                "--innodb-flush-log-at-trx-commit=2", "--skip-innodb-doublewrite", "--key-buffer-size=64K",
                .. Options, .. AsSystemUser,
            ],
            Port);
        await _folder.UntilThereAsync($"{Data}/s");
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _folder.DisposeAsync();
    }

    /// <summary>Where its accounts are made, in <see cref="Data"/>.</summary>
    private protected abstract Task InstallAsync();

    private protected async Task BeginAsync()
    {
        try
        {
            await InstallAsync();
            await AddCertificateAsync();
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    await LaunchAsync();
                    break;
                }
                catch (InvalidOperationException) when (attempt < PortTries)
                {
                    await StopAsync();
                    Port = 0;
                }
            }

            await RunAsync(
                $"CREATE USER {AdminUser}@'127.0.0.1' IDENTIFIED BY '{AdminPassword}'",
                $"GRANT {Rights} ON *.* TO {AdminUser}@'127.0.0.1'",
                $"GRANT SELECT ON mysql.* TO {AdminUser}@'127.0.0.1'");
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    private protected static async Task DoAsync(string program, params string[] arguments)
    {
        var (code, output) = await SshServer.RunAsync(program, arguments);
        if (code != 0)
        {
            throw new InvalidOperationException($"{program}: {code}\n{output}");
        }
    }

    /// <summary>By the socket, where the installer's root needs no password.</summary>
    private string Root => new MySqlConnectionStringBuilder
    {
        Server = $"{Data}/s",
        ConnectionProtocol = MySqlConnectionProtocol.UnixSocket,
        UserID = "root",
        Pooling = false,
        AllowUserVariables = true,
    }.ConnectionString;

    private async Task AddCertificateAsync()
    {
        var certificate = FakeCertificate.Shared;
        File.Copy(certificate.AuthorityFile, Path.Combine(Data, "authority.pem"));
        await File.WriteAllTextAsync(Path.Combine(Data, "server.pem"), certificate.Server.ExportCertificatePem());
        using var key = certificate.Server.GetECDsaPrivateKey()!;
        await File.WriteAllTextAsync(Path.Combine(Data, "server.key"), key.ExportPkcs8PrivateKeyPem());
    }

    private static string Read(string path)
    {
        if (!File.Exists(path))
        {
            return "";
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
