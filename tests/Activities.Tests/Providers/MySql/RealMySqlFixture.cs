using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.MySql;

public sealed class RealMySqlFixture : IAsyncLifetime
{
    private RealMySqlServer? _server;
    private int _names;

    /// <summary>Skips the test where there is none.</summary>
    public RealMySqlServer Server
    {
        get
        {
            Assert.SkipWhen(_server is null, RealMySqlServer.WhyUnavailable ?? "");
            return _server;
        }
    }

    /// <summary>A user's name that no other test uses.</summary>
    public string NewName() => $"app_{Interlocked.Increment(ref _names)}";

    public async ValueTask InitializeAsync() =>
        _server = RealMySqlServer.WhyUnavailable is null ? await RealMySqlServer.StartAsync() : null;

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}

[CollectionDefinition(Name)]
public sealed class RealMySqlTestGroup : ICollectionFixture<RealMySqlFixture>
{
    public const string Name = "mysql";
}
