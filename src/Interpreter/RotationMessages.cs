using System.Globalization;
using System.Text.Json.Serialization;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>Input of the rotation orchestration.</summary>
/// <param name="RecordsWritten">The highest record sequence that an earlier generation of the instance used; 0 for the first.</param>
/// <param name="Resume">Where to go on; null for the beginning.</param>
public sealed record RotationInput(RotationPlan Plan, int RecordsWritten = 0, ResumePoint? Resume = null);

/// <summary>Output of the rotation orchestration.</summary>
public sealed record RotationResult(RotationState State, string? Reason);

/// <summary>Input of every step activity. The activity finds everything else in the ledger, by the rotation's id.</summary>
/// <param name="Attempt">1 for the first. From the second on, a step that may have happened looks first.</param>
/// <param name="Undo">Set when an undo of the step is to be run, not the step itself.</param>
public sealed record StepInput(string RotationId, int Number, PlannedStep Step, PlannedUndo? Undo, int Attempt);

/// <summary>Input of <see cref="StepKinds.Record"/>: a change of state with its reason. Idempotent by (rotation, sequence).</summary>
/// <param name="Sequence">Counts the interpreter's records of one rotation.</param>
/// <param name="Action">A stable word for the audit, one of <see cref="RotationActions"/>.</param>
public sealed record RecordInput(
    string RotationId,
    int Number,
    int Sequence,
    RotationState State,
    string Action,
    string Actor,
    string? Detail,
    DateTimeOffset? Until);

/// <summary>What a person (or a superseding emergency) tells a rotation.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ControlVerb>))]
public enum ControlVerb
{
    [JsonStringEnumMemberName("approve")] Approve = 0,
    [JsonStringEnumMemberName("reject")] Reject = 1,
    [JsonStringEnumMemberName("rollback")] Rollback = 2,
    [JsonStringEnumMemberName("cancel")] Cancel = 3,
    /// <summary>Tries a stuck step again, or lets a paused one go on.</summary>
    [JsonStringEnumMemberName("resume")] Resume = 4,
    [JsonStringEnumMemberName("skip-grace")] SkipGrace = 5,
    [JsonStringEnumMemberName("extend-grace")] ExtendGrace = 6,
    [JsonStringEnumMemberName("supersede")] Supersede = 7,
    /// <summary>Halts a step that is done in slices, between two of them.</summary>
    [JsonStringEnumMemberName("pause")] Pause = 8,
    /// <summary>A value was given: it is in the store, and on record.</summary>
    [JsonStringEnumMemberName("provide")] Provide = 9,
    /// <summary>A person says that the old credential is ended.</summary>
    [JsonStringEnumMemberName("confirm")] Confirm = 10,
}

/// <summary>Payload of the external event <see cref="RotationNames.ControlEvent"/>, the only one a rotation listens to.</summary>
/// <param name="ExtendBy">With extend-grace.</param>
/// <param name="Again">With cancel and reject: after how long the secret is due again; null for what the plan says.</param>
/// <param name="Step">With skip-grace and approve: the id of the step that is meant, so that a message that is sent twice does not end
/// the wait behind it too. Null, as older releases sent it: whatever the rotation waits at.</param>
public sealed record ControlMessage(
    ControlVerb Verb, string By, string? Reason, TimeSpan? ExtendBy = null, TimeSpan? Again = null, string? Step = null);

/// <summary>The custom status: what clients see while a rotation runs.</summary>
/// <param name="Step">1-based position of the present step; 0 before the first.</param>
/// <param name="WaitingFor">In words; null when it is not waiting.</param>
/// <param name="NextAction">What a person can do now, command by command: "rotunda approve ID --reason WHY | rotunda reject …".</param>
/// <param name="Progress">How far a step is that is done in slices; null for any other.</param>
public sealed record RotationStatus(
    RotationState State,
    int Step,
    int Steps,
    string? StepId,
    string? StepTitle,
    int Attempt,
    string? WaitingFor,
    DateTimeOffset? WaitingUntil,
    string? Problem,
    string? NextAction,
    StepProgress? Progress = null);

/// <summary>How far a step is that is done in slices.</summary>
/// <param name="RowsPerSecond">Lately; 0 if it is not known.</param>
/// <param name="SecondsLeft">By that rate; null if it is not known.</param>
public sealed record StepProgress(long Rows, long Total, long RowsPerSecond, long? SecondsLeft)
{
    /// <summary>Null unless the facts tell how far the step is.</summary>
    public static StepProgress? Of(IReadOnlyDictionary<string, string>? facts) =>
        Number(facts, StepFacts.Rows) is { } rows && Number(facts, StepFacts.Total) is { } total
            ? new StepProgress(rows, total, Number(facts, StepFacts.Rate) ?? 0, Number(facts, StepFacts.Left))
            : null;

    /// <summary>For people: "120,000 of 1,000,000 rows, 30,000 a second, about 30s left".</summary>
    public override string ToString()
    {
        var rate = RowsPerSecond > 0 ? string.Create(CultureInfo.InvariantCulture, $", {RowsPerSecond:N0} a second") : "";
        var left = SecondsLeft is { } seconds ? $", about {DurationText.Format(TimeSpan.FromSeconds(seconds))} left" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Rows:N0} of {Total:N0} rows{rate}{left}");
    }

    private static long? Number(IReadOnlyDictionary<string, string>? facts, string name) =>
        facts is not null && facts.TryGetValue(name, out var text)
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}

public static class RotationNames
{
    /// <summary>The registered name of the rotation orchestration .</summary>
    public const string Orchestration = "Rotation";

    public const string ControlEvent = "control";
}
