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

/// <summary>A server from PostgreSQL 16 on.</summary>
public sealed class NewerPostgresFixture : IAsyncLifetime
{
    private int _names;
    private PostgresCluster? _cluster;

    /// <summary>Skips the test where there is none.</summary>
    public PostgresCluster Cluster
    {
        get
        {
            Assert.SkipWhen(_cluster is null, PostgresCluster.WhyNoNewer ?? "");
            return _cluster;
        }
    }

    public string Admin => Cluster.AdminConnectionString;

    /// <summary>A role name no other test uses.</summary>
    public string NewName(string prefix = "app") => $"{prefix}_{Interlocked.Increment(ref _names)}";

    public async ValueTask InitializeAsync() =>
        _cluster = PostgresCluster.WhyNoNewer is null ? await PostgresCluster.StartNewerAsync() : null;

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
}

[CollectionDefinition(Name)]
public sealed class NewerPostgresTestGroup : ICollectionFixture<NewerPostgresFixture>
{
    public const string Name = "newer postgres";
}

[CollectionDefinition(Name)]
public sealed class PostgresTestGroup : ICollectionFixture<PostgresFixture>
{
    public const string Name = "postgres";
}

/// <summary>Rows of tables under a key: with a server of their own, as each of these tests takes seconds.</summary>
[CollectionDefinition(Name)]
public sealed class RowsTestGroup : ICollectionFixture<PostgresFixture>
{
    public const string Name = "postgres rows";
}
