using System.CommandLine;
using System.Text.Json;
using Rotunda.Api.Views;

namespace Rotunda.Server.Commands;

/// <summary>Shows whether the server's clock is believed, and takes a person's word that it is right.</summary>
internal static class ClockCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("clock", "Show whether the server's clock is believed. Exit code 1 if it is not.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            var view = await client.GetAsync("api/clock", ApiJson.Default.ClockView, cancellationToken);
            await WriteAsync(terminal, parsed, view);
            return view.Believed ? ExitCodes.Ok : ExitCodes.BadNews;
        });
        command.Add(Confirm(terminal));
        return command;
    }

    private static Command Confirm(Terminal terminal)
    {
        var reason = new Option<string>("--reason") { Description = "How you know; goes on record.", Required = true };
        var command = new Command("confirm", "Say that the server's clock is right: what revokes goes on. Needs an approver.") { reason };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            var view = await client.PostAsync(
                "api/clock/confirm",
                new ReasonBody(parsed.GetValue(reason)!),
                ApiJson.Default.ReasonBody,
                ApiJson.Default.ClockView,
                null,
                cancellationToken);
            await WriteAsync(terminal, parsed, view);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Task WriteAsync(Terminal terminal, ParseResult parsed, ClockView view) =>
        terminal.Plain.WriteLineAsync(parsed.GetValue(CommonOptions.Json)
            ? JsonSerializer.Serialize(view, ApiJson.Default.ClockView)
            : view.Believed
                ? $"The clock is believed: {view.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC."
                : $"The clock is not believed, and nothing is revoked meanwhile: {view.Why}. It is at "
                    + $"{view.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC. Set it right; it is believed again by itself. Or say that it is right: "
                    + "rotunda clock confirm --reason WHY");
}
