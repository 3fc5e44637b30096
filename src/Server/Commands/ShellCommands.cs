using System.CommandLine;
using System.Reflection;
using Rotunda.Rotation.Catalog;

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
            var words = parsed.GetValue(path) ?? [];
            var at = root;
            foreach (var word in words)
            {
                at = at.Subcommands.FirstOrDefault(sub => sub.Name == word) ?? throw new CommandException(
                    ExitCodes.CannotWork,
                    $"There is no command '{string.Join(' ', words)}'. {Suggestion.For(word, at.Subcommands.Select(sub => sub.Name))} "
                        + "Run 'rotunda help' to list all.");
            }

            var output = new InvocationConfiguration { Output = terminal.Plain, Error = terminal.Errors };
            return root.Parse([.. words, "--help"]).Invoke(output);
        });
        return command;
    }

    public static Command Version(Terminal terminal)
    {
        var command = new Command("version", "Show the version.");
        command.SetAction(async (_, _) =>
        {
            await terminal.Plain.WriteLineAsync(
                $"rotunda {Own.InformationalVersion}");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static AssemblyInformationalVersionAttribute Own =>
        typeof(ShellCommands).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!;

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
