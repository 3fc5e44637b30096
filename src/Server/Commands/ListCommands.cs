using System.CommandLine;
using System.Text.Json;
using Rotunda.Api.Views;
using Spectre.Console;

namespace Rotunda.Server.Commands;

/// <summary>Lists over HTTP: all secrets, all rotations, one secret's history.</summary>
internal static class ListCommands
{
    public static Command Secrets(Terminal terminal)
    {
        var command = new Command("secrets", "List all secrets of the catalog with how they are rotated.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            var list = await client.GetAsync("api/secrets", ApiJson.Default.SecretList, cancellationToken);
            if (parsed.GetValue(CommonOptions.Json))
            {
                await terminal.Plain.WriteLineAsync(JsonSerializer.Serialize(list, ApiJson.Default.SecretList));
                return ExitCodes.Ok;
            }

            var table = new Table().Border(TableBorder.Minimal)
                .AddColumns("Secret", "Provider", "Strategy", "Next", "Owner", "Description");
            table.Columns[0].NoWrap();
            foreach (var secret in list.Secrets.OrderBy(s => s.Name, StringComparer.Ordinal))
            {
                table.AddRow(
                    new Text(secret.Name),
                    new Text(secret.Provider),
                    new Text(JsonNamingPolicy.KebabCaseLower.ConvertName(secret.Strategy.ToString())),
                    new Text(secret.NextDueAt is { } at ? $"{at.UtcDateTime:yyyy-MM-dd HH:mm}" : "on request"),
                    new Text(secret.Owner ?? "-"), new Text(secret.Description ?? ""));
            }

            terminal.Pretty.Write(table);
            return ExitCodes.Ok;
        });
        return command;
    }

    public static Command Rotations(Terminal terminal)
    {
        var state = new Option<string?>("--state") { Description = "Only those in this state, or 'open' for all that have not ended." };
        var secret = new Option<string?>("--secret") { Description = "Only those of this secret." };
        var command = new Command("rotations", "List rotations, newest first.") { state, secret, Limit };
        command.SetAction((parsed, cancellationToken) => ShowAsync(
            terminal, parsed, parsed.GetValue(secret), parsed.GetValue(state), parsed.GetValue(Limit), cancellationToken));
        return command;
    }

    public static Command History(Terminal terminal)
    {
        var secret = new Argument<string>("SECRET") { Description = "The secret's name." };
        var command = new Command("history", "List the rotations of one secret, newest first: when, why, by whom, and how each ended.")
        {
            secret, Limit,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            var name = parsed.GetValue(secret)!;
            // Asked for its own sake: a name that nothing has is told, with the one that is near it.
            await client.GetAsync($"api/secrets/{Uri.EscapeDataString(name)}", ApiJson.Default.SecretView, cancellationToken);
            return await ShowAsync(terminal, parsed, name, state: null, parsed.GetValue(Limit), cancellationToken);
        });
        return command;
    }

    private static readonly Option<int> Limit = new("--limit")
    {
        Description = "How many at most, 1 to 1000.",
        DefaultValueFactory = _ => 50,
    };

    private static async Task<int> ShowAsync(
        Terminal terminal, ParseResult parsed, string? secret, string? state, int limit, CancellationToken cancellationToken)
    {
        using var client = CommonOptions.Client(parsed);
        var query = $"?limit={limit}" + (secret is null ? "" : $"&secret={Uri.EscapeDataString(secret)}")
            + (state is null ? "" : $"&state={Uri.EscapeDataString(state)}");
        var list = await client.GetAsync($"api/rotations{query}", ApiJson.Default.RotationList, cancellationToken);
        if (parsed.GetValue(CommonOptions.Json))
        {
            await terminal.Plain.WriteLineAsync(JsonSerializer.Serialize(list, ApiJson.Default.RotationList));
        }
        else if (list.Rotations.Count == 0)
        {
            await terminal.Plain.WriteLineAsync($"There are none. Start one with: rotunda rotate {secret ?? "SECRET"}");
        }
        else
        {
            RotationsTable.Show(terminal.Pretty, list.Rotations, withSecret: secret is null);
        }

        return ExitCodes.Ok;
    }
}
