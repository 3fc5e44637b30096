using Microsoft.AspNetCore.Connections;
using Rotunda.Activities.Clocks;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Head;
using Rotunda.Api.Http;
using Rotunda.CatalogFiles;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Server.SignIn;

namespace Rotunda.Server.Hosting;

/// <summary>One server process: takes the data directory, starts the parts, serves, and stops them in order.</summary>
internal static partial class RotundaServer
{
    /// <exception cref="StartupException">It cannot start; the message says what to do.</exception>
    public static async Task RunAsync(ServeOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        var weak = ProcessGuard.Close();
        var catalog = ReadCatalog(options.Catalog);
        using var data = DataDirectory.Take(options.Data);
        using var logs = LoggerFactory.Create(logging => WebSurface.WriteLogs(logging, options));
        var certificate = options.Certificate is { } files
            ? ServerCertificate.Load(files, TimeProvider.System, logs.CreateLogger<ServerCertificate>())
            : null;
        await using var app = WebSurface.Build(options, data, catalog, certificate);
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(RotundaServer));
        foreach (var remark in weak.Concat(data.Remarks))
        {
            LogWeak(log, remark);
        }

        Open(app, data);
        var manager = ServiceManager.OfProcess(TimeProvider.System);
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var reload = new CatalogReload(app.Services.GetRequiredService<RefreshingCatalog>(), manager, certificate);
            using var signals = new Signals(
                app.Services.GetRequiredService<ILogger<Signals>>(),
                () => _ = stop.CancelAsync(),
                () => Reload(app, reload, stop.Token));
            await ListenAsync(app, options, stop.Token);
            Exposure.Log(log, app.Urls, options, certificate);
            await StartPartsAsync(app, options, data, stop.Token);
            await TellReadyAsync(app, options, data, output);
            manager.Ready(reload.Status);
            await ServeAsync(app, options, stop.Token);
        }
        catch (OperationCanceledException)
        {
            // Asked to stop before it was ready.
        }
        finally
        {
            manager.Stopping();
            await app.StopAsync(CancellationToken.None);
            await app.Services.GetRequiredService<IEngineHost>().StopAsync();
            LogStopped(log);
        }
    }

    private static async Task TellReadyAsync(WebApplication app, ServeOptions options, DataDirectory data, TextWriter output)
    {
        await output.WriteLineAsync(
            $"Rotunda is ready: {string.Join(" ", app.Urls)} (data: {data.Path}, catalog: {Path.GetFullPath(options.Catalog)})");
        await output.FlushAsync(CancellationToken.None);
    }

    /// <summary>Not before the server runs: it has just read the catalog.</summary>
    private static void Reload(WebApplication app, CatalogReload reload, CancellationToken cancellationToken)
    {
        if (app.Services.GetRequiredService<Readiness>().Started)
        {
            _ = reload.RunAsync(cancellationToken);
        }
    }

    private static CatalogReading ReadCatalog(string path)
    {
        var reading = Parts.ReadCatalog(path, Parts.Stores);
        return reading.Catalog is not null
            ? reading
            : throw new StartupException(
                $"The catalog {Path.GetFullPath(path)} cannot be used. Mend this ('rotunda catalog validate' looks again):"
                    + $"{Environment.NewLine}{string.Join(Environment.NewLine, reading.Problems)}");
    }

    /// <summary>The name of the token in the file cli-token.</summary>
    private const string CliToken = "admin";

    /// <summary>The first start makes a token for the command line on this machine, so that nothing has to be set up to begin.</summary>
    private static void FirstToken(WebApplication app, DataDirectory data)
    {
        var tokens = app.Services.GetRequiredService<TokenFile>();
        if (tokens.Read().Count == 0)
        {
            var (_, token) = tokens.Create(new NewToken(CliToken, Role.Admin, NewToken.UsualLifetime) { RenewsItself = true });
            PrivateFile.Replace(data.CliTokenFile, System.Text.Encoding.UTF8.GetBytes(token + "\n"));
        }
        else if (File.Exists(data.CliTokenFile) && tokens.Find(CliToken) is { Renews: not null })
        {
            // Whoever reads the directory may act here: nobody is locked out of their own machine after a quiet season.
            tokens.Renew(CliToken);
        }
    }

    /// <summary>Opens the files: mapping the surface makes everything behind it.</summary>
    private static void Open(WebApplication app, DataDirectory data)
    {
        try
        {
            _ = app.Services.GetServices<ISecretStore>().ToList();
            ProviderSignIn.Map(app);
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

            if (options.Provider is { Secret: { } reference })
            {
                // A reference that leads nowhere is told now, not to the first person who signs in.
                using var found = await services.GetRequiredService<IReferenceResolver>().ResolveAsync(reference, cancellationToken);
            }

            // Before a timer that fell due meanwhile is taken: what it leads to may be a revoke.
            await services.GetRequiredService<ClockWatch>().LookAsync(cancellationToken);
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
        var sweeping = app.Services.GetRequiredService<SweepLoop>().RunAsync(options.SweepEvery, cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
        await sweeping;
    }

    [LoggerMessage(EventId = 7031, Level = LogLevel.Warning, Message = "{Remark}")]
    private static partial void LogWeak(ILogger logger, string remark);

    [LoggerMessage(EventId = 7032, Level = LogLevel.Information, Message = "Rotunda has stopped")]
    private static partial void LogStopped(ILogger logger);
}

/// <summary>Starts and stops the engine.</summary>
internal interface IEngineHost
{
    Task StartAsync(CancellationToken cancellationToken);

    Task StopAsync();
}
