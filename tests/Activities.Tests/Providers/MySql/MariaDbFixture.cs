using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.MySql;

public sealed class MariaDbFixture : IAsyncLifetime
{
    private int _names;

    public MariaDbServer Server { get; private set; } = null!;

    /// <summary>A user's name that no other test uses.</summary>
    public string NewName() => $"app_{Interlocked.Increment(ref _names)}";

    public async ValueTask InitializeAsync() => Server = await MariaDbServer.StartAsync();

    public ValueTask DisposeAsync() => Server?.DisposeAsync() ?? ValueTask.CompletedTask;
}

[CollectionDefinition(Name)]
public sealed class MariaDbTestGroup : ICollectionFixture<MariaDbFixture>
{
    public const string Name = "mariadb";
}
