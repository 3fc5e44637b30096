using System.CommandLine;
using System.Text.Json;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Rotation.Words;
using Spectre.Console;

namespace Rotunda.Server.Commands;

internal static class ShowCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = RotationName.Description };
        var follow = FollowOptions.Follow();
        var command = new Command("show", "Show one rotation: where it is, what it waits for, what happened.") { id };
        follow.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            var rotation = await RotationName.ToShowAsync(client, parsed.GetValue(id)!, cancellationToken);
            if (follow.IsAsked(parsed))
            {
                return await follow.FollowAsync(client, terminal, parsed, rotation, cancellationToken);
            }

            var view =
                await client.GetAsync($"api/rotations/{Uri.EscapeDataString(rotation)}", ApiJson.Default.RotationView, cancellationToken);
            if (parsed.GetValue(CommonOptions.Json))
            {
                await terminal.Plain.WriteLineAsync(JsonSerializer.Serialize(view, ApiJson.Default.RotationView));
            }
            else
            {
                Show(terminal.Pretty, view);
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Show(IAnsiConsole console, RotationView view)
    {
        var r = view.Rotation;
        console.MarkupLineInterpolated(
            $"[bold]{r.Id}[/]  {Words.Of(r.State)}  ({r.Trigger.ToString().ToLowerInvariant()}, asked for by {r.RequestedBy}: {r.Reason})");
        // While it runs, the detail may be the reason that somebody gave, which is above already.
        if (r.Detail is { } detail && r.State.IsFinal())
        {
            console.MarkupLineInterpolated($"{detail}");
        }

        if (view.Progress is { } p)
        {
            var title = p.StepTitle is null ? "" : $": {p.StepTitle}";
            var budget = p.Step > 0 && view.Plan.Steps[p.Step - 1].Retry is { Within: null } retry && retry.Attempts >= p.Attempt
                ? $" of {retry.Attempts}"
                : "";
            var isRepeated = p.Step > 0 && OpenRotations.IsRepeated(view.Plan.Steps[p.Step - 1].Kind);
            var attempt = p.Attempt > 1 && !isRepeated ? $" (attempt {p.Attempt}{budget})" : "";
            console.MarkupLineInterpolated($"step {p.Step} of {p.Steps}{title}{attempt}");
            Line(console, "progress", p.Progress?.ToString());
            Line(
                console,
                "waiting for",
                p.WaitingFor is null
                    ? null
                    : p.WaitingFor + (p.WaitingUntil is { } at ? $" until {Moments.Show(at, TimeProvider.System.GetUtcNow())}" : ""));
            Line(console, "approvals", Approvals(view));
            Ways.Show(console, p.Problem, p.NextAction, "");
        }

        console.WriteLine();
        Timeline.Show(console, view, 0, view.Progress?.Problem);
        console.WriteLine();
        CredentialsTable.Show(console, view.Credentials);

        ShowWhatComes(console, view);
    }

    /// <summary>Who is asked to approve sees the whole plan; everyone else only what is still to come.</summary>
    private static void ShowWhatComes(IAnsiConsole console, RotationView view)
    {
        if (view.Rotation.State is RotationState.Planned or RotationState.WaitingForApproval)
        {
            console.WriteLine();
            PlanCommand.Show(console, view.Plan);
        }
        else if (view.Rotation.State is RotationState.Running or RotationState.Grace && view.Progress is { } p)
        {
            console.WriteLine();
            console.WriteLine("still to come:");
            foreach (var step in view.Plan.Steps.Skip(p.Step))
            {
                console.MarkupLineInterpolated($"  {step.Title}");
            }
        }
    }

    private static string? Approvals(RotationView view) =>
        view.Rotation.State != RotationState.WaitingForApproval || view.Approval is not { } asked
            ? null
            : $"{asked.Given} of {asked.Need}"
                + string.Concat(asked.Decisions.Where(one => one.Counts).Select(one => $"; {one.Actor}: {one.Verdict}, {one.Comment}"))
                + (view.PlanHash is { } hash ? $" (plan {hash})" : "");

    private static void Line(IAnsiConsole console, string label, string? text)
    {
        if (text is not null)
        {
            console.MarkupLineInterpolated($"[yellow]{label}:[/] {text}");
        }
    }
}
