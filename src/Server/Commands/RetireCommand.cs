using System.CommandLine;
using System.Text.Json;
using Rotunda.Api.Views;

namespace Rotunda.Server.Commands;

/// <summary>The end of a secret that has left the catalog.</summary>
internal static class RetireCommand
{
    public static Command Create(Terminal terminal)
    {
        var secret = new Argument<string>("SECRET") { Description = "The secret's name; it is no longer in the catalog." };
        var reason = new Option<string>("--reason") { Description = "Why; goes on record.", Required = true };
        var handedOver = new Option<bool>("--handed-over")
        {
            Description = "Revoke nothing: a person takes care of its live credentials from now on.",
        };
        var key = new Option<string?>("--key") { Description = "Idempotency key: the same key starts one run only." };
        var follow = FollowOptions.Wait();
        var command = new Command(
            "retire",
            "Take a secret that is no longer in the catalog away from its targets and revoke its credentials, after an approval.")
        {
            secret, reason, handedOver, key,
        };
        follow.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            var path = $"api/secrets/{Uri.EscapeDataString(parsed.GetValue(secret)!)}";
            var body = new ReasonBody(parsed.GetValue(reason));
            if (!parsed.GetValue(handedOver))
            {
                var started = await client.PostAsync(
                    $"{path}/retire",
                    body,
                    ApiJson.Default.ReasonBody,
                    ApiJson.Default.StartedView,
                    parsed.GetValue(key),
                    cancellationToken);
                return await follow.StartedAsync(client, terminal, parsed, started, cancellationToken);
            }

            var view = await client.PostAsync(
                $"{path}/hand-over", body, ApiJson.Default.ReasonBody, ApiJson.Default.HandedOverView, null, cancellationToken);
            await terminal.Plain.WriteLineAsync(parsed.GetValue(CommonOptions.Json)
                ? JsonSerializer.Serialize(view, ApiJson.Default.HandedOverView)
                : $"{view.Secret}: {view.Credentials} {(view.Credentials == 1 ? "credential" : "credentials")} handed over, on record.");
            return ExitCodes.Ok;
        });
        return command;
    }
}
