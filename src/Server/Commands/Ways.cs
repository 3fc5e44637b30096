using Spectre.Console;

namespace Rotunda.Server.Commands;

/// <summary>A problem and the ways out of it, a command a line, so that one can be copied.</summary>
internal static class Ways
{
    /// <param name="nextAction">Commands, separated by bars.</param>
    public static void Show(IAnsiConsole console, string? problem, string? nextAction, string indent)
    {
        if (problem is not null)
        {
            Lines(console, indent, "red", $"problem: {problem}");
        }

        foreach (var command in nextAction?.Split(" | ") ?? [])
        {
            Lines(console, indent, "default", $"→ {command}");
        }
    }

    private static void Lines(IAnsiConsole console, string indent, string colour, string text) =>
        console.Write(new Padder(new Text(text, Style.Parse(colour)), new Padding(indent.Length, 0, 0, 0)));
}
