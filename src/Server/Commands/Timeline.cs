using System.Text.Json;
using System.Text.Json.Nodes;
using Rotunda.Api.Http;
using Spectre.Console;

namespace Rotunda.Server.Commands;

/// <summary>The audit rows of one rotation, a line each. The JSON output has them in full.</summary>
internal static class Timeline
{
    private const int LongestDetail = 90;

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
            after = row.Sequence;
            var detail = Parse(row.Detail);
            // Intents are for the books; what came of them is for the eyes.
            if (row.Action != "step.intent")
            {
                var what = (string?)detail?["title"] ?? (row.StepId is { } step ? titles.GetValueOrDefault(step, step) : "");
                console.MarkupLine($"[grey]{row.At.UtcDateTime:HH:mm:ss}[/] [{Colour(row.Action)}]{Markup.Escape(row.Action),-22}[/] {Markup.Escape(what)}[grey]{Markup.Escape(Rest(row, detail))}[/]");
            }
        }

        return after;
    }

    private static JsonObject? Parse(string? detail)
    {
        try
        {
            return detail?.StartsWith('{') == true ? JsonNode.Parse(detail) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Rest(TimelineEntry row, JsonObject? detail)
    {
        var parts = new List<string>();
        if (detail is null)
        {
            parts.Add(row.Detail ?? "");
        }
        else
        {
            parts.Add(Text(detail["reason"]) ?? Text(detail["detail"]) ?? "");
            parts.Add(detail["facts"] is JsonObject facts ? string.Join(", ", facts.Select(f => $"{f.Key} {f.Value}")) : "");
            parts.Add(Text(detail["fingerprint"]) is { } fingerprint ? $"fingerprint {fingerprint}" : "");
        }

        if (row.Actor is not ("rotunda" or "system"))
        {
            parts.Add($"by {row.Actor}");
        }

        var text = string.Join("; ", parts.Where(p => p.Length > 0));
        return text.Length == 0 ? "" : "  " + (text.Length <= LongestDetail ? text : text[..LongestDetail] + "…");
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static string Colour(string action) => action switch
    {
        "step.rejected" or "step.unknown" or "rotation.stuck" or "rotation.rolled-back" or "request.refused" => "red",
        "step.done" or "step.already-done" or "rotation.succeeded" => "green",
        "step.retry-later" => "yellow",
        _ when action.StartsWith("approval", StringComparison.Ordinal) || action.StartsWith("control", StringComparison.Ordinal) => "yellow",
        _ => "default",
    };
}
