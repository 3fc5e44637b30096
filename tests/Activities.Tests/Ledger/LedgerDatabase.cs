using Npgsql;
using Rotunda.Activities.Tests.Providers;
using Rotunda.Files;
using Rotunda.Ledger.Postgres;

namespace Rotunda.Activities.Tests.Ledger;

/// <summary>A schema of its own in the tests' PostgreSQL, made by its owner, used by a login with the heads' rights.</summary>
internal sealed class LedgerDatabase(PostgresFixture fixture)
{
    public const string Password = "app-password";

    public string Schema { get; } = fixture.NewName("ledger");

    public string Role { get; } = fixture.NewName("head");

    public PostgresLedgerOptions Owner => new() { ConnectionString = $"{fixture.Admin};Search Path={Schema}" };

    public PostgresLedgerOptions Head => new() { ConnectionString = With(AsHead) };

    public async Task MakeAsync()
    {
        await fixture.Cluster.ExecuteAsync($"CREATE ROLE {Role} LOGIN PASSWORD '{Password}'");
        await MigrateAsync();
    }

    public Task<PostgresMigration> MigrateAsync() => PostgresLedgerSchema.MigrateAsync(Owner, [Role], TimeProvider.System, default);

    public Task RemoveAsync() => fixture.Cluster.ExecuteAsync($"DROP SCHEMA IF EXISTS {Schema} CASCADE; DROP ROLE {Role}");

    public PostgresLedger Open(TimeProvider time, CrashPoints crashes) => new(Head, time, crashes);

    public async Task<NpgsqlConnection> OpenRawAsync()
    {
        var connection = new NpgsqlConnection(Owner.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public void AsHead(NpgsqlConnectionStringBuilder builder) => (builder.Username, builder.Password) = (Role, Password);

    /// <summary>The owner's connection string, pooled as heads do, and changed.</summary>
    public string With(Action<NpgsqlConnectionStringBuilder> change)
    {
        var builder = new NpgsqlConnectionStringBuilder(Owner.ConnectionString) { Pooling = true };
        change(builder);
        return builder.ConnectionString;
    }
}

[CollectionDefinition(Name)]
public sealed class LedgerPostgresGroup : ICollectionFixture<PostgresFixture>
{
    public const string Name = "the ledger on PostgreSQL";
}
