using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using Rotunda.Ledger;
using Rotunda.Server.Commands;
using Rotunda.Server.Commands.Demo;
using Rotunda.Server.Hosting;

namespace Rotunda.Server;

/// <summary>The command line. Every command is a small class that adds itself; all errors end here as a message and a code.</summary>
internal static class CommandLine
{
    /// <param name="crashPoint">For tests: told of each crash point that the server comes to.</param>
    public static async Task<int> RunAsync(string[] args, Action<string>? crashPoint = null)
    {
        // Whatever the machine's language is, all is read and written alike.
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        var terminal = Terminal.OfProcess();
        var root = Build(terminal, crashPoint);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var problem in ParseProblems.Of(parsed))
            {
                await terminal.Errors.WriteLineAsync(problem);
            }

            await terminal.Errors.WriteLineAsync($"See: rotunda {CommandPath(parsed.CommandResult.Command, root)}--help");
            return ExitCodes.CannotWork;
        }

        return await InvokeAsync(parsed, terminal);
    }

    internal static Command Build(Terminal terminal, Action<string>? crashPoint = null)
    {
        // Not a RootCommand: that one calls itself after the assembly, and people type "rotunda".
        var root = new Command("rotunda", "Rotunda rotates secrets without locking anyone out.") { new HelpOption(), new VersionOption() };
        root.Add(CommonOptions.Data);
        root.Add(CommonOptions.Url);
        root.Add(CommonOptions.Ledger);
        root.Add(CommonOptions.Json);
        root.Add(ServeCommand.Create(terminal, crashPoint));
        root.Add(CatalogCommands.Create(terminal));
        root.Add(PlanCommand.Create(terminal));
        root.Add(RotateCommand.Create(terminal));
        root.Add(AdoptCommand.Create(terminal));
        root.Add(DriftCommands.Deliver(terminal));
        root.Add(DriftCommands.Verify(terminal));
        root.Add(RetireCommand.Create(terminal));
        root.Add(OrphanCommands.Create(terminal));
        root.Add(StatusCommand.Create(terminal));
        root.Add(DoctorCommand.Create(terminal));
        root.Add(ClockCommand.Create(terminal));
        root.Add(ShowCommand.Create(terminal));
        foreach (var control in ControlCommands.Create(terminal))
        {
            root.Add(control);
        }

        root.Add(CampaignCommands.Create(terminal));
        root.Add(LeakCommand.Create(terminal));
        root.Add(ReportCommand.Create(terminal));
        root.Add(ReviewCommands.Create(terminal));
        root.Add(ProvideCommand.Create(terminal));
        root.Add(AuditCommands.Create(terminal));
        root.Add(LedgerCommands.Create(terminal));
        root.Add(MoveCommands.Export(terminal));
        root.Add(MoveCommands.Import(terminal));
        root.Add(NotifyCommand.Create(terminal));
        root.Add(TokenCommands.Create(terminal));
        root.Add(LoginCommand.Create(terminal));
        root.Add(BackupCommand.Create(terminal));
        root.Add(RekeyCommand.Create(terminal));
        root.Add(DemoCommand.Create(terminal));
        root.Add(ListCommands.Secrets(terminal));
        root.Add(NextCommand.Create(terminal));
        root.Add(SimulateCommand.Create(terminal));
        root.Add(ListCommands.Rotations(terminal));
        root.Add(ListCommands.History(terminal));
        root.Add(ShellCommands.Completion(terminal, root));
        root.Add(ShellCommands.Help(terminal, root));
        root.Add(ShellCommands.Version(terminal));
        return root;
    }

    private static async Task<int> InvokeAsync(ParseResult parsed, Terminal terminal)
    {
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = terminal.Plain,
                Error = terminal.Errors,
                EnableDefaultExceptionHandler = false,
                // The server looks after signals itself, and takes the time that it needs.
                ProcessTerminationTimeout = parsed.CommandResult.Command.Name == ServeCommand.Name ? null : TimeSpan.FromSeconds(2),
            });
        }
        catch (CommandException problem)
        {
            await terminal.Errors.WriteLineAsync(problem.Message);
            return problem.ExitCode;
        }
        catch (StartupException problem)
        {
            await terminal.Errors.WriteLineAsync(problem.Message);
            return ExitCodes.CannotWork;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.CannotWork;
        }
        catch (UnauthorizedAccessException problem)
        {
            await terminal.Errors.WriteLineAsync(
                $"{problem.Message} Run the command as a user who has the right there (this one is {Environment.UserName}), or name "
                    + "another place.");
            return ExitCodes.CannotWork;
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException or LedgerUnavailableException)
        {
            await terminal.Errors.WriteLineAsync(problem.Message);
            return ExitCodes.CannotWork;
        }
    }

    private static string CommandPath(Command command, Command root) =>
        ReferenceEquals(command, root)
            ? ""
            : $"{CommandPath(command.Parents.OfType<Command>().First(), root)}{command.Name} ";
}
