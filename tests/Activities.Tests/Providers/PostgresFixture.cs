using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers;

public sealed class PostgresFixture : IAsyncLifetime
{
    private int _names;

    public PostgresCluster Cluster { get; private set; } = null!;

    public string Admin => Cluster.AdminConnectionString;

    /// <summary>A role name no other test uses.</summary>
    public string NewName(string prefix = "app") => $"{prefix}_{Interlocked.Increment(ref _names)}";

    public async ValueTask InitializeAsync() => Cluster = await PostgresCluster.StartAsync();

    public ValueTask DisposeAsync() => Cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
}

[CollectionDefinition(Name)]
public sealed class PostgresTestGroup : ICollectionFixture<PostgresFixture>
{
    public const string Name = "postgres";
}
