using Rotunda.Testing.RealServers;
using Rotunda.Testing.StoredRows;

namespace Rotunda.Acceptance.Tests.Harness;

/// <summary>A PostgreSQL with a table under a key, an application that reads and writes it with the keys of its env file, and the
/// server that rotates the key.</summary>
internal sealed class ReencryptScene : IAsyncDisposable
{
    private readonly string _envFile;

    private ReencryptScene(
        PostgresCluster cluster,
        SealedTable table,
        string old,
        TempFolder folder,
        string envFile,
        CustomerApplication application,
        ServerProcess server) =>
        (Cluster, Table, Old, Folder, _envFile, Application, Server) = (cluster, table, old, folder, envFile, application, server);

    public PostgresCluster Cluster { get; }

    public SealedTable Table { get; }

    /// <summary>The key in use before the first rotation.</summary>
    public string Old { get; }

    public TempFolder Folder { get; }

    public CustomerApplication Application { get; }

    public ServerProcess Server { get; }

    /// <summary>What the application writes with now.</summary>
    public string Key => EnvFile.Read(_envFile, "DATA_KEY");

    /// <summary>What it reads with besides; empty for nothing.</summary>
    public string OtherKey => EnvFile.Read(_envFile, "DATA_KEY_OTHER");

    /// <param name="more">Further settings of the provider, as they stand in the catalog.</param>
    public static async Task<ReencryptScene> StartAsync(int rows, bool busy, string grace, string more = "batch: 500")
    {
        var cluster = await StartClusterAsync();
        var (table, old) = (new SealedTable(cluster, "customers"), Fernet.NewKey());
        await table.CreateAsync(rows, old);
        var folder = new TempFolder();
        var envFile = folder.Write("app.env", $"DATA_KEY='{old}'\nDATA_KEY_OTHER=''\n");
        var application = await CustomerApplication.StartAsync(table, envFile, rows, busy);
        return new ReencryptScene(
            cluster,
            table,
            old,
            folder,
            envFile,
            application,
            await StartServerAsync(cluster, folder, table, application, envFile, grace, more));
    }

    public Task<long> CountAsync() => Cluster.ScalarAsync<long>($"SELECT count(*) FROM {Table.Name}");

    /// <summary>Side tables and places in passes, of whatever rotation.</summary>
    public Task<long> LeftBehindAsync() =>
        Cluster.ScalarAsync<long>(
            "SELECT (SELECT count(*) FROM rotunda.lanes) + (SELECT count(*) FROM pg_class WHERE relname LIKE 'rows\\_%')");

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Application.DisposeAsync();
        Folder.Dispose();
        await Cluster.DisposeAsync();
    }

    private static async Task<PostgresCluster> StartClusterAsync()
    {
        var cluster = await PostgresCluster.StartAsync();

        // A log of every statement with all its values would be the slowest part.
        await cluster.ExecuteAsync("ALTER SYSTEM SET log_statement = 'none'");
        await cluster.ExecuteAsync("SELECT pg_reload_conf()");
        return cluster;
    }

    private static Task<ServerProcess> StartServerAsync(
        PostgresCluster cluster,
        TempFolder folder,
        SealedTable table,
        CustomerApplication application,
        string envFile,
        string grace,
        string more)
    {
        var catalog = folder.Write("catalog.yaml", $$"""
            version: 1
            secrets:
              customer-data-key:
                strategy: re-encrypt
                provider:
                  type: postgres-rows
                  connection: env:CUSTOMERS
                  tables: [{ table: {{table.Name}}, columns: [email] }]
                  {{more}}
                grace: {{grace}}
                retry: { attempts: 10, first: 1s, max: 1s }
                current: { value: "file:{{envFile}}#DATA_KEY" }
                targets:
                  app-env:
                    type: dotenv
                    path: {{envFile}}
                    keys: { DATA_KEY: "{value}", DATA_KEY_OTHER: "{secondary}" }
                consumers:
                  app: { type: http, instances: ["{{application.Address}}"], reloadPath: /reload, healthPath: /health }
            """);
        return ServerProcess.StartAsync(new ServerSettings(
            folder.File("data"), catalog, "1s", new Dictionary<string, string?> { ["CUSTOMERS"] = cluster.AdminConnectionString }));
    }
}
