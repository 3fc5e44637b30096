using System.CommandLine;
using Rotunda.Api.Views;
using Rotunda.Rotation.Words;

namespace Rotunda.Server.Commands;

internal static class RotateCommand
{
    public static Command Create(Terminal terminal)
    {
        var secret = new Argument<string>("SECRET") { Description = "The secret's name in the catalog." };
        var reason = new Option<string>("--reason")
        {
            Description = "Why; goes on record.",
            DefaultValueFactory = _ => "asked for on the command line",
        };
        var emergency =
            new Option<bool>("--emergency") { Description = "Skips windows, approval and grace, and supersedes an open rotation." };
        var incident = new Option<string?>("--incident") { Description = "With --emergency, required: the incident's reference." };
        var revokeFirst =
            new Option<bool>("--revoke-first") { Description = "With --emergency: kills the old credential before the new one is made." };
        var key = new Option<string?>("--key") { Description = "Idempotency key: the same key starts one rotation only." };
        var follow = FollowOptions.Wait();
        var command = new Command("rotate", "Start a rotation.") { secret, reason, emergency, incident, revokeFirst, key };
        follow.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(emergency) != (result.GetValue(incident) is not null))
            {
                result.AddError("--emergency and --incident go together: an emergency needs an incident's reference on record.");
            }

            if (result.GetValue(revokeFirst) && !result.GetValue(emergency))
            {
                result.AddError("--revoke-first is for emergencies only.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            var trigger = parsed.GetValue(emergency) ? RotationTrigger.Emergency : RotationTrigger.Manual;
            var body = new StartBody(
                parsed.GetValue(secret),
                parsed.GetValue(reason),
                trigger,
                parsed.GetValue(incident),
                parsed.GetValue(revokeFirst));
            var started = await client.PostAsync(
                "api/rotations",
                body,
                ApiJson.Default.StartBody,
                ApiJson.Default.StartedView,
                parsed.GetValue(key),
                cancellationToken);
            return await follow.StartedAsync(client, terminal, parsed, started, cancellationToken);
        });
        return command;
    }
}
