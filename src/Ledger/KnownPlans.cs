using System.Collections.Concurrent;
using System.Text.Json;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;

namespace Rotunda.Ledger;

/// <summary>
/// Plans that were read lately, as objects: each step of a rotation reads its plan, and to parse it takes much longer than to read it.
/// A plan never changes, but what counts is the text that was read: where another one stands under the same id, it is parsed.
/// </summary>
internal static class KnownPlans
{
    /// <summary>Twice as many are held at most. A text has some 10 kB.</summary>
    private const int Some = 128;

    private static readonly Lock s_gate = new();
    private static volatile ConcurrentDictionary<string, (string Text, RotationPlan Plan)> s_young = new(StringComparer.Ordinal);
    private static volatile ConcurrentDictionary<string, (string Text, RotationPlan Plan)> s_old = new(StringComparer.Ordinal);

    /// <param name="keep">False where very many are read, each once.</param>
    public static RotationPlan Of(string rotationId, string text, bool keep)
    {
        if (s_young.TryGetValue(rotationId, out var known) && known.Text == text)
        {
            return known.Plan;
        }

        var plan = s_old.TryGetValue(rotationId, out known) && known.Text == text
            ? known.Plan
            : JsonSerializer.Deserialize(text, RotationJson.Default.RotationPlan)!;
        if (keep)
        {
            Keep(rotationId, text, plan);
        }

        return plan;
    }

    /// <summary>Those that were not asked for since half of all were new are forgotten.</summary>
    private static void Keep(string rotationId, string text, RotationPlan plan)
    {
        lock (s_gate)
        {
            if (s_young.Count >= Some)
            {
                s_old = s_young;
                s_young = new ConcurrentDictionary<string, (string Text, RotationPlan Plan)>(StringComparer.Ordinal);
            }

            s_young[rotationId] = (text, plan);
        }
    }
}
