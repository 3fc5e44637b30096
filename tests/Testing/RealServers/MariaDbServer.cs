namespace Rotunda.Testing.RealServers;

/// <summary>A MariaDB, as Debian has it.</summary>
public sealed class MariaDbServer : MySqlFamilyServer
{
    private const string Program = "mariadbd";
    private const string Installer = "mariadb-install-db";

    private MariaDbServer(ServerFolder folder)
        : base(folder)
    {
    }

    /// <summary>Null if the programs are there; else what to install.</summary>
    public static string? WhyUnavailable => ServerFolder.Find(Program) is null || ServerFolder.Find(Installer) is null
        ? "MariaDB was not found on PATH. Install the Debian package 'mariadb-server'."
        : null;

    private protected override IEnumerable<string> Options => Small;

    private protected override string Rights => "CREATE USER, PROCESS, CONNECTION ADMIN, SLAVE MONITOR";

    private static string[] Small =>
    [
        "--innodb-buffer-pool-size=8M", "--innodb-log-file-size=4M", "--aria-pagecache-buffer-size=1M", "--performance-schema=OFF",
    ];

    public static async Task<MariaDbServer> StartAsync()
    {
        var server = new MariaDbServer(new ServerFolder(
            ServerFolder.Find(Program) ?? throw new InvalidOperationException(WhyUnavailable), "rotunda-mariadb-"));
        await server.BeginAsync();
        return server;
    }

    private protected override Task InstallAsync() => DoAsync(
        ServerFolder.Find(Installer) ?? throw new InvalidOperationException(WhyUnavailable),
        [
            "--no-defaults", $"--datadir={Data}", "--auth-root-authentication-method=normal", "--skip-test-db",
            "--innodb-flush-log-at-trx-commit=2", "--skip-innodb-doublewrite", "--key-buffer-size=64K", .. Small, .. AsSystemUser,
        ]);
}
