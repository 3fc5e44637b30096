using System.Text.Json;
using System.Text.Json.Serialization;
using Rotunda.Ledger;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Testing.Simulation;

/// <summary>
/// Keeps a rotation's audit rows in memory, worded as the ledger words them, so that what follows from them is read by the
/// same code that reads a real ledger. A test with a real ledger holds both against each other.
/// </summary>
public sealed class SimulatedAudit(string secret, string rotationId)
{
    private static readonly JsonSerializerOptions s_json =
        new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly List<AuditRow> _rows = [];

    public IReadOnlyList<AuditRow> Rows => _rows;

    /// <summary>What a head would read of the rows so far.</summary>
    public RotationTrail Trail() => RotationTrail.Of(_rows);

    /// <summary>An attempt of a step or an undo begins.</summary>
    public void Begin(StepInput input, DateTimeOffset at) =>
        Add(at, AuditActions.System, AuditActions.StepIntent, input.Step.Id, Describe(input));

    /// <summary>The attempt has an outcome.</summary>
    public void End(StepInput input, StepOutcome outcome, DateTimeOffset at) => Add(
        at, AuditActions.System, LedgerWords.ActionOf(outcome.Kind), input.Step.Id,
        Describe(input) with { Outcome = outcome.Kind, Reason = outcome.Reason, RetryAfter = outcome.RetryAfter, Facts = outcome.Facts });

    /// <summary>The interpreter's record is written.</summary>
    public void Record(RecordInput record, DateTimeOffset at) => Add(
        at, record.Actor, record.Action, null, new StateDetail(LedgerWords.Of(record.State), record.Sequence, record.Detail, record.Until));

    /// <summary>A person sends a verb.</summary>
    public void Say(ControlVerb verb, string by, DateTimeOffset at) =>
        _rows.Add(Row(at, by, $"control.{RotationActions.NameOf(verb)}", null, "why"));

    private static StepDetail Describe(StepInput input) => new(
        input.Undo?.Kind ?? input.Step.Kind, input.Undo?.Title ?? input.Step.Title,
        input.Undo is null ? input.Step.Target : input.Undo.Target, input.Undo?.Id, input.Attempt);

    private void Add<T>(DateTimeOffset at, string actor, string action, string? stepId, T detail) =>
        _rows.Add(Row(at, actor, action, stepId, JsonSerializer.Serialize(detail, s_json)));

    private AuditRow Row(DateTimeOffset at, string actor, string action, string? stepId, string detail) =>
        new(_rows.Count + 1, at, actor, action, secret, rotationId, stepId, detail, "", "");
}
