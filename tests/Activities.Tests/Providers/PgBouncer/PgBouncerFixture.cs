using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.PgBouncer;

/// <summary>A real server of its own with two accounts, and a function that poolers ask.</summary>
public sealed class PgBouncerFixture : IAsyncLifetime
{
    public const string LookupPassword = "password-of-the-pooler";

    public PostgresCluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Cluster = await PostgresCluster.StartAsync();
        await Cluster.ExecuteAsync(
            PgBouncerOptions.Lookup(LookupPassword) + "CREATE ROLE app_a LOGIN; CREATE ROLE app_b LOGIN; CREATE ROLE app_trusted LOGIN;");
    }

    public ValueTask DisposeAsync() => Cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
}
