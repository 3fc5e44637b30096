using System.Text.Json;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;

namespace Rotunda.Ledger;

/// <summary>What the audit knows of one rotation, as far as it tells where the rotation stands.</summary>
/// <param name="RecordsWritten">The interpreter's last record.</param>
public sealed record RotationTrail(IReadOnlyList<RotationEvent> Events, int RecordsWritten)
{
    /// <summary>Records that the heads write beside the interpreter are numbered from here on, far above its own.</summary>
    public const int OutsideRecords = 1_000_000;

    private const string Control = "control.";
    private static readonly HashSet<string> s_records = new(RotationActions.All, StringComparer.Ordinal);

    /// <param name="rows">All rows of the rotation, oldest first.</param>
    public static RotationTrail Of(IEnumerable<AuditRow> rows)
    {
        var events = new List<RotationEvent>();
        var written = 0;
        foreach (var row in rows)
        {
            if (StepDetail.Of(row) is { } step)
            {
                events.Add(step.Outcome is { } outcome
                    ? new StepEnded(row.At, row.StepId!, step.Undo, outcome, step.Facts)
                    : new StepBegan(row.At, row.StepId!, step.Undo, step.Attempt));
            }
            else if (s_records.Contains(row.Action) && row.Detail is { } text)
            {
                var state = JsonSerializer.Deserialize(text, LedgerJson.Default.StateDetail)!;
                if (state.Sequence < OutsideRecords)
                {
                    events.Add(new Recorded(row.At, row.Action, row.Actor, state.Detail, state.Until));
                    written = Math.Max(written, state.Sequence);
                }
            }
            else if (row.Action.StartsWith(Control, StringComparison.Ordinal) && VerbOf(row.Action[Control.Length..]) is { } verb)
            {
                events.Add(new Sent(row.At, verb, row.Actor));
            }
        }

        return new RotationTrail(events, written);
    }

    /// <summary>The input with which the rotation's orchestration is started, or started anew.</summary>
    public RotationInput InputFor(RotationPlan plan) => new(plan, RecordsWritten, Retrace.Of(plan, Events));

    private static ControlVerb? VerbOf(string word)
    {
        foreach (var verb in Enum.GetValues<ControlVerb>())
        {
            if (word == RotationActions.NameOf(verb))
            {
                return verb;
            }
        }

        return null;
    }
}
