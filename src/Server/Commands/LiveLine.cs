using Spectre.Console;

namespace Rotunda.Server.Commands;

/// <summary>
/// The last line of a terminal, written over as time goes on. Where the output is no terminal it is written once for each new text.
/// </summary>
internal sealed class LiveLine(IAnsiConsole console)
{
    private readonly bool _isLive = console.Profile.Capabilities is { Interactive: true, Ansi: true } && console.Profile.Out.IsTerminal;
    private string? _shown;
    private bool _isOpen;

    /// <param name="text">What is told once; the same text is not told again.</param>
    /// <param name="ticking">What changes every second, shown on a terminal only.</param>
    public void Show(string text, string ticking)
    {
        if (_isLive)
        {
            var line = $"          {text}{ticking}";
            console.Profile.Out.Writer.Write($"\r\u001b[2K\u001b[33m{Cut(line, console.Profile.Width - 1)}\u001b[0m");
            console.Profile.Out.Writer.Flush();
            _isOpen = true;
        }
        else if (text != _shown)
        {
            console.MarkupLineInterpolated($"          [yellow]{text}{ticking}[/]");
        }

        _shown = text;
    }

    /// <summary>Takes the line away, so that something else can be written.</summary>
    public void Clear()
    {
        if (_isOpen)
        {
            console.Profile.Out.Writer.Write("\r\u001b[2K");
            console.Profile.Out.Writer.Flush();
            _isOpen = false;
        }
    }

    private static string Cut(string text, int width) => text.Length <= width ? text : text[..Math.Max(0, width - 1)] + "…";
}
