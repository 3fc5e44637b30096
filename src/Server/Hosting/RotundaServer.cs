using Microsoft.AspNetCore.Connections;
using Rotunda.Api.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Head;
using Rotunda.Api.Http;
using Rotunda.Api.Views;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Server.Hosting;

/// <summary>One server process: takes the data directory, starts the parts, serves, and stops them in order.</summary>
internal static class RotundaServer
{
    private const long LargestBody = 64 * 1024;
    private const int MostConnections = 512;
    private static readonly TimeSpan ForHeaders = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdleConnection = TimeSpan.FromSeconds(60);

    /// <exception cref="StartupException">It cannot start; the message says what to do.</exception>
    public static async Task RunAsync(ServeOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        var catalog = ReadCatalog(options.Catalog);
        using var data = DataDirectory.Take(options.Data);
        await using var app = Build(options, data, catalog);
        Open(app, data);
        await ListenAsync(app, options, cancellationToken);
        try
        {
            await StartPartsAsync(app, options, data, cancellationToken);
            output.WriteLine(
                $"Rotunda is ready: {string.Join(" ", app.Urls)} (data: {data.Path}, catalog: {Path.GetFullPath(options.Catalog)})");
            await output.FlushAsync(cancellationToken);
            await ServeAsync(app, options, cancellationToken);
        }
        finally
        {
            await app.StopAsync(CancellationToken.None);
            await app.Services.GetRequiredService<IEngineHost>().StopAsync();
        }
    }

    private static RotationCatalog ReadCatalog(string path)
    {
        var reading = Parts.ReadCatalog(path, Parts.Stores);
        return reading.Catalog
            ?? throw new StartupException(
                $"The catalog {Path.GetFullPath(path)} cannot be used. Mend this ('rotunda catalog validate' looks again):"
                    + $"{Environment.NewLine}{string.Join(Environment.NewLine, reading.Problems)}");
    }

    private static WebApplication Build(ServeOptions options, DataDirectory data, RotationCatalog catalog)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        _ = options.JsonLogs ? builder.Logging.AddJsonConsole() : builder.Logging.AddSimpleConsole(o => o.SingleLine = true);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        // A start that fails is told once, by the command line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseUrls([.. options.Urls]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.RequestHeadersTimeout = ForHeaders;
            kestrel.Limits.KeepAliveTimeout = IdleConnection;
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ICatalogText>(new FileCatalogText(options.Catalog));
        builder.Services.AddSingleton(services => new TokenFile(data.TokenFile, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<ITokens>(services => services.GetRequiredService<TokenFile>());
        builder.Services.AddSingleton<ICallers, TokenCallers>();
        builder.Services.AddSingleton<SweepLoop>();
        Parts.AddTo(builder.Services, data, catalog.Folder, options);

        var app = builder.Build();
        app.Services.GetRequiredService<RefreshingCatalog>().Begin(catalog);
        app.Use(new AllowedHosts(options.Urls, options.Hosts).CheckAsync);
        app.Use(TurnAwayUntilStarted);
        app.UseRouting();
        return app;
    }

    private static Task TurnAwayUntilStarted(HttpContext http, RequestDelegate next)
    {
        if (http.RequestServices.GetRequiredService<Readiness>().Started || http.Request.Path.StartsWithSegments(
            "/healthz",
            StringComparison.Ordinal)
            || http.Request.Path.StartsWithSegments("/readyz", StringComparison.Ordinal))
        {
            return next(http);
        }

        var problem = new ProblemView(
            "about:blank",
            "Service unavailable",
            StatusCodes.Status503ServiceUnavailable,
            "starting",
            "The server is starting. Try again in a moment.");
        return Results.Json(problem, ApiJson.Default.ProblemView, "application/problem+json", StatusCodes.Status503ServiceUnavailable)
            .ExecuteAsync(http);
    }

    /// <summary>The first start makes a token for the command line on this machine, so that nothing has to be set up to begin.</summary>
    private static void FirstToken(WebApplication app, DataDirectory data)
    {
        var tokens = app.Services.GetRequiredService<TokenFile>();
        if (tokens.Read().Count == 0)
        {
            var token = tokens.Create("admin", Role.Admin, lifetime: null);
            PrivateFile.Replace(data.CliTokenFile, System.Text.Encoding.UTF8.GetBytes(token + "\n"));
        }
    }

    /// <summary>Opens the files: mapping the surface makes everything behind it.</summary>
    private static void Open(WebApplication app, DataDirectory data)
    {
        try
        {
            _ = app.Services.GetServices<ISecretStore>().ToList();
            app.MapRotundaApi();
            FirstToken(app, data);
        }
        catch (System.Text.Json.JsonException problem)
        {
            throw new StartupException(
                $"{data.TokenFile} is damaged ({problem.Message}) Restore it from a backup; or delete it, and all tokens end and the "
                    + "next start makes a new first one.",
                problem);
        }
        catch (Exception problem)
        {
            throw new StartupException(problem.Message, problem);
        }
    }

    /// <summary>The port is taken before anything is started, so that a second server on it touches nothing.</summary>
    private static async Task ListenAsync(WebApplication app, ServeOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception problem) when (problem is IOException or AddressInUseException or System.Net.Sockets.SocketException
            or InvalidOperationException or FormatException)
        {
            throw new StartupException(
                $"Rotunda cannot listen on {string.Join(';', options.Urls)}: {problem.Message} Stop what uses the address, or give "
                    + "another one with --urls.",
                problem);
        }
    }

