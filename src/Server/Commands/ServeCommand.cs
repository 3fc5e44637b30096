using System.CommandLine;
using Rotunda.Api.Desk;
using Rotunda.Rotation.Words;
using Rotunda.Server.Hosting;

namespace Rotunda.Server.Commands;

internal static class ServeCommand
{
    public const string Name = "serve";
    public const string DefaultCatalog = "catalog/sample.yaml";
    private static readonly TimeSpan ShortestSweep = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestSweep = TimeSpan.FromDays(1);

    public static Command Create(Terminal terminal, Action<string>? crashPoint)
    {
        var catalog = CatalogOption();
        var urls = new Option<string>("--urls")
        {
            Description = "Where to listen, separated by semicolons.",
            DefaultValueFactory = _ => CommonOptions.DefaultUrl,
            HelpName = "URLS",
        };
        var insecure = new Option<bool>("--insecure")
        {
            Description = "Serve other machines without TLS, where the network in between is trusted: tokens cross it in the clear.",
        };
        var (certificate, key) = (CertificateOption("--certificate", "the certificate"), CertificateOption("--certificate-key", "its key"));
        var proxy = new Option<string[]>("--behind-proxy")
        {
            Description = "The IP address (or network) of a proxy that ends TLS. Only it may come by plain HTTP. May be given several "
                + "times.",
            DefaultValueFactory = _ => [],
            HelpName = "ADDRESS",
        };
        var host = new Option<string[]>("--host")
        {
            Description = "A name under which the server answers, besides its addresses. May be given several times.",
            DefaultValueFactory = _ => [],
            HelpName = "NAME",
        };
        var sweep = new Option<string>("--sweep")
        {
            Description = "How often the schedule is looked at.",
            DefaultValueFactory = _ => "30s",
            HelpName = "DURATION",
        };
        var keep = new Option<string>("--keep-ended")
        {
            Description = "How long the engine keeps the histories of rotations that have ended. The ledger keeps its record of them for "
                + "ever.",
            DefaultValueFactory = _ => "90d",
            HelpName = "DURATION",
        };
        var log = new Option<string>("--log") { Description = "How to write logs.", DefaultValueFactory = _ => "simple" };
        log.AcceptOnlyFromAmong("simple", "json");
        var command = new Command(Name, "Run the server.") { catalog, urls, insecure, certificate, key, proxy, host, sweep, keep, log };
        SignInOptions.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var every = DurationText.TryParse(parsed.GetValue(sweep), out var duration)
                && duration >= ShortestSweep
                && duration <= LongestSweep
                ? duration
                : throw new CommandException(
                    ExitCodes.CannotWork,
                    $"'{parsed.GetValue(sweep)}' cannot be the time between sweeps. Give a duration from 100ms to 1d, such as 5s, 30s or "
                        + "2m, with --sweep.");
            var kept = DurationText.TryParse(parsed.GetValue(keep), out var ended) && ended >= HubCleaningOptions.Shortest
                ? ended
                : throw new CommandException(
                    ExitCodes.CannotWork,
                    $"'{parsed.GetValue(keep)}' cannot be how long histories are kept. Give a duration of at least 1d, such as 90d, with "
                        + "--keep-ended.");
            var proxies = KnownProxies.Parse(parsed.GetValue(proxy)!);
            var options = new ServeOptions(
                parsed.GetValue(CommonOptions.Data)!,
                parsed.GetValue(catalog)!,
                ListenAddresses.Parse(parsed.GetValue(urls)!, parsed.GetValue(insecure) || proxies.Any),
                every,
                parsed.GetValue(log) == "json",
                kept,
                await CommonOptions.LedgerAsync(parsed, cancellationToken),
                crashPoint)
            {
                Hosts = parsed.GetValue(host)!,
                Proxies = proxies,
                Provider = SignInOptions.Provider(parsed),
                SignIn = SignInOptions.Times(parsed),
                Certificate = Certificate(parsed.GetValue(certificate), parsed.GetValue(key)),
            };
            await RotundaServer.RunAsync(options, terminal.Plain, cancellationToken);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Option<string?> CertificateOption(string name, string what) => new(name)
    {
        Description = $"The PEM file of {what} for https:// addresses, read again when it is renewed.",
        HelpName = "FILE",
    };

    private static CertificateFiles? Certificate(string? chain, string? key) => (chain, key) switch
    {
        (null, null) => null,
        ({ } file, _) => new(file, key ?? file),
        _ => throw new CommandException(ExitCodes.CannotWork, "--certificate-key is the key of a --certificate. Give that one too."),
    };

    public static Option<string> CatalogOption() => new("--catalog")
    {
        Description = "The catalog's file (or ROTUNDA_CATALOG).",
        DefaultValueFactory = _ => CommonOptions.FromEnvironment("ROTUNDA_CATALOG") ?? DefaultCatalog,
        HelpName = "FILE",
    };
}
