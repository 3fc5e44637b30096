using System.Text.Json;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Rotation.Words;
using Spectre.Console;

namespace Rotunda.Server.Commands;

/// <summary>Shows one rotation's timeline as it grows, each row once, until it has ended or needs a person.</summary>
internal sealed class RotationFollower(ApiClient client, Terminal terminal)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(300);
    private long _shown;
    private string? _waiting;

    /// <returns>An exit code: Ok only if it succeeded.</returns>
    public async Task<int> FollowAsync(string id, bool json, CancellationToken cancellationToken)
    {
        var view = await UntilAsync(
            id,
            v => v.Rotation.State.IsFinal() || v.Rotation.State == RotationState.Stuck,
            quiet: json,
            cancellationToken);
        if (json)
        {
            await terminal.Plain.WriteLineAsync(JsonSerializer.Serialize(view, ApiJson.Default.RotationView));
        }
        else
        {
            var colour = view.Rotation.State == RotationState.Succeeded ? "green" : "red";
            var detail = view.Rotation.Detail is { Length: > 0 } text ? $": {Markup.Escape(text)}" : "";
            terminal.Pretty.MarkupLine($"[{colour}]{Words.Of(view.Rotation.State)}[/]{detail}");
            if (view.Progress?.NextAction is { } next)
            {
                terminal.Pretty.MarkupLineInterpolated($"What you can do: {next}");
            }
        }

        return view.Rotation.State == RotationState.Succeeded ? ExitCodes.Ok : ExitCodes.BadNews;
    }

    /// <summary>Shows what happens until the condition holds.</summary>
    public async Task<RotationView> UntilAsync(string id, Func<RotationView, bool> reached, bool quiet, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Every, TimeProvider.System);
        while (true)
        {
            var view = await client.GetAsync($"api/rotations/{Uri.EscapeDataString(id)}", ApiJson.Default.RotationView, cancellationToken);
            if (!quiet)
            {
                _shown = Timeline.Show(terminal.Pretty, view, _shown);
                _waiting = Waiting(view, _waiting);
            }

            if (reached(view))
            {
                return view;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private string? Waiting(RotationView view, string? before)
    {
        var now = view.Progress?.WaitingFor;
        if (now is not null && now != before)
        {
            var until = view.Progress!.WaitingUntil is { } at ? $" until {at.UtcDateTime:HH:mm:ss} UTC" : "";
            terminal.Pretty.MarkupLineInterpolated($"          [yellow]waiting for {now}{until}[/]");
            if (view.Progress.NextAction is { } next)
            {
                terminal.Pretty.MarkupLineInterpolated($"          [grey]{next}[/]");
            }
        }

        return now;
    }
}
