namespace Rotunda.Testing.RealServers;

/// <summary>A MySQL. Debian has none: <c>./test</c> gets the one that eng/mysql.py names, and tests are skipped without.</summary>
public sealed class RealMySqlServer : MySqlFamilyServer
{
    private const string Variable = "ROTUNDA_MYSQL";

    private RealMySqlServer(ServerFolder folder)
        : base(folder)
    {
    }

    /// <summary>Null if there is one; else what to do.</summary>
    public static string? WhyUnavailable => Program is null
        ? $"No MySQL server was found. ./test gets one (eng/mysql.py), or name its mysqld in {Variable}."
        : null;

    private protected override IEnumerable<string> Options =>
    [
        "--innodb-buffer-pool-size=16M", "--loose-innodb-redo-log-capacity=8M", "--mysqlx=OFF", "--secure-file-priv=",
        "--loose-mysql-native-password=ON", "--sync-binlog=0", "--innodb-flush-method=nosync", "--performance-schema=OFF",
    ];

    /// <summary>No more than the pages ask for.</summary>
    private protected override string Rights => "CREATE USER";

    private static string? Program =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named && File.Exists(named) ? named : null;

    public static async Task<RealMySqlServer> StartAsync()
    {
        var server = new RealMySqlServer(
            new ServerFolder(Program ?? throw new InvalidOperationException(WhyUnavailable), "rotunda-mysql-"));
        await server.BeginAsync();
        return server;
    }

    /// <summary>A new data folder takes some seconds to make: eng/mysql.py leaves one beside the program.</summary>
    private protected override Task InstallAsync() =>
        Path.Combine(Path.GetDirectoryName(Program!)!, "data") is var made && Directory.Exists(made)
            ? DoAsync("cp", "-a", "--reflink=auto", made, Data)
            : DoAsync(Program!, ["--no-defaults", "--initialize-insecure", $"--datadir={Data}", .. AsSystemUser]);
}
