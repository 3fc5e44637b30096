using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Orchestrations;

/// <summary>
/// Where a rotation goes on whose orchestration has no history to replay: it was moved to another head, or its hub was lost.
/// Told by the ledger alone (<see cref="Retrace"/>). What was under way when the other one stopped runs again as another
/// attempt, and so looks first.
/// </summary>
/// <param name="Position">The step (0 for the first) to go on at.</param>
/// <param name="Started">Ids of the steps that were started and are not undone, oldest first.</param>
/// <param name="Done">Ids of the steps beside <paramref name="Position"/> that have succeeded already.</param>
/// <param name="Attempts">By a step's id, or "{step}/{undo}": the last attempt's number.</param>
/// <param name="Retired">A step that revokes or retires the old credential for good has been started.</param>
/// <param name="NewValues">How many values were replaced since the last resume.</param>
/// <param name="Until">When the wait at <paramref name="Position"/> (a grace period, an approval) ends, if it had begun.</param>
/// <param name="GateSince">When the evidence gate at <paramref name="Position"/> began to ask, if it had.</param>
/// <param name="Stuck">Why it waits for a person; null if it does not.</param>
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
    bool Retired = false,
    int NewValues = 0,
    DateTimeOffset? Until = null,
    DateTimeOffset? GateSince = null,
    string? Stuck = null,
    int? UndoFrom = null,
    IReadOnlyList<string>? Undone = null,
    ResumeEnding? Ending = null,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>? Findings = null);

/// <summary>How a rotation that rolls back will end.</summary>
public sealed record ResumeEnding(RotationState State, string? Reason, string Actor);
