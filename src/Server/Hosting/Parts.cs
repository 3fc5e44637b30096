using Rotunda.Activities.Ledger;

namespace Rotunda.Server.Hosting;

/// <summary>Where the parts are put together: engine, catalog, planner, schedule, activities. The only file that knows them all.</summary>
internal static class Parts
{
    /// <summary>Reads and validates a catalog; every problem at once.</summary>
    public static CatalogReading ReadCatalog(string path) => throw new NotSupportedException(path);

    /// <summary>The JSON schema of catalogs.</summary>
    public static string CatalogSchema() => throw new NotSupportedException();

    /// <summary>Registers ILedger, IStoreSecrets, IReferenceResolver, ProviderRegistry, IOrchestrationClient, IPlanRotations,
    /// IDecideSchedules, IEngineHost and IEngineProbe.</summary>
    public static void AddTo(IServiceCollection services, DataDirectory data, CrashHook? crash) => throw new NotSupportedException();

    /// <summary>The ledger alone, for commands that read it beside a server.</summary>
    public static ILedger OpenLedger(DataDirectory data) => throw new NotSupportedException();
}
