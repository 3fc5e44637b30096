using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rotunda.Api.Views;
using Rotunda.Leaks.Views;

namespace Rotunda.Server.Commands;

/// <summary>Reports values that were found outside. A value is never an argument: others on the machine could read it there.</summary>
internal static class LeakCommand
{
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(1);

    public static Command Create(Terminal terminal)
    {
        var file = new Option<string?>("--file")
        {
            Description = "What TruffleHog (--json) or gitleaks (a JSON report) wrote; - for standard input.", HelpName = "FILE",
        };
        var where = new Option<string?>("--where") { Description = "Where the value was found; goes on record. Without --file." };
        var incident = new Option<string?>("--incident")
        {
            Description = "What rotations for it are started under, such as INC-1. Default: made of the leak's number.", HelpName = "REF",
        };
        var wait = new Option<bool>("--wait") { Description = "Wait until every value that works is dead." };
        var list = new Option<bool>("--list") { Description = "Report nothing; list the leaks that are looked after." };
        var show = new Option<long?>("--show") { Description = "Report nothing; show how one leak stands.", HelpName = "NUMBER" };
        var command = new Command(
            "leak",
            "Report a value that was found outside: on standard input, at a prompt that does not show it, or a scanner's file. What works "
                + "is replaced at once, or a person is asked, as the catalog says.") { file, where, incident, wait, list, show };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed, patient: true);
            if (parsed.GetValue(list))
            {
                return await ListAsync(client, terminal, parsed, cancellationToken);
            }

            if (parsed.GetValue(show) is { } number)
            {
                return await ShowAsync(client, terminal, parsed, number, parsed.GetValue(wait), cancellationToken);
            }

            var path = parsed.GetValue(incident) is { } under ? $"api/leaks?incident={Uri.EscapeDataString(under)}" : "api/leaks";
            var answers = new List<LeakAnswer>();
            try
            {
                await (parsed.GetValue(file) is { } report
                    ? LeakFile.SendAsync(client, path, report, answers, terminal, cancellationToken)
                    : ByHandAsync(client, terminal, path, parsed.GetValue(where), answers, cancellationToken));
            }
            catch (Exception) when (answers.Count > 0)
            {
                // They have been acted on.
                await SayAsync(terminal, parsed, answers);
                throw;
            }

            await SayAsync(terminal, parsed, answers);
            var alive = answers.Select(answer => answer.Leak).OfType<long>().Distinct().ToList();
            var worst = alive.Count == 0 || parsed.GetValue(wait) ? ExitCodes.Ok : ExitCodes.BadNews;
            foreach (var one in parsed.GetValue(wait) ? alive : [])
            {
                worst = Math.Max(worst, await ShowAsync(client, terminal, parsed, one, waits: true, cancellationToken));
            }

            return worst;
        });
        return command;
    }

    private static async Task ByHandAsync(
        ApiClient client, Terminal terminal, string path, string? where, List<LeakAnswer> answers, CancellationToken cancellationToken)
    {
        using var value = ValueInput.IsTerminal
            ? await ValueInput.AskAsync(terminal, "Leaked value (not shown): ", cancellationToken)
            : await ValueInput.ReadAsync(cancellationToken);
        if (value is null)
        {
            throw new CommandException(
                ExitCodes.CannotWork, "Nothing was given at the prompt, so 'leak' sent nothing. Run it again, and give the value.");
        }

        await LeakFile.SendAsync(client, path, LeakedText.Of(value, where), answers, terminal, cancellationToken);
    }

    private static async Task SayAsync(Terminal terminal, ParseResult parsed, List<LeakAnswer> answers)
    {
        if (parsed.GetValue(CommonOptions.Json))
        {
            await terminal.Plain.WriteLineAsync(JsonSerializer.Serialize(new LeakReport(answers), ApiJson.Default.LeakReport));
            return;
        }

        foreach (var answer in answers)
        {
            await terminal.Plain.WriteLineAsync(
                $"{answer.Where}: {answer.Answer}{(answer.Secret is { } secret ? $", {secret}" : "")}. {answer.Message}");
        }

        if (answers.Count == 0)
        {
            await terminal.Errors.WriteLineAsync("The report has no findings.");
        }
    }

    private static async Task<int> ListAsync(ApiClient client, Terminal terminal, ParseResult parsed, CancellationToken cancellationToken)
    {
        var all = await client.GetAsync("api/leaks", ApiJson.Default.LeakList, cancellationToken);
        if (parsed.GetValue(CommonOptions.Json))
        {
            await terminal.Plain.WriteLineAsync(JsonSerializer.Serialize(all, ApiJson.Default.LeakList));
            return ExitCodes.Ok;
        }

        foreach (var leak in all.Leaks)
        {
            await terminal.Plain.WriteLineAsync(Line(leak));
        }

        if (all.Leaks.Count == 0)
        {
            await terminal.Errors.WriteLineAsync("No leak is looked after. Report one with: rotunda leak");
        }

        return ExitCodes.Ok;
    }

    private static async Task<int> ShowAsync(
        ApiClient client, Terminal terminal, ParseResult parsed, long number, bool waits, CancellationToken cancellationToken)
    {
        var told = "";
        while (true)
        {
            var leak = await client.GetAsync(
                string.Create(CultureInfo.InvariantCulture, $"api/leaks/{number}"), ApiJson.Default.LeakView, cancellationToken);
            if (leak.Message != told)
            {
                told = leak.Message;
                await terminal.Plain.WriteLineAsync(
                    parsed.GetValue(CommonOptions.Json) ? JsonSerializer.Serialize(leak, ApiJson.Default.LeakView) : Line(leak));
            }

            if (!waits || leak.State is "dead" or "given-up")
            {
                return leak.State == "dead" ? ExitCodes.Ok : ExitCodes.BadNews;
            }

            await Task.Delay(s_pace, TimeProvider.System, cancellationToken);
        }
    }

    private static string Line(LeakView leak) => string.Create(
        CultureInfo.InvariantCulture,
        $"{leak.Leak} {leak.State} {leak.Secret} ({leak.Incident}, {leak.FoundAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC): {leak.Message}");
}
