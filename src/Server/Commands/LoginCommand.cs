using System.CommandLine;
using System.Text.Json;
using Rotunda.Api.Views;

namespace Rotunda.Server.Commands;

/// <summary>A link for a browser, instead of a token in it.</summary>
internal static class LoginCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("login", "Show a link that signs a browser in, once and within ten minutes, as whose token asks for it.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            var link = await client.PostAsync("api/session/link", ApiJson.Default.LoginLinkView, cancellationToken);
            await terminal.Plain.WriteLineAsync(
                parsed.GetValue(CommonOptions.Json)
                    ? JsonSerializer.Serialize(link, ApiJson.Default.LoginLinkView)
                    : $"{parsed.GetValue(CommonOptions.Url)!.TrimEnd('/')}{link.Path}");
            return ExitCodes.Ok;
        });
        return command;
    }
}
