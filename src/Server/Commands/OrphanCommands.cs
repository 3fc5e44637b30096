using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rotunda.Api.Views;
using Spectre.Console;

namespace Rotunda.Server.Commands;

/// <summary>Orphans: the list, and a person's word on one.</summary>
internal static class OrphanCommands
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("orphans", "List credentials that exist, or may exist, and that only a person can settle.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            var list = await client.GetAsync("api/orphans", ApiJson.Default.OrphanList, cancellationToken);
            if (parsed.GetValue(CommonOptions.Json))
            {
                await terminal.Plain.WriteLineAsync(JsonSerializer.Serialize(list, ApiJson.Default.OrphanList));
            }
            else
            {
                Show(terminal.Pretty, list);
            }

            return ExitCodes.Ok;
        });
        command.Add(Settle(terminal));
        return command;
    }

    private static Command Settle(Terminal terminal)
    {
        var id = new Argument<long>("ID") { Description = "The orphan's number, as the list has it." };
        var reason = new Option<string>("--reason") { Description = "Why; goes on record.", Required = true };
        var how = new[]
        {
            ("revoke", new Option<bool>("--revoke") { Description = "Rotunda revokes it at its provider." }),
            ("revoked", new Option<bool>("--revoked") { Description = "It was revoked by hand, or is not there." }),
            ("kept", new Option<bool>("--kept") { Description = "Somebody uses it: it stays as it is." }),
        };
        var command = new Command("settle", "Say what becomes of an orphan, on record. Needs an approver.") { id, reason };
        foreach (var (_, option) in how)
        {
            command.Add(option);
        }

        command.Validators.Add(parsed =>
        {
            if (how.Count(one => parsed.GetValue(one.Item2)) != 1)
            {
                parsed.AddError("Say one of --revoke, --revoked and --kept.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            var view = await client.PostAsync(
                string.Create(CultureInfo.InvariantCulture, $"api/orphans/{parsed.GetValue(id)}/settle"),
                new SettleBody(how.Single(one => parsed.GetValue(one.Item2)).Item1, parsed.GetValue(reason)),
                ApiJson.Default.SettleBody,
                ApiJson.Default.SettledView,
                null,
                cancellationToken);
            await terminal.Plain.WriteLineAsync(parsed.GetValue(CommonOptions.Json)
                ? JsonSerializer.Serialize(view, ApiJson.Default.SettledView)
                : view.Message);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Show(IAnsiConsole console, OrphanList list)
    {
        if (list.Orphans.Count == 0)
        {
            console.WriteLine("There are no orphans.");
            return;
        }

        foreach (var one in list.Orphans)
        {
            var where = one.ProviderCredentialId ?? one.Account ?? (one.Label is null ? "nothing tells which" : $"labelled {one.Label}");
            console.MarkupLineInterpolated(
                $"[bold]#{one.Id}[/] {one.Secret}, at {one.Provider ?? "a provider that is not known any more"}: {where}");
            console.WriteLine($"  {one.Note}");
            console.WriteLine(
                $"  To settle it: rotunda orphans settle {one.Id} {(one.CanRevoke ? "--revoke | " : "")}--revoked | --kept --reason WHY");
        }
    }
}
