namespace Rotunda.Server.Commands;

/// <summary>What the process says when it ends; documented in docs/cli.md.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>The command worked, and the answer is bad news: overdue or stuck secrets, a broken chain, a rotation that did not
    /// succeed.</summary>
    public const int BadNews = 1;

    /// <summary>The command could not work: wrong arguments, no server, the server cannot start.</summary>
    public const int CannotWork = 2;

    /// <summary>The server refused.</summary>
    public const int Refused = 3;
}

/// <summary>Ends a command with a message for people.</summary>
internal class CommandException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
