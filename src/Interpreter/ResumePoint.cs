using System.Text.Json.Serialization;
using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>
/// A resume point says where a rotation goes on whose orchestration has no history to replay: it was moved to another head,
/// or its hub was lost. <see cref="Retrace"/> works it out from the ledger alone. What was under way when the other one
/// stopped runs again as another attempt, and so looks first.
/// </summary>
/// <param name="Position">The step (0 for the first) to go on at.</param>
/// <param name="Started">Ids of the steps that were started and are not undone, oldest first.</param>
/// <param name="Done">Ids of the steps beside <paramref name="Position"/> that have succeeded already.</param>
/// <param name="Attempts">By a step's id, or "{step}/{undo}": the last attempt's number.</param>
/// <param name="OldIsGoing">A step that revokes or retires the old credential for good has been started.</param>
/// <param name="NewValues">How many values were replaced since the last resume.</param>
/// <param name="Until">When the wait at <paramref name="Position"/> (a grace period, an approval) ends, if it had begun.</param>
/// <param name="GateSince">When the evidence gate at <paramref name="Position"/> began to ask, if it had.</param>
/// <param name="Stuck">Why it waits for a person; null if it does not.</param>
/// <param name="StuckUntil">When the looks at what it is stuck at end; null if only a person can go on.</param>
/// <param name="UndoFrom">Set while the steps from this one on are undone, to make another value there.</param>
/// <param name="Undone">"{step}/{undo}" of the undos that have succeeded, of steps that are not undone altogether.</param>
/// <param name="Ending">Set while it rolls back.</param>
/// <param name="Findings">By a step's id, what it found, of the steps whose findings a later one shows.</param>
public sealed record ResumePoint(
    int Position,
    IReadOnlyList<string> Started,
    IReadOnlyList<string> Done,
    IReadOnlyDictionary<string, int> Attempts,
    DateTimeOffset? PromotedAt = null,
    [property: JsonPropertyName("retired")] bool OldIsGoing = false,
    int NewValues = 0,
    DateTimeOffset? Until = null,
    DateTimeOffset? GateSince = null,
    string? Stuck = null,
    int? UndoFrom = null,
    IReadOnlyList<string>? Undone = null,
    ResumeEnding? Ending = null,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>? Findings = null,
    DateTimeOffset? StuckUntil = null)
{
    /// <summary>
    /// Where it was looked at again, the first look is to go on: what is tried then looks before it acts, and is stuck anew if the
    /// cause is still there. Null where only a person can go on.
    /// </summary>
    [JsonIgnore]
    public Func<Task<bool>>? LookAgain => StuckUntil is null ? null : () => Task.FromResult(true);
}

/// <summary>How a rotation that rolls back will end.</summary>
public sealed record ResumeEnding(RotationState State, string? Reason, string Actor);
