using System.CommandLine;
using System.Text.Json;
using Rotunda.Api.Views;

namespace Rotunda.Server.Commands;

internal static class AdoptCommand
{
    public static Command Create(Terminal terminal)
    {
        var secret = new Argument<string>("SECRET") { Description = "The secret's name in the catalog." };
        var reason = new Option<string>("--reason") { Description = "Why; goes on record.", Required = true };
        var command = new Command("adopt", "Take what the catalog's \"current:\" tells for the credential in use. Changes nothing outside.")
        {
            secret,
            reason,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            var view = await client.PostAsync(
                $"api/secrets/{Uri.EscapeDataString(parsed.GetValue(secret)!)}/adopt",
                new ControlBody(parsed.GetValue(reason)),
                ApiJson.Default.ControlBody,
                ApiJson.Default.AdoptedView,
                null,
                cancellationToken);
            await terminal.Plain.WriteLineAsync(parsed.GetValue(CommonOptions.Json)
                ? JsonSerializer.Serialize(view, ApiJson.Default.AdoptedView)
                : view.Message);
            return ExitCodes.Ok;
        });
        return command;
    }
}
