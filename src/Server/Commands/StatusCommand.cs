using System.CommandLine;
using System.Text.Json;
using Rotunda.Api.Views;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Server.Commands;

internal static class StatusCommand
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(2);

    public static Command Create(Terminal terminal)
    {
        var secret = new Argument<string?>("SECRET") { Description = "One secret alone, in full.", Arity = ArgumentArity.ZeroOrOne };
        var watch = new Option<bool>("--watch") { Description = "Show it again every two seconds, until Ctrl+C." };
        var command = new Command(
            "status",
            "Show all secrets, worst first. Exit code 1 if any is overdue, stuck, not adopted, not ready, drifted or not delivered, or "
                + "left the catalog with live credentials that nobody is retiring, or the clock is not believed, or the catalog cannot "
                + "be used.") { secret, watch };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            var json = parsed.GetValue(CommonOptions.Json);
            if (!parsed.GetValue(watch))
            {
                return await ShowAsync(client, terminal, parsed.GetValue(secret), json, clear: false, cancellationToken);
            }

            while (true)
            {
                try
                {
                    await ShowAsync(client, terminal, parsed.GetValue(secret), json, clear: true, cancellationToken);
                }
                catch (ServerAwayException away)
                {
                    await terminal.Errors.WriteLineAsync(away.Message);
                }

                await Task.Delay(s_every, TimeProvider.System, cancellationToken);
            }
        });
        return command;
    }

    private static async Task<int> ShowAsync(
        ApiClient client, Terminal terminal, string? secret, bool json, bool clear, CancellationToken cancellationToken)
    {
        if (secret is null)
        {
            var list = await client.GetAsync("api/secrets", ApiJson.Default.SecretList, cancellationToken);
            await WriteAsync(
                terminal,
                json,
                clear,
                () => JsonSerializer.Serialize(list, ApiJson.Default.SecretList),
                () => StatusTable.Show(terminal.Pretty, list));
            return list.Clock is not null || list.Catalog is not null || list.Secrets.Any(IsBad) ? ExitCodes.BadNews : ExitCodes.Ok;
        }

        var view = await client.GetAsync($"api/secrets/{Uri.EscapeDataString(secret)}", ApiJson.Default.SecretView, cancellationToken);
        await WriteAsync(
            terminal,
            json,
            clear,
            () => JsonSerializer.Serialize(view, ApiJson.Default.SecretView),
            () => SecretSheet.Show(terminal.Pretty, view));
        return IsBad(view.Summary) ? ExitCodes.BadNews : ExitCodes.Ok;
    }

    private static async Task WriteAsync(Terminal terminal, bool json, bool clear, Func<string> text, Action show)
    {
        if (json)
        {
            await terminal.Plain.WriteLineAsync(text());
            return;
        }

        if (clear && terminal.Pretty.Profile.Capabilities.Ansi)
        {
            terminal.Pretty.Clear(home: true);
        }

        show();
    }

    /// <summary>A person has to do something, and nobody is at it. Live credentials that are rotated no more are of that kind, until they
    /// are being retired.</summary>
    internal static bool IsBad(SecretSummary secret) => secret.Group switch
    {
        ScheduleGroup.Overdue or ScheduleGroup.Stuck or ScheduleGroup.NotAdopted or ScheduleGroup.NotReady or ScheduleGroup.Drifted
            or ScheduleGroup.NotDelivered => true,
        ScheduleGroup.NotInCatalog => secret.Open is null or { State: RotationState.Stuck },
        _ => false,
    };
}
