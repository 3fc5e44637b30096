using System.CommandLine;
using Rotunda.Rotation.Words;

namespace Rotunda.Server.Commands;

/// <summary>How long a command waits for a rotation: the options that all commands with --wait share.</summary>
internal sealed class FollowOptions
{
    public Option<bool> Wait { get; } = new("--wait")
    {
        Description = "Follow it until it has ended or needs a person, also through a restart of the server; exit code 0 only if it succeeded.",
    };

    public Option<string?> Timeout { get; } = new("--timeout")
    {
        Description = "How long to wait at most, for example 30m; then exit code 1. The rotation goes on.",
        HelpName = "DURATION",
    };

    /// <summary>Null waits for as long as it takes.</summary>
    /// <exception cref="CommandException">It is no duration, or nothing is waited for.</exception>
    public TimeSpan? TimeoutOf(ParseResult parsed, bool waits)
    {
        if (parsed.GetValue(Timeout) is not { } text)
        {
            return null;
        }

        return !waits ? throw new CommandException(ExitCodes.CannotWork, "--timeout says how long to wait: give it together with --wait (or show --follow).")
            : DurationText.TryParse(text, out var timeout) && timeout > TimeSpan.Zero ? timeout
            : throw new CommandException(ExitCodes.CannotWork, $"'{text}' is not a duration. Give one like 90s or 30m with --timeout.");
    }
}
