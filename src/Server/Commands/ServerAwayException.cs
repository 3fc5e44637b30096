namespace Rotunda.Server.Commands;

/// <summary>The server does not answer, or says that it cannot now. It may be back in a moment: who follows a rotation waits for it.</summary>
internal sealed class ServerAwayException(string message) : CommandException(ExitCodes.CannotWork, message);
