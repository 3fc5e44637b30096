using Rotunda.Api.Views;
using Rotunda.Ledger;
using Spectre.Console;

namespace Rotunda.Server.Commands;

/// <summary>What happened to one rotation, a line each. The JSON output has every row in full.</summary>
internal static class Timeline
{
    /// <summary>Shows the rows after the given sequence number and returns the newest.</summary>
    public static long Show(IAnsiConsole console, RotationView view, long after)
    {
        var titles = view.Plan.Steps.ToDictionary(s => s.Id, s => s.Title, StringComparer.Ordinal);
        foreach (var undo in view.Plan.Steps.SelectMany(s => s.Undo))
        {
            titles.TryAdd(undo.Id, undo.Title);
        }

        var begun = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in view.Timeline)
        {
            var again = IsBegunAgain(row, begun);
            if (row.Sequence <= after)
            {
                continue;
            }

            after = row.Sequence;
            if ((again ? TimelineLine.BegunAgain(row, titles) : TimelineLine.Of(row, titles)) is { } line)
            {
                // A rotation may sleep for weeks: the day is told wherever it is not the first one.
                var at = row.At.UtcDateTime.ToString(
                    row.At.UtcDateTime.Date == view.Timeline[0].At.UtcDateTime.Date ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss");
                var more = line.More.Length == 0 ? "" : $"  [grey]{Markup.Escape(line.More)}[/]";
                console.MarkupLine($"[grey]{at}[/]  [{line.Colour}]{line.Mark} {Markup.Escape(line.Text)}[/]{more}");
            }
        }

        return after;
    }

    /// <summary>True where the same attempt begins a second time without an end between: its process died, and nobody else tells.</summary>
    private static bool IsBegunAgain(TimelineEntry row, HashSet<string> begun)
    {
        if (TimelineLine.AttemptOf(row) is not { } attempt)
        {
            return false;
        }

        if (row.Action == AuditActions.StepIntent)
        {
            return !begun.Add(attempt);
        }

        begun.Remove(attempt);
        return false;
    }
}
