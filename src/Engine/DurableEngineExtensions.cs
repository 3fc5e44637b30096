using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rotunda.Engine.Options;
using Rotunda.Orchestration;

namespace Rotunda.Engine;

public static class DurableEngineExtensions
{
    /// <summary>
    /// Adds the engine, its <see cref="IOrchestrationClient"/>, and its start and stop with the host. The container must
    /// hold the <see cref="TaskRegistry"/> and the <see cref="PayloadSerializer"/>.
    /// </summary>
    public static IServiceCollection AddDurableEngine(this IServiceCollection services, Func<IServiceProvider, EngineOptions> options)
    {
        services.AddSingleton(provider => new DurableEngine(
            options(provider),
            provider.GetRequiredService<TaskRegistry>(),
            provider.GetRequiredService<PayloadSerializer>(),
            provider.GetService<ILogger<DurableEngine>>()));
        services.AddSingleton(provider => provider.GetRequiredService<DurableEngine>().Client);
        services.AddHostedService<EngineHostedService>();
        return services;
    }

    private sealed class EngineHostedService(DurableEngine engine) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => engine.StartAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => engine.StopAsync();
    }
}
