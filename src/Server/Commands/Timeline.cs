using System.Globalization;
using Rotunda.Api.Views;
using Rotunda.Ledger;
using Spectre.Console;

namespace Rotunda.Server.Commands;

/// <summary>What happened to one rotation, a line each. The JSON output has every row in full.</summary>
internal static class Timeline
{
    /// <summary>Shows the rows after the given sequence number. Looks of one step that tell the same, one behind the other, are one line:
    /// that of the last, or none if one of them was shown before.</summary>
    /// <param name="told">A problem that stands above, and is not told again.</param>
    public static void Show(IAnsiConsole console, RotationView view, long after, string? told = null)
    {
        var titles = view.Plan.Steps.ToDictionary(s => s.Id, s => s.Title, StringComparer.Ordinal);
        foreach (var undo in view.Plan.Steps.SelectMany(s => s.Undo))
        {
            titles.TryAdd(undo.Id, undo.Title);
        }

        var begun = new HashSet<string>(StringComparer.Ordinal);
        var (looks, run) = (new List<(TimelineEntry Row, TimelineLine Line)>(), (string?)null);
        foreach (var row in view.Timeline)
        {
            var again = IsBegunAgain(row, begun);
            if ((again ? TimelineLine.BegunAgain(row, titles) : TimelineLine.Of(row, titles)) is not { } line)
            {
                continue;
            }

            var its = again ? null : TimelineLine.RunOf(row);
            if (its is null || its != run)
            {
                Write(looks);
                looks.Clear();
            }

            looks.Add((row, line));
            run = its;
        }

        Write(looks);

        void Write(List<(TimelineEntry Row, TimelineLine Line)> all)
        {
            if (all.Count == 0 || all[0].Row.Sequence <= after)
            {
                return;
            }

            var (row, line) = all[^1];
            var times = all.Count > 1 ? $"{all.Count} times since {At(all[0].Row)}" : null;
            var shown = line.Shortened(row, told, times);
            var more = shown.More.Length == 0 ? "" : $"  [grey]{Markup.Escape(shown.More)}[/]";
            console.MarkupLine($"[grey]{At(row)}[/]  [{line.Colour}]{line.Mark} {Markup.Escape(line.Text)}[/]{more}");
        }

        // A rotation may sleep for weeks: the day is told wherever it is not the first one.
        string At(TimelineEntry row) => row.At.UtcDateTime.ToString(
            row.At.UtcDateTime.Date == view.Timeline[0].At.UtcDateTime.Date ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss",
            CultureInfo.InvariantCulture);
    }

    /// <summary>The newest try that failed for now tells this problem.</summary>
    public static bool Tells(RotationView view, string? problem) =>
        view.Timeline.LastOrDefault(row => TimelineLine.RunOf(row) is not null) is { } row && TimelineLine.ReasonOf(row) == problem;

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
