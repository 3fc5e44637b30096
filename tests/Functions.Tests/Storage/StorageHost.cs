using DurableTask.AzureStorage;
using DurableTask.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing.Sidecar.Grpc;
using Microsoft.DurableTask.Worker;
using Microsoft.DurableTask.Worker.Shims;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Rotunda.Orchestration;
using Proto = Microsoft.DurableTask.Protobuf;

namespace Rotunda.Functions.Tests.Storage;

/// <summary>
/// The real Azure Storage backend and Durable Task's own dispatcher, running a registry of ours through the adapter that the
/// Functions head uses. Nothing is in memory: it can die at any request, and another one takes its work up.
/// </summary>
internal sealed class StorageHost : IRotationHost
{
    private readonly TaskHubWorker _worker;
    private readonly WebApplication _front;
    private readonly GrpcChannel _channel;

    private StorageHost(TaskHubWorker worker, WebApplication front, GrpcChannel channel, StorageWire wire) =>
        (_worker, _front, _channel, Wire) = (worker, front, channel, wire);

    public DurableClient Client { get; } = new();

    public StorageWire Wire { get; }

    /// <param name="seen">Hears of each turn of an orchestration: what the worker was handed, and what it answered.</param>
    public static async Task<StorageHost> StartAsync(
        StorageHub hub,
        TaskRegistry registry,
        PayloadSerializer payloads,
        Action<Proto.OrchestratorRequest, Proto.OrchestratorResponse>? seen = null)
    {
        var wire = new StorageWire((await Azurite.SharedAsync()).ConnectionString);
        var service = new AzureStorageOrchestrationService(hub.Settings(wire.Connect()));
        var front = Front(service);
        await front.StartAsync();
        var addresses = front.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var channel = GrpcChannel.ForAddress(addresses.First());
        var services = Services(channel, payloads);
        var worker = new TaskHubWorker(service);
        new StorageWorker(registry, payloads, services, wire, seen).AddTo(worker);
        await worker.StartAsync();
        var host = new StorageHost(worker, front, channel, wire);
        host.Client.Use(services.GetRequiredService<DurableTaskClient>(), CancellationToken.None);
        return host;
    }

    /// <summary>Ends it as kill -9 would: what it ran hangs at its next request.</summary>
    public async ValueTask DisposeAsync()
    {
        Wire.Cut();
        _channel.Dispose();
        await _front.StopAsync(new CancellationToken(canceled: true));
        await _front.DisposeAsync();
        _worker.Dispose();
    }

    /// <summary>The address that clients talk to, as the extension has one.</summary>
    private static WebApplication Front(AzureStorageOrchestrationService service)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc(grpc => (grpc.MaxReceiveMessageSize, grpc.EnableDetailedErrors) = (null, true));
        builder.Services.Configure<TaskHubGrpcServerOptions>(options => options.Mode = TaskHubGrpcServerMode.ApiServerOnly);
        builder.Services.AddSingleton<IOrchestrationService>(service);
        builder.Services.AddSingleton<IOrchestrationServiceClient>(service);
        builder.Services.AddSingleton<StorageFront>();
        var app = builder.Build();
        app.MapGrpcService<StorageFront>();
        return app;
    }

    private static ServiceProvider Services(GrpcChannel channel, PayloadSerializer payloads)
    {
        var converter = new PayloadConverter(payloads);
        var services = new ServiceCollection().AddLogging();
        var worker = new DurableTaskWorkerOptions { DataConverter = converter };
        services.AddSingleton(new DurableTaskShimFactory(worker, NullLoggerFactory.Instance));
        services.AddDurableTaskClient(client =>
        {
            client.UseGrpc(channel);
            client.Configure(options => options.DataConverter = converter);
            client.RegisterDirectly();
        });
        return services.BuildServiceProvider();
    }
}
