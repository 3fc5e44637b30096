using System.CommandLine;
using Spectre.Console;

namespace Rotunda.Server.Commands.Demo;

internal static class DemoCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public static Command Create(Terminal terminal)
    {
        var command = new Command("demo", "Watch real rotations on this machine: one that succeeds, one that rolls back.");
        command.SetAction(async (_, cancellationToken) =>
        {
            using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limited.CancelAfter(Limit);
            var folder = Directory.CreateTempSubdirectory("rotunda-demo-");
            try
            {
                await using var world = await DemoWorld.StartAsync(folder.FullName, limited.Token);
                return await new DemoStory(terminal, world).TellAsync(limited.Token) ? ExitCodes.Ok : ExitCodes.BadNews;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                terminal.Pretty.MarkupLine("[red]The demo did not come to its end in time.[/]");
                return ExitCodes.BadNews;
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        });
        return command;
    }
}
