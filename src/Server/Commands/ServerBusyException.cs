namespace Rotunda.Server.Commands;

/// <summary>The caller has asked for much lately, and is to wait.</summary>
/// <param name="wait">As the server says.</param>
internal sealed class ServerBusyException(string message, TimeSpan wait) : CommandException(ExitCodes.Refused, message)
{
    public TimeSpan Wait => wait;
}