    private static async Task StartPartsAsync(
        WebApplication app,
        ServeOptions options,
        DataDirectory data,
        CancellationToken cancellationToken)
    {
        var services = app.Services;
        try
        {
            var ledger = services.GetRequiredService<ILedger>();
            await ledger.CheckAsync(cancellationToken);
            if (options.Ledger is not null)
            {
                await EnsureMovedAsync(data, cancellationToken);
                await ((SqlLedger)ledger).ClaimAsync($"server {data.HeadId()}", cancellationToken);
            }

            foreach (var store in services.GetServices<ISecretStore>())
            {
                await store.CheckAsync(cancellationToken);
            }

            await services.GetRequiredService<IEngineHost>().StartAsync(cancellationToken);
            await services.GetRequiredService<CatalogAdoption>()
                .AdoptAllAsync(services.GetRequiredService<RefreshingCatalog>().Current!, cancellationToken);
            services.GetRequiredService<Readiness>().Started = true;
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // Whatever a part says at its start is for the operator: what, where and what to do, without a stack trace.
            throw new StartupException(problem.Message, problem);
        }
    }

    /// <summary>A ledger in the data directory would be left behind with everything that is on record.</summary>
    private static async Task EnsureMovedAsync(DataDirectory data, CancellationToken cancellationToken)
    {
        if (File.Exists(data.LedgerFile))
        {
            using var left = new SqliteLedger(data.LedgerFile, TimeProvider.System, new CrashPoints());
            _ = await left.MovedToAsync(cancellationToken)
                ?? throw new StartupException(
                    $"The data directory {data.Path} has a ledger of its own, so the one on PostgreSQL cannot be used with it. Move it "
                        + "first: 'rotunda export', then 'rotunda import' (docs/moving.md). Or give a new data directory with --data.");
        }
    }

    private static async Task ServeAsync(WebApplication app, ServeOptions options, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(app.Lifetime.ApplicationStopping, cancellationToken);
        var sweeping = app.Services.GetRequiredService<SweepLoop>().RunAsync(options.SweepEvery, stop.Token);
        try
        {
            await app.WaitForShutdownAsync(cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await sweeping;
        }
    }
}

/// <summary>Starts and stops the engine.</summary>
internal interface IEngineHost
{
    Task StartAsync(CancellationToken cancellationToken);

    Task StopAsync();
}
