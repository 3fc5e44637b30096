using System.CommandLine;
using System.Reflection;

namespace Rotunda.Server.Commands;

/// <summary>What a person expects of any command line: help, version, completion in the shell.</summary>
internal static class ShellCommands
{
    public static Command Help(Terminal terminal, Command root)
    {
        var path = new Argument<string[]>("COMMAND") { Description = "The command to explain.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("help", "Explain a command, or list all.") { path };
        command.SetAction(parsed =>
        {
            var help = root.Parse([.. parsed.GetValue(path) ?? [], "--help"]);
            return help.Errors.Count > 0
                ? throw new CommandException(ExitCodes.CannotWork, $"{help.Errors[0].Message} See all commands with: rotunda help")
                : help.Invoke(new InvocationConfiguration { Output = terminal.Plain, Error = terminal.Errors });
        });
        return command;
    }

    public static Command Version(Terminal terminal)
    {
        var command = new Command("version", "Show the version.");
        command.SetAction(async (_, _) =>
        {
            await terminal.Plain.WriteLineAsync(
                $"rotunda {typeof(ShellCommands).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}");
            return ExitCodes.Ok;
        });
        return command;
    }

    public static Command Completion(Terminal terminal, Command root)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Write the completion of a shell: source <(rotunda completion bash)") { shell };
        command.SetAction(async (parsed, _) =>
        {
            await terminal.Plain.WriteLineAsync(CompletionScript.For(parsed.GetValue(shell)!, root));
            return ExitCodes.Ok;
        });
        return command;
    }
}
