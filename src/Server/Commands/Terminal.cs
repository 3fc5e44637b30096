using Spectre.Console;

namespace Rotunda.Server.Commands;

/// <summary>The console, for the command line and nothing else.</summary>
/// <param name="Plain">Standard output for programs: JSON, YAML, tokens. Never wrapped or coloured.</param>
/// <param name="Errors">Standard error, plain.</param>
/// <param name="Pretty">Standard output for people.</param>
internal sealed record Terminal(TextWriter Plain, TextWriter Errors, IAnsiConsole Pretty)
{
    private const int WidthWithoutTerminal = 160;

    public static Terminal OfProcess()
    {
#pragma warning disable RS0030 // The one place where the command line meets the process's console.
        var (plain, errors, redirected) = (Console.Out, Console.Error, Console.IsOutputRedirected);
#pragma warning restore RS0030
        var pretty = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(plain),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
        });
        if (redirected)
        {
            pretty.Profile.Width = WidthWithoutTerminal;
        }

        return new Terminal(plain, errors, pretty);
    }
}
