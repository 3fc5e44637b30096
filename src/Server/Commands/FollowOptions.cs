using System.CommandLine;
using System.Text.Json;
using Rotunda.Api.Views;
using Rotunda.Rotation.Words;
using Spectre.Console;

namespace Rotunda.Server.Commands;

/// <summary>Whether a command follows a rotation, and for how long: what all commands that start, steer or show one share.</summary>
internal sealed class FollowOptions
{
    private const string Tail = ", also through a restart of the server";
    private readonly Option<bool> _follow;

    private readonly Option<string?> _timeout = new("--timeout")
    {
        Description = "How long to wait at most, for example 30m; then exit code 1. The rotation goes on.",
        HelpName = "DURATION",
    };

    private FollowOptions(string name, string description) => _follow = new(name) { Description = description };

    /// <summary>For a command that starts or steers a rotation.</summary>
    public static FollowOptions Wait() =>
        new("--wait", $"Follow it until it has ended or needs a person{Tail}. Exit code 0 only if it succeeded.");

    /// <summary>For the command that shows one.</summary>
    public static FollowOptions Follow() =>
        new("--follow", $"Keep showing what happens until it ends or needs a person{Tail}.");

    public void AddTo(Command command)
    {
        command.Add(_follow);
        command.Add(_timeout);
        // Looked at before anything is asked of a server.
        command.Validators.Add(result =>
        {
            if (result.GetValue(_timeout) is not { } text)
            {
                return;
            }

            if (!result.GetValue(_follow))
            {
                result.AddError($"--timeout says how long to wait: give it together with {_follow.Name}.");
            }
            else if (Duration(text) is null)
            {
                result.AddError($"'{text}' is not a duration. Give one like 90s or 30m with --timeout.");
            }
        });
    }

    public bool IsAsked(ParseResult parsed) => parsed.GetValue(_follow);

    /// <param name="after">Rows up to and including this one are not shown.</param>
    /// <returns>An exit code: Ok only if it succeeded.</returns>
    public Task<int> FollowAsync(
        ApiClient client,
        Terminal terminal,
        ParseResult parsed,
        string rotation,
        CancellationToken cancellationToken,
        long after = 0) =>
        new RotationFollower(client, terminal, parsed.GetValue(CommonOptions.Json)) { After = after }
            .FollowAsync(rotation, parsed.GetValue(_timeout) is { } text ? Duration(text) : null, cancellationToken);

    /// <summary>Tells what was started, or follows it.</summary>
    public async Task<int> StartedAsync(
        ApiClient client,
        Terminal terminal,
        ParseResult parsed,
        StartedView started,
        CancellationToken cancellationToken)
    {
        if (IsAsked(parsed))
        {
            return await FollowAsync(client, terminal, parsed, started.RotationId, cancellationToken);
        }

        if (parsed.GetValue(CommonOptions.Json))
        {
            await terminal.Plain.WriteLineAsync(JsonSerializer.Serialize(started, ApiJson.Default.StartedView));
            return ExitCodes.Ok;
        }

        var how = started.Existing ? "was started by this key before" : "started";
        terminal.Pretty.MarkupLineInterpolated(
            $"Rotation [bold]{started.RotationId}[/] {how}. Follow it with: rotunda show {started.RotationId} --follow");
        return ExitCodes.Ok;
    }

    private static TimeSpan? Duration(string text) =>
        DurationText.TryParse(text, out var duration) && duration > TimeSpan.Zero ? duration : null;
}
