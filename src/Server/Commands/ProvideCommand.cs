using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rotunda.Api.Views;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Server.Commands;

/// <summary>Gives the value that a rotation asks for. It is never an argument: others on the machine could read it there.</summary>
internal static class ProvideCommand
{
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("ROTATION") { Description = RotationName.Description };
        var link = new Option<bool>("--link") { Description = "Make a one-time link instead, by which somebody else gives the value." };
        var validFor = new Option<string?>("--valid-for")
        {
            Description = "With --link: how long it holds. Default: 1d.",
            HelpName = "DURATION",
        };
        var command = new Command(
            "provide",
            "Give the value that a rotation asks for: on standard input, or at a prompt that does not show it.") { id, link, validFor };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            var rotation = await RotationName.ToSteerAsync(client, parsed.GetValue(id)!, cancellationToken);
            var path = $"api/rotations/{Uri.EscapeDataString(rotation)}";
            var json = parsed.GetValue(CommonOptions.Json);
            return parsed.GetValue(link)
                ? await LinkAsync(
                    terminal, client, path, parsed.GetValue(validFor), parsed.GetValue(CommonOptions.Url)!, json, cancellationToken)
                : await ProvideAsync(terminal, client, path, json, cancellationToken);
        });
        return command;
    }

    private static async Task<int> LinkAsync(
        Terminal terminal, ApiClient client, string path, string? validFor, string url, bool json, CancellationToken cancellationToken)
    {
        var made = await client.PostAsync(
            $"{path}/provide-link", new ProvideLinkBody(validFor), ApiJson.Default.ProvideLinkBody, ApiJson.Default.ProvideLinkView, null,
            cancellationToken);
        await terminal.Plain.WriteLineAsync(json
            ? JsonSerializer.Serialize(made, ApiJson.Default.ProvideLinkView)
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{url.TrimEnd('/')}{made.Path}\nOnce, until {made.ExpiresAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC. ")
                + "Whoever has it can give the value.");
        return ExitCodes.Ok;
    }

    private static async Task<int> ProvideAsync(
        Terminal terminal, ApiClient client, string path, bool json, CancellationToken cancellationToken)
    {
        var view = await client.GetAsync(path, ApiJson.Default.RotationView, cancellationToken);
        if (ValueInput.IsTerminal)
        {
            await TellAsync(terminal, view);
        }

        while (true)
        {
            using var value = ValueInput.IsTerminal
                ? await ValueInput.AskAsync(terminal, "Value (not shown): ", cancellationToken)
                : await ValueInput.ReadAsync(cancellationToken);
            if (value is null)
            {
                await terminal.Errors.WriteLineAsync("Nothing was given.");
                return ExitCodes.CannotWork;
            }

            var before = view.Timeline is [.., var last] ? last.Sequence : 0;
            if (await GiveAsync(terminal, client, path, value, cancellationToken) is { } given)
            {
                var end = await FollowAsync(client, path, before, cancellationToken);
                if (end?.Action != RotationActions.ValueRefused)
                {
                    await SayAsync(terminal, given, end, json);
                    return ExitCodes.Ok;
                }

                await terminal.Errors.WriteLineAsync(Reason(end));
            }

            if (!ValueInput.IsTerminal)
            {
                return ExitCodes.Refused;
            }

            view = await client.GetAsync(path, ApiJson.Default.RotationView, cancellationToken);
        }
    }

    private static async Task TellAsync(Terminal terminal, RotationView view)
    {
        if (Asked.Of(view.Plan) is not { } asked)
        {
            return;
        }

        await terminal.Errors.WriteLineAsync($"{view.Rotation.Secret} needs {asked.Create}, named {asked.Name}.");
        if (asked.Scopes.Count > 0)
        {
            await terminal.Errors.WriteLineAsync($"It has to be allowed: {string.Join(", ", asked.Scopes)}.");
        }

        if (asked.Link is { } link)
        {
            await terminal.Errors.WriteLineAsync($"Make it at {link}");
        }
    }

    /// <summary>Null where the value is refused by its shape, and a person may type another.</summary>
    private static async Task<ProvidedView?> GiveAsync(
        Terminal terminal, ApiClient client, string path, SecretValue value, CancellationToken cancellationToken)
    {
        try
        {
            return await client.PostAsync(
                $"{path}/provide", new ProvideBody(value.RevealText()), ApiJson.Default.ProvideBody, ApiJson.Default.ProvidedView, null,
                cancellationToken);
        }
        catch (CommandException refused) when (ValueInput.IsTerminal && refused.ExitCode == ExitCodes.Refused)
        {
            await terminal.Errors.WriteLineAsync(refused.Message);
            return null;
        }
    }

    /// <summary>What became of it; null where that takes longer.</summary>
    private static async Task<TimelineEntry?> FollowAsync(ApiClient client, string path, long before, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; waited < s_patience; waited += s_pace)
        {
            var view = await client.GetAsync(path, ApiJson.Default.RotationView, cancellationToken);
            if (view.Timeline.FirstOrDefault(entry => entry.Sequence > before
                && entry.Action is RotationActions.ValueAccepted or RotationActions.ValueRefused) is { } end)
            {
                return end;
            }

            if (view.Rotation.State != RotationState.WaitingForValue)
            {
                return null;
            }

            await Task.Delay(s_pace, TimeProvider.System, cancellationToken);
        }

        return null;
    }

    private static async Task SayAsync(Terminal terminal, ProvidedView given, TimelineEntry? end, bool json) =>
        await terminal.Plain.WriteLineAsync(json ? JsonSerializer.Serialize(given, ApiJson.Default.ProvidedView)
            : end is null ? $"{given.RotationId}: {given.Message}"
            : $"{given.RotationId}: the value is accepted, and the rotation goes on. See: rotunda show {given.RotationId}");

    private static string Reason(TimelineEntry entry)
    {
        using var detail = JsonDocument.Parse(entry.Detail ?? "{}");
        return detail.RootElement.TryGetProperty("detail", out var reason) ? reason.GetString() ?? "" : "The value was refused.";
    }
}
