using Rotunda.Api.Http;
using Spectre.Console;

namespace Rotunda.Server.Commands;

/// <summary>The audit rows of one rotation, a line each.</summary>
internal static class Timeline
{
    private const int LongestDetail = 110;

    /// <summary>Shows the rows after the given sequence number and returns the newest.</summary>
    public static long Show(IAnsiConsole console, RotationView view, long after)
    {
        var titles = view.Plan.Steps.ToDictionary(s => s.Id, s => s.Title, StringComparer.Ordinal);
        foreach (var undo in view.Plan.Steps.SelectMany(s => s.Undo))
        {
            titles.TryAdd(undo.Id, undo.Title);
        }

        foreach (var row in view.Timeline.Where(row => row.Sequence > after))
        {
            var what = row.StepId is { } step ? titles.GetValueOrDefault(step, step) : "";
            console.MarkupLine($"[grey]{row.At.UtcDateTime:HH:mm:ss}[/] [{Colour(row.Action)}]{Markup.Escape(row.Action),-22}[/] {Markup.Escape(what)} [grey]{Markup.Escape(Short(row.Detail))}[/]");
            after = row.Sequence;
        }

        return after;
    }

    private static string Colour(string action) => action switch
    {
        _ when action.Contains("fail", StringComparison.Ordinal) || action.Contains("reject", StringComparison.Ordinal) || action.Contains("stuck", StringComparison.Ordinal) => "red",
        _ when action.EndsWith(".done", StringComparison.Ordinal) || action.EndsWith("succeeded", StringComparison.Ordinal) => "green",
        _ when action.StartsWith("approval", StringComparison.Ordinal) || action.StartsWith("control", StringComparison.Ordinal) => "yellow",
        _ => "default",
    };

    private static string Short(string? detail) =>
        detail is null ? "" : detail.Length <= LongestDetail ? detail : detail[..LongestDetail] + "…";
}
