using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rotunda.Activities;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.CatalogFiles;
using Rotunda.Ledger.Postgres;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Api.Head;

/// <summary>The registrations of a head in Azure, but for its engine: IOrchestrationClient and IEngineProbe are the head's own.</summary>
public static class HeadParts
{
    /// <summary>The stores that come with a head whose ledger is on PostgreSQL and that has a vault.</summary>
    public static HeadStores Stores { get; } = new([StoreNames.KeyVault], StoreNames.KeyVault);

    /// <param name="options">Read and checked.</param>
    /// <param name="ledger">The ledger on PostgreSQL; null with a data directory.</param>
    /// <param name="home">The folder that a relative catalog path, and relative paths in a catalog from a blob, are relative to.</param>
    public static IServiceCollection AddRotundaHead(
        this IServiceCollection services,
        HeadOptions options,
        PostgresLedgerOptions? ledger,
        string home)
    {
        var catalog = BlobCatalogText.IsBlob(options.Catalog) ? null : Path.GetFullPath(options.Catalog, home);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<TokenCredential>(_ => new DefaultAzureCredential());
        services.AddSingleton(options);
        services.AddSingleton<ICatalogText>(provider => catalog is null
            ? new BlobCatalogText(new Uri(options.Catalog), home, provider.GetRequiredService<TokenCredential>(), BlobTransport())
            : new FileCatalogText(catalog));
        services.AddSingleton<ICallers>(new PlatformCallers(options.PlatformAuthentication, options.MachineRole));
        services.AddSingleton(SignInWays.Platform);
        services.AddRotundaDesk(new ActivitiesOptions
        {
            // An instance's disk does not last: without a data directory, values are kept in vaults only.
            DataDirectory = options.DataDirectory is { } data ? Path.GetFullPath(data, home) : null,
            Ledger = ledger,
            CatalogFolder = catalog is null ? home : Path.GetDirectoryName(catalog),
            KeyVaultExpires = options.VaultExpires,
        }, new HubCleaningOptions(options.KeepEnded));
        return services.AddHostedService<HeadStart>();
    }

    /// <summary>Follows no redirect: its requests carry a token.</summary>
    private static HttpClient BlobTransport() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = TimeSpan.FromSeconds(30),
        };
}
