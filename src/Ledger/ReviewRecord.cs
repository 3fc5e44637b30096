namespace Rotunda.Ledger;

/// <summary>An emergency that went without approval, and who has looked at it since.</summary>
/// <param name="ClosedAt">Null while it is open.</param>
public sealed record ReviewRecord(
    RotationRecord Rotation, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, IReadOnlyList<ReviewerRecord> Reviewers)
{
    /// <summary>How many people have to look at it.</summary>
    public const int Need = 2;
}

/// <param name="Person">Who the actor is, in lower case.</param>
public sealed record ReviewerRecord(string Person, string Actor, string Comment, DateTimeOffset At);
