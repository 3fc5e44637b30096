using System.Text.Json;
using Rotunda.Activities;
using Rotunda.Activities.Ledger;
using Rotunda.Activities.Providers;
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
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly Lazy<IReadOnlyDictionary<string, ProviderDescriptor>> Descriptors = new(() =>
    {
        using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddLogging().AddRotundaProviders().BuildServiceProvider();
        return services.GetRequiredService<ProviderRegistry>().Descriptors;
    });

    /// <summary>Reads and validates a catalog; every problem at once.</summary>
    public static CatalogReading ReadCatalog(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return new CatalogReading(null, [$"{path}: {problem.Message} Give the catalog's file with --catalog or ROTUNDA_CATALOG."]);
        }

        var result = CatalogReader.Read(text, path, FolderOf(path), Descriptors.Value);
        return new CatalogReading(result.Catalog, [.. result.Problems.Select(problem => problem.ToString())]);
    }

    /// <summary>The JSON schema of catalogs.</summary>
    public static string CatalogSchema() => Rotation.Catalog.CatalogSchema.Generate(Descriptors.Value).ToJsonString(Indented);

    public static void AddTo(IServiceCollection services, DataDirectory data, string catalogPath, CrashHook? crash)
    {
        services.AddRotundaProviders();
        services.AddSingleton(new CrashPoints { Handler = crash is null ? null : crash.Hit });
        services.AddRotundaActivities(new ActivitiesOptions { DataDirectory = data.Path, CatalogFolder = FolderOf(catalogPath) });
        services.AddSingleton(provider => ActivitiesRegistration.AddTo(RotationOrchestrations.AddTo(new TaskRegistry()), provider));
        services.AddSingleton(new PayloadSerializer(RotationJson.Default));
        services.AddSingleton(provider => new DurableEngine(
            new EngineOptions { HubPath = data.HubFile, TimeProvider = provider.GetRequiredService<TimeProvider>(), CrashPoint = crash is null ? null : crash.Hit },
            provider.GetRequiredService<TaskRegistry>(),
            provider.GetRequiredService<PayloadSerializer>(),
            provider.GetRequiredService<ILogger<DurableEngine>>()));
        services.AddSingleton<EngineParts>();
        services.AddSingleton<IEngineHost>(provider => provider.GetRequiredService<EngineParts>());
        services.AddSingleton<IEngineProbe>(provider => provider.GetRequiredService<EngineParts>());
        services.AddSingleton<IOrchestrationClient, EngineClientGate>();
    }

    /// <summary>The ledger alone, for commands that read it beside a server.</summary>
    public static SqliteLedger OpenLedger(DataDirectory data) => new(data.LedgerFile, TimeProvider.System, new CrashPoints());

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    private sealed class EngineParts(DurableEngine engine) : IEngineHost, IEngineProbe
    {
        public Task StartAsync(CancellationToken cancellationToken) => engine.StartAsync(cancellationToken);

        public Task StopAsync() => engine.StopAsync();

        public string? Problem() => engine.Health is { State: EngineState.Running } ? null : engine.Health.Reason ?? engine.Health.State.ToString();
    }
}
