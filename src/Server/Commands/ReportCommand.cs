using System.CommandLine;
using System.Text.Json;
using Rotunda.Api.Views;
using Rotunda.Reports.Period;
using Rotunda.Reports.Signing;

namespace Rotunda.Server.Commands;

/// <summary>Writes reports of a server as files: of an incident, or of a period for auditors.</summary>
internal static class ReportCommand
{
    private const string Signature = ".sig";

    public static Command Create(Terminal terminal)
    {
        var incident = new Option<string?>("--incident") { Description = "Of this incident, such as INC-1.", HelpName = "REF" };
        var period = new Option<string?>("--period") { Description = $"Of this time: {ReportPeriod.Forms}.", HelpName = "PERIOD" };
        var into = new Option<string?>("--out")
        {
            Description = "The folder to write to; it is made. Default: report-PERIOD, or incident-REF.", HelpName = "FOLDER",
        };
        var print = new Option<string?>("--print")
        {
            Description = "Write no files; print this one of them, such as incident.md or report.csv.", HelpName = "FILE",
        };
        var command = new Command(
            "report", "Write what happened under an incident, or in a period: for people, spreadsheets and programs, and signed.")
        {
            incident, period, into, print,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = (parsed.GetValue(incident), parsed.GetValue(period)) switch
            {
                ({ } reference, null) => $"api/reports/incidents/{Uri.EscapeDataString(reference)}",
                (null, { } time) => $"api/reports/period?period={Uri.EscapeDataString(time)}",
                _ => throw new CommandException(
                    ExitCodes.CannotWork, "Say of what: --incident REF, or --period 2026-Q3. One of the two."),
            };
            using var client = CommonOptions.Client(parsed, patient: true);
            var report = await client.GetAsync(path, ApiJson.Default.ReportFiles, cancellationToken);
            if (parsed.GetValue(print) is { } name)
            {
                var file = report.Files.FirstOrDefault(one => one.Name == name)
                    ?? throw new CommandException(
                        ExitCodes.CannotWork,
                        $"There is no file '{name}'. There are: {string.Join(", ", report.Files.Select(one => one.Name))}.");
                await terminal.Plain.WriteAsync(file.Text);
                return ExitCodes.Ok;
            }

            var folder = parsed.GetValue(into)
                ?? $"{(parsed.GetValue(incident) is null ? "report" : "incident")}-{Named(report.Name)}";
            await WriteAsync(report, folder, cancellationToken);
            await terminal.Plain.WriteLineAsync(parsed.GetValue(CommonOptions.Json)
                ? JsonSerializer.Serialize(report, ApiJson.Default.ReportFiles)
                : $"{string.Join(", ", report.Files.Select(file => file.Name))} in {folder}. Check them with: python3 eng/check-report.py "
                    + $"{folder}, and with the rows of 'rotunda audit export' behind that (docs/reports.md).");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task WriteAsync(ReportFiles report, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in report.Files)
        {
            // Its names are the server's, and no paths.
            var path = Path.Combine(folder, Path.GetFileName(file.Name));
            await (file.Name.EndsWith(Signature, StringComparison.Ordinal)
                ? File.WriteAllBytesAsync(path, Convert.FromBase64String(file.Text), cancellationToken)
                : File.WriteAllTextAsync(path, file.Text, cancellationToken));
        }
    }

    /// <summary>An incident's reference may be anything.</summary>
    private static string Named(string text) =>
        string.Concat(text.Select(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is '-' or '_' ? symbol : '-'));
}
