using Microsoft.Extensions.DependencyInjection.Extensions;
using Rotunda.Activities;
using Rotunda.Activities.Ledger;
using Rotunda.Activities.Providers;
using Rotunda.Api.Desk;
using Rotunda.Engine;
using Rotunda.Orchestration;
using Rotunda.Rotation;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Credentials;
using Rotunda.Rotation.Orchestrations;

namespace Rotunda.Server.Hosting;

/// <summary>Where the parts are put together: engine, catalog, activities. The only file that knows them all.</summary>
internal static class Parts
{
    /// <summary>Reads and validates a catalog; every problem at once.</summary>
    public static CatalogReading ReadCatalog(string path)
    {
        var full = Path.GetFullPath(path);
        try
        {
            var result = CatalogReader.Read(File.ReadAllText(full), path, Path.GetDirectoryName(full)!, Descriptors(), ActivitiesOptions.StoresOf(onDisk: true, Environment.GetEnvironmentVariable));
            return new CatalogReading(result.Catalog, [.. result.Problems.Select(problem => problem.ToString())]);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return new CatalogReading(null, [$"{path}:1:1: {problem.Message} Give the catalog's path with --catalog."]);
        }
    }

    /// <summary>The JSON schema of catalogs.</summary>
    public static string CatalogSchema() => Rotation.Catalog.CatalogSchema.GenerateText(Descriptors());

    /// <summary>Registers the ledger, the store, the providers and the engine.</summary>
    public static void AddTo(IServiceCollection services, DataDirectory data, string catalogFolder, CrashHook? crash)
    {
        services.AddSingleton(new CrashPoints { Handler = crash is null ? null : crash.Hit });
        services.AddRotundaProviders();
        services.AddRotundaActivities(new ActivitiesOptions { DataDirectory = data.Path, CatalogFolder = catalogFolder });
        services.AddSingleton(provider => new EmbeddedEngine(data, crash, provider));
        services.AddSingleton<IEngineHost>(provider => provider.GetRequiredService<EmbeddedEngine>());
        services.AddSingleton<IEngineProbe>(provider => provider.GetRequiredService<EmbeddedEngine>());
        services.AddSingleton<IOrchestrationClient>(provider => provider.GetRequiredService<EmbeddedEngine>());
    }

    /// <summary>The ledger alone, for commands that read it beside a server.</summary>
    public static ILedger OpenLedger(DataDirectory data) => new SqliteLedger(data.LedgerFile, TimeProvider.System, new CrashPoints());

    /// <summary>What every head runs, and the contracts of what it persists.</summary>
    public static DurableEngine BuildEngine(DataDirectory data, CrashHook? crash, IServiceProvider provider)
    {
        var registry = RotationOrchestrations.AddTo(new TaskRegistry());
        ActivitiesRegistration.AddTo(registry, provider);
        return new DurableEngine(
            new EngineOptions { HubPath = data.HubFile, TimeProvider = provider.GetRequiredService<TimeProvider>(), CrashPoint = crash is null ? null : crash.Hit },
            registry,
            new PayloadSerializer(RotationJson.Default),
            provider.GetRequiredService<ILogger<DurableEngine>>());
    }

    private static IReadOnlyDictionary<string, ProviderDescriptor> Descriptors()
    {
        using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddRotundaProviders().BuildServiceProvider();
        return new ProviderRegistry(services.GetServices<IProvider>()).Descriptors;
    }
}
