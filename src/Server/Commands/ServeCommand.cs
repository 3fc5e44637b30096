using System.CommandLine;
using Rotunda.Rotation.Catalog;
using Rotunda.Server.Hosting;

namespace Rotunda.Server.Commands;

internal static class ServeCommand
{
    public const string DefaultCatalog = "catalog/sample.yaml";
    private static readonly TimeSpan ShortestSweep = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestSweep = TimeSpan.FromDays(1);

    public static Command Create(Terminal terminal)
    {
        var catalog = CatalogOption();
        var urls = new Option<string>("--urls") { Description = "Where to listen, separated by semicolons.", DefaultValueFactory = _ => CommonOptions.DefaultUrl, HelpName = "URLS" };
        var sweep = new Option<string>("--sweep") { Description = "How often the schedule is looked at.", DefaultValueFactory = _ => "30s", HelpName = "DURATION" };
        var log = new Option<string>("--log") { Description = "How to write logs.", DefaultValueFactory = _ => "simple" };
        log.AcceptOnlyFromAmong("simple", "json");
        var command = new Command("serve", "Run the server.") { catalog, urls, sweep, log };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var every = DurationText.TryParse(parsed.GetValue(sweep), out var duration) && duration >= ShortestSweep && duration <= LongestSweep
                ? duration
                : throw new CommandException(ExitCodes.CannotWork, $"'{parsed.GetValue(sweep)}' cannot be the time between sweeps. Give a duration from 100ms to 1d, such as 5s, 30s or 2m, with --sweep.");
            var options = new ServeOptions(parsed.GetValue(CommonOptions.Data)!, parsed.GetValue(catalog)!, parsed.GetValue(urls)!, every, parsed.GetValue(log) == "json",
                await CommonOptions.LedgerAsync(parsed, cancellationToken));
            await RotundaServer.RunAsync(options, terminal.Plain, cancellationToken);
            return ExitCodes.Ok;
        });
        return command;
    }

    public static Option<string> CatalogOption() => new("--catalog")
    {
        Description = "The catalog's file (or ROTUNDA_CATALOG).",
        DefaultValueFactory = _ => CommonOptions.FromEnvironment("ROTUNDA_CATALOG") ?? DefaultCatalog,
        HelpName = "FILE",
    };
}
