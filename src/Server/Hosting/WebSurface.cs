using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Rotunda.Access;
using Rotunda.Api.Head;
using Rotunda.Api.Http;
using Rotunda.CatalogFiles;
using Rotunda.Server.SignIn;

namespace Rotunda.Server.Hosting;

/// <summary>Builds the web server: where it listens, whom it lets in, and what it is made of.</summary>
internal static class WebSurface
{
    private const long LargestBody = 64 * 1024;
    private const int MostConnections = 512;
    private static readonly TimeSpan ForHeaders = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdleConnection = TimeSpan.FromSeconds(60);

    public static WebApplication Build(ServeOptions options, DataDirectory data, CatalogReading catalog, ServerCertificate? certificate)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        WriteLogs(builder.Logging, options);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options.Urls, certificate));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IHostLifetime, OwnLifetime>();
        builder.Services.PostConfigure<ForwardedHeadersOptions>(options.Proxies.Configure);
        builder.Services.AddSingleton<ICatalogText>(new FileCatalogText(options.Catalog));
        builder.Services.AddRotundaCallers(
            data.TokenFile, data.SessionFile, ProviderSignIn.Ways(options.Provider), options.SignIn, options.Provider?.Roles);
        ProviderSignIn.AddTo(builder.Services, options.Provider);
        builder.Services.AddSingleton<SweepLoop>();
        Parts.AddTo(builder.Services, data, catalog.Catalog!.Folder, options);

        var app = builder.Build();
        app.Services.GetRequiredService<RefreshingCatalog>().Begin(catalog);
        app.Use(options.Proxies.CheckAsync);
        app.UseForwardedHeaders();
        app.Use(NoteClient);
        app.Use(new AllowedHosts(options.Urls, [.. options.Hosts, .. certificate?.Names ?? []]).CheckAsync);
        app.Use(TurnAwayUntilStarted);
        ProviderSignIn.Use(app);
        app.UseRouting();
        return app;
    }

    /// <summary>For what is to be said before there is a server.</summary>
    public static void WriteLogs(ILoggingBuilder logging, ServeOptions options)
    {
        _ = options.JsonLogs ? logging.AddJsonConsole() : logging.AddSimpleConsole(o => o.SingleLine = true);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // A start that fails is told once, by the command line.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
    }

    private static void Listen(KestrelServerOptions kestrel, IEnumerable<string> urls, ServerCertificate? certificate)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = LargestBody;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        kestrel.Limits.RequestHeadersTimeout = ForHeaders;
        kestrel.Limits.KeepAliveTimeout = IdleConnection;
        foreach (var url in urls.Select(url => new Uri(url)))
        {
            if (url.Host == "localhost")
            {
                kestrel.ListenLocalhost(url.Port, endpoint => Secure(endpoint, url, certificate));
            }
            else
            {
                kestrel.Listen(IPAddress.Parse(url.DnsSafeHost), url.Port, endpoint => Secure(endpoint, url, certificate));
            }
        }
    }

    private static void Secure(ListenOptions endpoint, Uri url, ServerCertificate? certificate)
    {
        if (url.Scheme != Uri.UriSchemeHttps)
        {
            return;
        }

        if (certificate is null)
        {
            endpoint.UseHttps();
            return;
        }

        endpoint.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = certificate.Look() }),
        });
    }

    private static Task NoteClient(HttpContext http, RequestDelegate next)
    {
        http.Features.Set(http.Connection.RemoteIpAddress is { } address ? new ClientAddress(address) : null);
        return next(http);
    }

    private static Task TurnAwayUntilStarted(HttpContext http, RequestDelegate next) =>
        http.RequestServices.GetRequiredService<Readiness>().Started
        || http.Request.Path.StartsWithSegments("/healthz", StringComparison.Ordinal)
        || http.Request.Path.StartsWithSegments("/readyz", StringComparison.Ordinal)
            ? next(http)
            : ApiPipeline.RefuseAsync(
                http,
                new RefusedException(
                    StatusCodes.Status503ServiceUnavailable,
                    "starting",
                    "The server is starting. Try again in a moment."));

    /// <summary>Signals are looked after by <see cref="Signals"/>.</summary>
    private sealed class OwnLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
