using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;

namespace Rotunda.Testing.RealServers;

/// <summary>A real web server on a free port that answers as the test says and remembers what it was asked.</summary>
public sealed class ConsumerServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ConsumerServer(WebApplication application, string address)
    {
        _application = application;
        Address = address;
    }

    public string Address { get; }

    /// <summary>"POST /reload", in order, each with the Authorization header it came with.</summary>
    public ConcurrentQueue<(string What, string? Authorization)> Requests { get; } = new();

    /// <summary>Answers every request; may be replaced at any time.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = context => Task.CompletedTask;

    public static async Task<ConsumerServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        ConsumerServer? server = null;
        application.Run(async context =>
        {
            server!.Requests.Enqueue(($"{context.Request.Method} {context.Request.Path}", context.Request.Headers.Authorization));
            await server.Answer(context);
        });
        await application.StartAsync();
        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        server = new(application, address);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }
}
