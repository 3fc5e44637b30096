using Rotunda.Engine.Options;
using Rotunda.Orchestration;
using Rotunda.Testing.EngineConformance;

namespace Rotunda.Engine.Tests;

/// <summary>An engine on a hub file of its own, deleted at the end.</summary>
internal sealed class EngineFixture(int cacheSize = 100) : IEngineFixture
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-engine-");

    public DurableEngine Engine { get; private set; } = null!;

    public IOrchestrationClient Client => Engine.Client;

    public string HubPath => Path.Combine(_folder.FullName, "hub.db");

    /// <summary>For tests that change more than the cache.</summary>
    public Func<EngineOptions, EngineOptions> Configure { get; set; } = options => options;

    public async Task StartAsync(TaskRegistry registry, PayloadSerializer serializer, TimeProvider clock)
    {
        var options = new EngineOptions
        {
            HubPath = HubPath,
            TimeProvider = clock,
            InstanceCacheSize = cacheSize,
            StopBudget = TimeSpan.FromSeconds(1),
        };
        Engine = new DurableEngine(Configure(options), registry, serializer);
        await Engine.StartAsync();
    }

    public Task CrashAsync()
    {
        Engine?.Abandon();
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (Engine is not null)
        {
            await Engine.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }
}
