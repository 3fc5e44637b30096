using Rotunda.Engine.History;
using Rotunda.Orchestration;

namespace Rotunda.Engine.Replay;

/// <summary>Replays golden histories.</summary>
public static class HistoryReplay
{
    /// <summary>Replays the file with the given code.</summary>
    /// <returns>Null if each call matched; else what the history has and what the code did.</returns>
    public static string? FindDrift(this HistoryFile file, TaskRegistry registry, PayloadSerializer serializer)
    {
        try
        {
            var execution = new Execution(new Identity(file.InstanceId, file.Name, file.Generation, file.Input), registry, serializer);
            foreach (var turn in file.Turns)
            {
                execution.Replay(turn);
            }

            return null;
        }
        catch (DriftException drift)
        {
            return drift.Message;
        }
    }
}
