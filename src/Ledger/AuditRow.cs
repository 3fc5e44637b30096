using System.Text.Json;

namespace Rotunda.Ledger;

/// <param name="Detail">JSON or text; never a value.</param>
/// <param name="Hash">SHA-256 (hex) over the row and the hash of the one before.</param>
public sealed record AuditRow(
    long Sequence,
    DateTimeOffset At,
    string Actor,
    string Action,
    string? Secret,
    string? RotationId,
    string? StepId,
    string? Detail,
    string PreviousHash,
    string Hash)
{
    /// <summary>What <see cref="Step"/> read, of which text.</summary>
    private ReadStep? _step;

    /// <summary>The detail of a row whose action begins with "step."; null for any other. It is read once: a step that waits for weeks asks
    /// for all of its rotation at each attempt.</summary>
    /// <exception cref="JsonException">The detail is none.</exception>
    internal StepDetail? Step
    {
        get
        {
            if (Detail is not { } text || !Action.StartsWith("step.", StringComparison.Ordinal))
            {
                return null;
            }

            if (_step is not { } read || !ReferenceEquals(read.Text, text))
            {
                _step = read = new ReadStep(text, JsonSerializer.Deserialize(text, LedgerJson.Default.StepDetail));
            }

            return read.Detail;
        }
    }

    /// <summary>By what stands in the ledger.</summary>
    public bool Equals(AuditRow? other) => other is not null
        && (Sequence, At, Actor, Action, Secret, RotationId, StepId, Detail, PreviousHash, Hash)
        == (other.Sequence, other.At, other.Actor, other.Action, other.Secret, other.RotationId, other.StepId, other.Detail,
            other.PreviousHash, other.Hash);

    public override int GetHashCode() => HashCode.Combine(Sequence, Hash);

    private sealed record ReadStep(string Text, StepDetail? Detail);
}
