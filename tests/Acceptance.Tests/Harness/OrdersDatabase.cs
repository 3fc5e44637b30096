using Npgsql;
using Rotunda.Testing.RealServers;

namespace Rotunda.Acceptance.Tests.Harness;

/// <summary>A real database with an application that owns a schema through two roles, and one that has a single role.</summary>
internal sealed class OrdersDatabase : IAsyncDisposable
{
    public const string FirstPassword = "first-password-of-orders-a";
    public const string LegacyPassword = "first-password-of-legacy";

    private OrdersDatabase(PostgresCluster cluster) => Cluster = cluster;

    public PostgresCluster Cluster { get; }

    public static async Task<OrdersDatabase> StartAsync()
    {
        var cluster = await PostgresCluster.StartAsync();
        await cluster.ExecuteAsync($"""
            CREATE ROLE orders_owner NOLOGIN;
            CREATE ROLE orders_a LOGIN PASSWORD '{FirstPassword}' IN ROLE orders_owner;
            CREATE ROLE orders_b NOLOGIN IN ROLE orders_owner;
            CREATE ROLE legacy LOGIN PASSWORD '{LegacyPassword}';
            """);
        return new OrdersDatabase(cluster);
    }

    /// <summary>The connection string of an application, as its env file holds it.</summary>
    public string ConnectionString(string username, string password) =>
        $"Host={Cluster.Host};Port={Cluster.Port};Database=postgres;Username={username};Password={password};GSS Encryption Mode=Disable";

    /// <summary>True if the application's own connection string opens a session.</summary>
    public static async Task<bool> CanLogInAsync(string connectionString)
    {
        try
        {
            await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false;Timeout=30");
            await connection.OpenAsync();
            return true;
        }
        catch (PostgresException)
        {
            return false;
        }
    }

    public async Task<bool> MayLogInAsync(string role) =>
        await Cluster.ScalarAsync<bool>($"SELECT rolcanlogin FROM pg_roles WHERE rolname = '{role}'");

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
