using Rotunda.Activities;
using Rotunda.Api.Desk;
using Rotunda.Api.Head;
using Rotunda.CatalogFiles;
using Rotunda.Engine;
using Rotunda.Engine.Options;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Ledger.Postgres;
using Rotunda.Orchestration;
using Rotunda.Providers.Stores.Head;
using Rotunda.Rotation.Catalog;
using Rotunda.Telemetry;
using Rotunda.Telemetry.Numbers;

namespace Rotunda.Server.Hosting;

/// <summary>Where the parts are put together: engine, catalog, activities. The only file that knows them all.</summary>
internal static class Parts
{
    /// <summary>The stores that come with this head.</summary>
    public static HeadStores Stores => HeadStoreOptions.StoresOf(onDisk: true, Environment.GetEnvironmentVariable);

    /// <summary>Reads and validates a catalog; every problem at once.</summary>
    /// <param name="stores">Those that come with the head.</param>
    /// <exception cref="StartupException">The file cannot be read.</exception>
    public static CatalogReading ReadCatalog(string path, HeadStores stores)
    {
        var file = new FileCatalogText(path);
        try
        {
            return CatalogLoader.Read(
                file.ReadAsync(seen: null, CancellationToken.None).GetAwaiter().GetResult()!,
                file.Name,
                file.Folder,
                stores);
        }
        catch (CatalogUnreadableException problem)
        {
            throw new StartupException(
                $"The catalog {path} cannot be read: {problem.Message} Give its path: 'rotunda serve --catalog FILE', "
                    + "'rotunda catalog validate FILE', or ROTUNDA_CATALOG.",
                problem);
        }
    }

    /// <summary>The JSON schema of catalogs, or of the files that they include.</summary>
    public static string CatalogSchema(bool included) => included
        ? Schemas.CatalogSchema.GenerateIncludedText()
        : Schemas.CatalogSchema.GenerateText(CatalogLoader.Descriptors());

    /// <summary>Registers the ledger, the store, the providers and the engine.</summary>
    public static void AddTo(IServiceCollection services, DataDirectory data, string catalogFolder, ServeOptions options)
    {
        services.AddSingleton(new CrashPoints { Handler = options.CrashPoint });
        services.AddRotundaDesk(
            new ActivitiesOptions { DataDirectory = data.Path, CatalogFolder = catalogFolder, Ledger = options.Ledger },
            new HubCleaningOptions(options.KeepEnded));
        services.AddRotundaTelemetry(ReadTelemetry());
        services.AddSingleton(provider => new EmbeddedEngine(data, provider));
        services.AddSingleton<IEngineHost>(provider => provider.GetRequiredService<EmbeddedEngine>());
        services.AddSingleton<IEngineProbe>(provider => provider.GetRequiredService<EmbeddedEngine>());
        services.AddSingleton<IOrchestrationClient>(provider => provider.GetRequiredService<EmbeddedEngine>());
    }

    private static TelemetryOptions ReadTelemetry()
    {
        try
        {
            return TelemetryOptions.Read(Environment.GetEnvironmentVariable);
        }
        catch (TelemetrySettingsException problem)
        {
            throw new StartupException(problem.Message, problem);
        }
    }

    /// <summary>The ledger alone, for commands that work beside a server.</summary>
    public static SqlLedger OpenLedger(DataDirectory data, PostgresLedgerOptions? postgres) => postgres is null
        ? new SqliteLedger(data.LedgerFile, TimeProvider.System, new CrashPoints())
        : new PostgresLedger(postgres, TimeProvider.System, new CrashPoints());

    public static DurableEngine BuildEngine(DataDirectory data, IServiceProvider provider)
    {
        return new DurableEngine(
            new EngineOptions
            {
                HubPath = data.HubFile,
                TimeProvider = provider.GetRequiredService<TimeProvider>(),
                GoesFirst = DeskParts.GoesFirst,
                CrashPoint = provider.GetRequiredService<CrashPoints>().Handler,
            },
            DeskParts.Tasks(provider),
            DeskParts.Payloads,
            provider.GetRequiredService<ILogger<DurableEngine>>());
    }
}
