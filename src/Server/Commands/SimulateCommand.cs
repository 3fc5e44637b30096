using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rotunda.Calendar.Feeds;
using Rotunda.Calendar.Simulation;
using Rotunda.CatalogFiles;
using Rotunda.Rotation.Catalog;
using Rotunda.Server.Hosting;

namespace Rotunda.Server.Commands;

/// <summary>Plays a catalog's schedules on a virtual clock, without a server.</summary>
internal static class SimulateCommand
{
    private const int MostDays = 3650;
    private const int MostSecrets = 5000;

    public static Command Create(Terminal terminal)
    {
        var days = new Option<int>("--days") { Description = "How many days, 1 to 3650.", DefaultValueFactory = _ => 730, HelpName = "N" };
        var seed = new Option<long>("--seed")
        {
            Description = "Which faults come when; the same seed plays the same.", DefaultValueFactory = _ => 1, HelpName = "N",
        };
        var from = new Option<string?>("--from") { Description = "The first day, as 2026-12-24. Default: today.", HelpName = "DAY" };
        var made = new Option<int?>("--secrets") { Description = "A made catalog of so many secrets, 1 to 5000.", HelpName = "N" };
        var calm = new Option<bool>("--no-faults") { Description = "Every rotation succeeds in minutes, and the server is always up." };
        var catalog = ServeCommand.CatalogOption();
        var command = new Command("simulate", "Play a catalog's schedules on a virtual clock: the calendar, and each promise broken.")
        {
            days, seed, from, catalog, made, calm,
        };
        command.Validators.Add(parsed =>
        {
            Bounded(parsed, days, MostDays);
            Bounded(parsed, made, MostSecrets);
            if (parsed.GetValue(made) is not null && parsed.GetResult(catalog) is { Implicit: false })
            {
                parsed.AddError("--secrets makes a catalog, and --catalog names one. Give one of the two.");
            }
            if (parsed.GetValue(from) is { } text && Day(text) is null)
            {
                parsed.AddError($"--from: '{text}' is not a day. Write year, month and day: 2026-12-24.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var first = Day(parsed.GetValue(from)) ?? TimeProvider.System.GetUtcNow().UtcDateTime.Date;
            var options = Options(
                parsed.GetValue(catalog)!, parsed.GetValue(CommonOptions.Data)!, parsed.GetValue(made), first, parsed.GetValue(days),
                parsed.GetValue(seed), out var leftOut);
            foreach (var name in leftOut)
            {
                await terminal.Errors.WriteLineAsync(
                    $"The change freezes of '{name}' are left out: no copy of its feed is in the data directory. A server reads "
                        + "it: --data DIR");
            }

            var asJson = parsed.GetValue(CommonOptions.Json);
            return await RunAsync(terminal, options with { Faults = !parsed.GetValue(calm) }, asJson, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, SimulationOptions options, bool asJson, CancellationToken cancellationToken)
    {
        var report = CatalogSimulation.Run(options, cancellationToken);
        if (asJson)
        {
            await terminal.Plain.WriteLineAsync(JsonSerializer.Serialize(report, CliJson.Readable.SimulationReport));
        }
        else
        {
            foreach (var line in SimulationText.Of(report))
            {
                await terminal.Plain.WriteLineAsync(line);
            }
        }

        return report.Broken.Count == 0 ? ExitCodes.Ok : ExitCodes.BadNews;
    }

    /// <param name="data">Where a server keeps the last good copies of feeds.</param>
    private static SimulationOptions Options(
        string path, string data, int? made, DateTime from, int days, long seed, out IReadOnlyList<string> leftOut)
    {
        leftOut = [];
        var start = new DateTimeOffset(from, TimeSpan.Zero);
        if (made is { } secrets)
        {
            return new SimulationOptions(MadeCatalog.Of(secrets, start, seed), start, days, seed);
        }

        var reading = Parts.ReadCatalog(path, Parts.Stores);
        if (reading.Catalog is not { } catalog)
        {
            throw new CommandException(ExitCodes.BadNews, string.Join(Environment.NewLine, reading.Problems));
        }

        var known = FreezeCalendar.FromCopies(catalog, data, start, out leftOut);
        return new SimulationOptions(known, start, days, seed) { Doors = Doors.InPlace(catalog.Policies, CatalogLoader.Descriptors()) };
    }

    private static void Bounded<T>(System.CommandLine.Parsing.CommandResult parsed, Option<T> option, int most)
    {
        if (parsed.GetResult(option) is { Implicit: false } && parsed.GetValue(option) is int number && (number < 1 || number > most))
        {
            parsed.AddError($"{option.Name}: {number} is not a number from 1 to {most}. Give one that is.");
        }
    }

    private static DateTime? Day(string? text) =>
        DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
