using System.Text.Json;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Rotation.Words;
using Spectre.Console;

namespace Rotunda.Server.Commands;

/// <summary>
/// Shows one rotation's timeline as it grows, each row once, until it has ended or needs a person. A server that is away for a
/// while is waited for.
/// </summary>
/// <param name="json">One JSON line an event, for programs.</param>
internal sealed class RotationFollower(ApiClient client, Terminal terminal, bool json = false, TimeProvider? clock = null)
{
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(15);
    private readonly TimeProvider _time = clock ?? TimeProvider.System;
    private readonly LiveLine _line = new(terminal.Pretty);
    private long _shown;
    private (string? For, string? Problem) _waiting;

    /// <summary>Rows up to and including this one are not shown, and a stuck rotation is not taken for settled before a later
    /// one.</summary>
    public long After { get; set; }

    /// <returns>An exit code: Ok only if it succeeded.</returns>
    public async Task<int> FollowAsync(string id, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        _shown = After;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (timeout is { } most)
        {
            limit.CancelAfter(most);
        }

        try
        {
            var view = await UntilAsync(id, IsSettled, quiet: false, limit.Token);
            await EndAsync(view);
            return view.Rotation.State == RotationState.Succeeded ? ExitCodes.Ok : ExitCodes.BadNews;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var text = $"{id} has not ended within {DurationText.Format(timeout!.Value)}. It goes on. See: rotunda show {id} --follow";
            await TellAsync(new FollowEvent("timeout", _time.GetUtcNow(), id, Detail: text), $"[red]{Markup.Escape(text)}[/]");
            return ExitCodes.BadNews;
        }
        finally
        {
            _line.Clear();
        }
    }

    /// <summary>Shows what happens until the condition holds.</summary>
    public async Task<RotationView> UntilAsync(string id, Func<RotationView, bool> reached, bool quiet, CancellationToken cancellationToken)
    {
        var path = $"api/rotations/{Uri.EscapeDataString(id)}";
        while (true)
        {
            var view = await GetAsync(id, path, cancellationToken);
            if (!quiet)
            {
                await ShowAsync(view);
            }

            if (reached(view))
            {
                _line.Clear();
                return view;
            }

            await Task.Delay(s_every, _time, cancellationToken);
        }
    }

    /// <summary>It has ended, or only a person can go on: what is looked at again by itself is still followed.</summary>
    private bool IsSettled(RotationView view) =>
        view.Rotation.State.IsFinal()
        || (view.Rotation.State == RotationState.Stuck
            && view.Progress is not { WaitingFor: "another look" }
            && view.Timeline.Any(row => row.Sequence > After
                && (row.Action == "control.ignored" || !row.Action.StartsWith("control.", StringComparison.Ordinal))));

    private async Task<RotationView> GetAsync(string id, string path, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMilliseconds(500);
        for (var isAway = false; ;)
        {
            try
            {
                var view = await client.GetAsync(path, ApiJson.Default.RotationView, cancellationToken);
                if (isAway)
                {
                    await TellAsync(new FollowEvent("server-back", _time.GetUtcNow(), id), "[green]The server answers again.[/]");
                }

                return view;
            }
            catch (ServerAwayException away)
            {
                if (!isAway)
                {
                    const string Then = "Rotations go on when it is back; this waits for it.";
                    await TellAsync(
                        new FollowEvent("server-away", _time.GetUtcNow(), id, Detail: away.Message),
                        $"[yellow]{Markup.Escape(away.Message)} {Then}[/]");
                }

                isAway = true;
                await Task.Delay(pause, _time, cancellationToken);
                pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
            }
        }
    }

    private async Task ShowAsync(RotationView view)
    {
        var rows = view.Timeline.Where(row => row.Sequence > _shown).ToList();
        if (rows.Count > 0)
        {
            _line.Clear();
            if (!json)
            {
                Timeline.Show(terminal.Pretty, view, _shown);
            }

            foreach (var row in json ? rows : [])
            {
                await WriteAsync(new FollowEvent("row", row.At, view.Rotation.Id, view.Rotation.State, row));
            }

            _shown = rows[^1].Sequence;
        }

        await ShowWaitingAsync(view);
    }

    private async Task ShowWaitingAsync(RotationView view)
    {
        var progress = view.Progress;
        // Numbers change from look to look, and are news for programs alone.
        var problem = json ? progress?.Problem : TimelineLine.WithoutNumbers(progress?.Problem);
        var isNew = (progress?.WaitingFor, problem) != _waiting;
        _waiting = (progress?.WaitingFor, problem);
        if (progress?.WaitingFor is not { } what)
        {
            return;
        }

        if (isNew && json)
        {
            await WriteAsync(new FollowEvent(
                "waiting", _time.GetUtcNow(), view.Rotation.Id, view.Rotation.State, null, what, progress.WaitingUntil, progress.Problem,
                progress.NextAction));
        }

        if (json)
        {
            return;
        }

        if (isNew)
        {
            _line.Clear();
            Ways.Show(
                terminal.Pretty,
                Timeline.Tells(view, progress.Problem) ? null : progress.Problem,
                what == "another attempt" ? null : progress.NextAction,
                "          ");
        }

        var now = _time.GetUtcNow();
        var until = progress.WaitingUntil is { } at ? $" until {Moments.Clock(at, now)}" : "";
        _line.Show($"waiting for {what}{until}", progress.WaitingUntil is { } end ? $" ({Moments.Distance(end - now)})" : "");
    }

    private async Task EndAsync(RotationView view)
    {
        var state = view.Rotation.State;
        if (json)
        {
            await WriteAsync(new FollowEvent(
                state.IsFinal() ? "ended" : "needs-a-person", _time.GetUtcNow(), view.Rotation.Id, state,
                Problem: view.Progress?.Problem, NextAction: view.Progress?.NextAction, Detail: view.Rotation.Detail));
            return;
        }

        var colour = state == RotationState.Succeeded ? "green" : "red";
        var detail = state != RotationState.Succeeded && view.Rotation.Detail is { Length: > 0 } text ? $": {Markup.Escape(text)}" : "";
        terminal.Pretty.MarkupLine($"[{colour}]{view.Rotation.Id} {ControlWords.Is(state)}[/]{detail}");
        if (state == RotationState.Stuck)
        {
            Ways.Show(terminal.Pretty, problem: null, view.Progress?.NextAction, "  ");
        }
    }

    private async Task TellAsync(FollowEvent what, string markup)
    {
        if (json)
        {
            await WriteAsync(what);
            return;
        }

        _line.Clear();
        terminal.Pretty.MarkupLine(markup);
    }

    private Task WriteAsync(FollowEvent what) =>
        terminal.Plain.WriteLineAsync(JsonSerializer.Serialize(what, CliJson.Readable.FollowEvent));
}
