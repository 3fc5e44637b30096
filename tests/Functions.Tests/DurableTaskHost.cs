using System.Text.Json;
using DurableTask.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing.Sidecar;
using Microsoft.DurableTask.Testing.Sidecar.Grpc;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rotunda.Orchestration;

namespace Rotunda.Functions.Tests;

/// <summary>
/// The real Durable Task worker over its in-process sidecar, running a registry of ours through the adapter that the Functions
/// head uses. The clock is the machine's, and the storage lives as long as this object.
/// </summary>
internal sealed class DurableTaskHost : IRotationHost
{
    private readonly WebApplication _sidecar;
    private readonly IHost _worker;
    private readonly GrpcChannel _channel;

    private DurableTaskHost(WebApplication sidecar, IHost worker, GrpcChannel channel) =>
        (_sidecar, _worker, _channel) = (sidecar, worker, channel);

    public DurableClient Client { get; } = new();

    public static async Task<DurableTaskHost> StartAsync(TaskRegistry registry, PayloadSerializer payloads)
    {
        var sidecar = Sidecar();
        await sidecar.StartAsync();
        var address = sidecar.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var channel = GrpcChannel.ForAddress(address);
        var worker = Worker(channel, registry, payloads);
        await worker.StartAsync();
        var host = new DurableTaskHost(sidecar, worker, channel);
        host.Client.Use(worker.Services.GetRequiredService<DurableTaskClient>(), CancellationToken.None);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _worker.StopAsync(soon.Token);
        _worker.Dispose();
        await _channel.ShutdownAsync();
        _channel.Dispose();
        await _sidecar.StopAsync(soon.Token);
        await _sidecar.DisposeAsync();
    }

    private static WebApplication Sidecar()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http2));
        var service = new InMemoryOrchestrationService();
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = null);
        builder.Services.AddSingleton(WideService.Of(service));
        builder.Services.AddSingleton<IOrchestrationServiceClient>(service);
        builder.Services.AddSingleton<TaskHubGrpcServer>();
        var app = builder.Build();
        app.MapGrpcService<TaskHubGrpcServer>();
        return app;
    }

    private static IHost Worker(GrpcChannel channel, TaskRegistry registry, PayloadSerializer payloads)
    {
        var converter = new PayloadConverter(payloads);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddDurableTaskWorker(worker =>
        {
            worker.UseGrpc(channel);
            worker.Configure(options => options.DataConverter = converter);
            worker.AddTasks(tasks => Register(tasks, registry, payloads));
        });
        builder.Services.AddDurableTaskClient(client =>
        {
            client.UseGrpc(channel);
            client.Configure(options => options.DataConverter = converter);
            client.RegisterDirectly();
        });
        return builder.Build();
    }

    private static void Register(DurableTaskRegistry tasks, TaskRegistry registry, PayloadSerializer payloads)
    {
        foreach (var (name, orchestration) in registry.Orchestrations)
        {
            tasks.AddOrchestratorFunc<JsonElement?, object?>(
                name,
                (context, _) => DurableContext.RunAsync<JsonElement, object?>(context, payloads, (ours, _) => orchestration.Run(ours)));
        }

        foreach (var (name, activity) in registry.Activities)
        {
            // Durable Task numbers no calls of an activity for it, so the key here is only as good as a test needs.
            tasks.AddActivityFunc<JsonElement?, object?>(name, (context, input) => activity.Run(
                new ActivityContext(context.InstanceId, name, 0, Guid.NewGuid().ToString()),
                input is { } json ? payloads.Deserialize(json.GetRawText(), activity.InputType) : null,
                CancellationToken.None));
        }
    }
}
