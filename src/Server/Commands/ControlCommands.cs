using System.CommandLine;
using System.Text.Json;
using Rotunda.Api.Views;

namespace Rotunda.Server.Commands;

/// <summary>The verbs that steer a rotation: all alike but for how much longer (extend-grace) and when again (cancel, reject).</summary>
internal static class ControlCommands
{
    private static readonly (string Verb, string Description)[] Verbs =
    [
        ("approve", "Approve what a rotation waits for."),
        ("reject", "Say no to what a rotation asks for; it undoes what it did."),
        ("withdraw", "Take your approval back, while there are not enough."),
        ("rollback", "Go back to the old credential."),
        ("cancel", "Stop a rotation before its new credential is in use."),
        ("pause", "Let the schedule of a secret, a tag or all rest; or halt a migration between two slices."),
        ("resume", "Let a stuck rotation try again, or a paused one go on; or a paused schedule."),
        ("confirm", "Say that the old credential is ended, where no API could revoke it."),
        ("skip-grace", "End the grace period now, or another wait that --step names."),
        ("extend-grace", "Lengthen the grace period."),
    ];

    public static IEnumerable<Command> Create(Terminal terminal) => Verbs.Select(v => Create(terminal, v.Verb, v.Description));

    private static Command Create(Terminal terminal, string verb, string description)
    {
        var id = new Argument<string>("ID") { Description = RotationName.Description };
        var reason = new Option<string>("--reason") { Description = "Why; goes on record.", Required = true };
        var by = new Option<string?>("--by") { Description = "How much longer, for example 2h.", Required = true, HelpName = "DURATION" };
        var again = new Option<string?>("--again")
        {
            Description = "After how long the secret is due again, for example 2d. Left out: as its policy says.",
            HelpName = "DURATION",
        };
        var step = new Option<string?>("--step")
        {
            Description = verb == "approve"
                ? "The step that is approved. Left out: the one that asks now."
                : "The wait that is ended: its step, as show names it. Left out: the grace period.",
            HelpName = "STEP",
        };
        var plan = new Option<string?>("--plan")
        {
            Description = "The hash of the plan that you looked at, as show tells it. For another plan it is refused.",
            HelpName = "HASH",
        };
        var follow = FollowOptions.Wait();
        var command = new Command(verb, description) { id, reason };
        var schedule = PauseOptions.For(verb);
        schedule?.AddTo(command, id, reason);
        follow.AddTo(command);
        var decides = verb is "approve" or "reject";
        if (decides)
        {
            command.Add(plan);
        }

        var (extends, ends, names) = (verb == "extend-grace", verb is "cancel" or "reject", verb is "skip-grace" or "approve");
        if (extends || ends)
        {
            command.Add(extends ? by : again);
        }
        else if (names)
        {
            command.Add(step);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            if (schedule is not null && await schedule.RunAsync(
                client, terminal, parsed, parsed.GetValue(id), parsed.GetValue(reason), cancellationToken) is { } exit)
            {
                return exit;
            }

            var rotation = await RotationName.ToSteerAsync(client, parsed.GetValue(id)!, cancellationToken);
            var body = new ControlBody(
                parsed.GetValue(reason), extends ? parsed.GetValue(by) : null, ends ? parsed.GetValue(again) : null,
                names ? parsed.GetValue(step) : null, decides ? parsed.GetValue(plan) : null);
            var path = $"api/rotations/{Uri.EscapeDataString(rotation)}";
            // What is on the timeline before the verb is not shown again.
            var before = follow.IsAsked(parsed)
                ? (await client.GetAsync(path, ApiJson.Default.RotationView, cancellationToken)).Timeline is [.., var last]
                    ? last.Sequence
                    : 0
                : 0;
            var view = await client.PostAsync(
                $"{path}/{verb}", body, ApiJson.Default.ControlBody, ApiJson.Default.ControlView, null, cancellationToken);
            if (follow.IsAsked(parsed))
            {
                return await follow.FollowAsync(client, terminal, parsed, rotation, cancellationToken, before);
            }

            await terminal.Plain.WriteLineAsync(parsed.GetValue(CommonOptions.Json)
                ? JsonSerializer.Serialize(view, ApiJson.Default.ControlView)
                : $"{view.RotationId}: {view.Message}");
            return ExitCodes.Ok;
        });
        return command;
    }
}
