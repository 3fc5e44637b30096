using System.CommandLine;
using System.Text.Json;
using Rotunda.Api.Views;

namespace Rotunda.Server.Commands;

/// <summary>The verbs that steer a rotation: all alike but for extend-grace, which also says by how much.</summary>
internal static class ControlCommands
{
    private static readonly (string Verb, string Description)[] Verbs =
    [
        ("approve", "Approve what a rotation waits for."),
        ("reject", "Say no to what a rotation asks for; it undoes what it did."),
        ("rollback", "Go back to the old credential."),
        ("cancel", "Stop a rotation before its new credential is in use."),
        ("pause", "Halt a migration between two slices."),
        ("resume", "Let a stuck rotation try again, or a paused one go on."),
        ("skip-grace", "End the grace period (or the wait for evidence) now."),
        ("extend-grace", "Lengthen the grace period."),
    ];

    public static IEnumerable<Command> Create(Terminal terminal) => Verbs.Select(v => Create(terminal, v.Verb, v.Description));

    private static Command Create(Terminal terminal, string verb, string description)
    {
        var id = new Argument<string>("ID") { Description = "The rotation's id, for example sample-jwt-3." };
        var reason = new Option<string>("--reason") { Description = "Why; goes on record.", Required = true };
        var by = new Option<string?>("--by") { Description = "How much longer, for example 2h.", Required = true, HelpName = "DURATION" };
        var command = new Command(verb, description) { id, reason };
        if (verb == "extend-grace")
        {
            command.Add(by);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            var body = new ControlBody(parsed.GetValue(reason), verb == "extend-grace" ? parsed.GetValue(by) : null);
            var path = $"api/rotations/{Uri.EscapeDataString(parsed.GetValue(id)!)}/{verb}";
            var view =
                await client.PostAsync(path, body, ApiJson.Default.ControlBody, ApiJson.Default.ControlView, null, cancellationToken);
            await terminal.Plain.WriteLineAsync(parsed.GetValue(CommonOptions.Json)
                ? JsonSerializer.Serialize(view, ApiJson.Default.ControlView)
                : $"{view.RotationId}: {view.Message}");
            return ExitCodes.Ok;
        });
        return command;
    }
}
