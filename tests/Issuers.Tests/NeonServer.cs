using Npgsql;
using Rotunda.Testing.RealServers;

[assembly: AssemblyFixture(typeof(Rotunda.Issuers.Tests.NeonServer))]

namespace Rotunda.Issuers.Tests;

/// <summary>The real PostgreSQL behind the fake control API of Neon: one for all tests, started by the first that needs it.</summary>
public sealed class NeonServer : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgresCluster>> Started = new(PostgresCluster.StartAsync);

    /// <summary>Where it is.</summary>
    public static PostgresCluster Cluster => Started.Value.GetAwaiter().GetResult();

    /// <summary>Makes a role that may log in, or sets its password.</summary>
    public static void SetPassword(string role, string password)
    {
        var sql = new NpgsqlCommandBuilder().QuoteIdentifier(role) is var name
            ? $"""
              DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {name} LOGIN; END IF; END $$;
              ALTER ROLE {name} PASSWORD '{password}'
              """
            : "";
        Run(sql);
    }

    /// <summary>As a reset at Neon does.</summary>
    public static void DropConnections(string prefix) =>
        Run($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE starts_with(usename, '{prefix}')");

    public async ValueTask DisposeAsync()
    {
        if (Started.IsValueCreated)
        {
            await (await Started.Value).DisposeAsync();
        }
    }

    private static void Run(string sql)
    {
        using var connection = new NpgsqlConnection(Cluster.AdminConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
