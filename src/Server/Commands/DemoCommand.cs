using System.CommandLine;

namespace Rotunda.Server.Commands;

internal static class DemoCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("demo", "Watch real rotations on this machine: one that succeeds, one that rolls back.");
        command.SetAction((_, _) => throw new CommandException(ExitCodes.CannotWork, "not yet"));
        return command;
    }
}
