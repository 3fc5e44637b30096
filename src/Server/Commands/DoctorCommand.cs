using System.CommandLine;
using System.Text.Json;
using Rotunda.Api.Views;
using Rotunda.Server.Hosting;
using Spectre.Console;

namespace Rotunda.Server.Commands;

internal static class DoctorCommand
{
    public static Command Create(Terminal terminal)
    {
        var last = new Option<bool>("--last") { Description = "Tell what the server found last, instead of looking now." };
        var command = new Command(
            "doctor",
            "Look at all that rotations would touch, and change nothing: references, stores, targets, consumers, rights, clock, disk. "
                + "Exit code 1 if there is any problem.") { last };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed, patient: true);
            var report = await client.GetAsync(
                $"api/doctor{(parsed.GetValue(last) ? "?last=true" : "")}",
                ApiJson.Default.DoctorReport,
                cancellationToken);
            if (parsed.GetValue(CommonOptions.Json))
            {
                await terminal.Plain.WriteLineAsync(JsonSerializer.Serialize(report, ApiJson.Default.DoctorReport));
            }
            else
            {
                Show(terminal.Pretty, report);
            }

            return report.Healthy ? ExitCodes.Ok : ExitCodes.BadNews;
        });
        return command;
    }

    public static void Show(IAnsiConsole console, DoctorReport report)
    {
        foreach (var finding in report.Findings)
        {
            var where = string.Join(' ', new[] { finding.Secret, finding.Area, finding.Part }.OfType<string>());
            var (colour, word) = finding.Level == FindingLevel.Problem ? ("red", "problem") : ("yellow", "warning");
            console.MarkupLineInterpolated($"[{colour}]{word}[/] [bold]{where}[/]: {finding.Message}");
        }

        var problems = report.Findings.Count(finding => finding.Level == FindingLevel.Problem);
        var warnings = report.Findings.Count - problems;
        var found = $"{Counted.Of(problems, "problem")}, {Counted.Of(warnings, "warning")}";
        var at = $"{report.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}";
        console.MarkupLineInterpolated(
            $"{Counted.Of(report.Secrets, "secret")} looked at, {found} ({at} UTC).");
    }
}
