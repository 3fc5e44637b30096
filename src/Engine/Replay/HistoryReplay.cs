using System.Text.Json.Nodes;
using Rotunda.Engine.History;
using Rotunda.Orchestration;

namespace Rotunda.Engine.Replay;

/// <summary>Replays golden histories.</summary>
public static class HistoryReplay
{
    /// <summary>Replays the file with the given code.</summary>
    /// <returns>Null if each call matched, and the end with its output; else what the history has and what the code did.</returns>
    public static string? FindDrift(this HistoryFile file, TaskRegistry registry, PayloadSerializer serializer)
    {
        try
        {
            var execution = new Execution(new Identity(file.InstanceId, file.Name, file.Generation, file.Input), registry, serializer);
            foreach (var turn in file.Turns)
            {
                var called = execution.Replay(turn);
                if (turn.Called is [.., Returned before] && called is [.., Returned now] && !IsSame(before.Output, now.Output))
                {
                    return $"The history ends with {before.Output}, the code with {now.Output}.";
                }
            }

            return null;
        }
        catch (DriftException drift)
        {
            return drift.Message;
        }
    }

    /// <summary>A golden history is laid out for eyes, and its payloads with it.</summary>
    private static bool IsSame(string? before, string? now) =>
        before is null || now is null ? before == now : JsonNode.DeepEquals(JsonNode.Parse(before), JsonNode.Parse(now));
}
