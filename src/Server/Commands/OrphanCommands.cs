using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rotunda.Api.Views;
using Spectre.Console;

namespace Rotunda.Server.Commands;

/// <summary>Orphans: the list, and a person's word on one.</summary>
internal static class OrphanCommands
{
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(500);

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

        var wait = new Option<bool>("--wait") { Description = "With --revoke: wait until it is revoked. Exit code 0 only then." };
        command.Add(wait);
        command.Validators.Add(parsed =>
        {
            if (parsed.GetValue(wait) && !parsed.GetValue(how[0].Item2))
            {
                parsed.AddError("--wait is for --revoke: the others are done at once.");
            }

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
            if (parsed.GetValue(wait))
            {
                view = await RevokedAsync(client, view, cancellationToken);
            }

            await terminal.Plain.WriteLineAsync(parsed.GetValue(CommonOptions.Json)
                ? JsonSerializer.Serialize(view, ApiJson.Default.SettledView)
                : view.Message);
            return view.IsSettled || !parsed.GetValue(wait) ? ExitCodes.Ok : ExitCodes.BadNews;
        });
        return command;
    }

    /// <summary>Looks until it is listed no more, or its revoke has failed.</summary>
    private static async Task<SettledView> RevokedAsync(ApiClient client, SettledView begun, CancellationToken cancellationToken)
    {
        while (true)
        {
            var list = await client.GetAsync("api/orphans", ApiJson.Default.OrphanList, cancellationToken);
            switch (list.Orphans.FirstOrDefault(one => one.Id == begun.Id))
            {
                case null:
                    return begun with { Message = $"Orphan #{begun.Id} is revoked.", IsSettled = true };
                case { IsRevoking: false } one:
                    return begun with { Message = $"Orphan #{begun.Id} is not revoked: {one.Problem ?? "it was not begun."}" };
            }

            await Task.Delay(s_every, TimeProvider.System, cancellationToken);
        }
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
            if (one.IsRevoking || one.Problem is not null)
            {
                console.WriteLine($"  {(one.IsRevoking ? "It is being revoked." : "It could not be revoked.")} {one.Problem}".TrimEnd());
            }

            console.WriteLine(
                $"  To settle it: rotunda orphans settle {one.Id} {(one.CanRevoke ? "--revoke | " : "")}--revoked | --kept --reason WHY");
        }
    }
}
