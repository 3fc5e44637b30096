using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rotunda.Api.Views;

namespace Rotunda.Server.Commands;

/// <summary>Moves the values of a running server's store to another master key, slice by slice, and shows how far it is.</summary>
internal static class RekeyCommand
{
    public static Command Create(Terminal terminal)
    {
        var reason = new Option<string>("--reason") { Description = "Why; goes on record.", Required = true };
        var command = new Command(
            "rekey",
            "Move all values of the embedded store to a new master key, beside the running server. Can be stopped and repeated at any "
                + "time: it goes on where it was. Needs an admin.") { reason };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            var view = await AllAsync(client, terminal, parsed.GetValue(reason)!, parsed.GetValue(CommonOptions.Json), cancellationToken);
            if (!parsed.GetValue(CommonOptions.Json))
            {
                await terminal.Plain.WriteLineAsync(
                    $"Every value is under the master key {view.NewKey}. Keep the old one, {view.OldKey}, only as long as backups from "
                        + "before are kept; take a new backup, with the new key apart from it.");
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task<RekeyView> AllAsync(
        ApiClient client,
        Terminal terminal,
        string reason,
        bool json,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            var view = await client.PostAsync(
                "api/store/rekey",
                new ReasonBody(reason),
                ApiJson.Default.ReasonBody,
                ApiJson.Default.RekeyView,
                null,
                cancellationToken);
            await terminal.Plain.WriteLineAsync(json
                ? JsonSerializer.Serialize(view, ApiJson.Default.RekeyView)
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{view.Moved} of {view.Total} values moved from key {view.OldKey} to {view.NewKey}"));
            if (view.Done)
            {
                return view;
            }
        }
    }
}
