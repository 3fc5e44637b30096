namespace Rotunda.Ledger;

/// <summary>What the ledger keeps of people: the codes by which they act once, their decisions on what asks for approval, and their
/// looks at emergencies that went without. Each method is one transaction, with its rows in the audit.</summary>
public interface IPeopleLedger
{
    // Codes

    /// <summary>Keeps the hash of a code that was made.</summary>
    Task AddCodeAsync(CodeRecord code, CancellationToken cancellationToken);

    /// <summary>As <see cref="AddCodeAsync"/>, and ends in the same transaction what the same maker made for the same person, rotation
    /// and purpose before: of those, one lives at most.</summary>
    Task ReplaceCodeAsync(CodeRecord code, CancellationToken cancellationToken);

    /// <summary>Ends what that maker made for that person and rotation and was not used.</summary>
    Task EndCodesAsync(string rotationId, string person, string createdBy, CancellationToken cancellationToken);

    /// <summary>Null for a hash that is not known.</summary>
    Task<CodeRecord?> GetCodeAsync(string hash, CancellationToken cancellationToken);

    /// <summary>Marks it as used, on record.</summary>
    /// <returns>False, and nothing changed, if it was used before or is not known.</returns>
    Task<bool> UseCodeAsync(string hash, string actor, CancellationToken cancellationToken);

    // Decisions

    /// <summary>
    /// Takes a person's decision on what a rotation asks for, in one transaction with the count of those there are: two at the same
    /// moment are counted one after the other. A code that is given is used up in the same transaction.
    /// </summary>
    Task<DecisionResult> DecideAsync(DecisionInput input, CancellationToken cancellationToken);

    /// <summary>Takes back what the person approved, while there are not enough.</summary>
    Task<DecisionResult> WithdrawAsync(string rotationId, string actor, string reason, CancellationToken cancellationToken);

    /// <summary>Oldest first; also those that were withdrawn or ran out of time.</summary>
    Task<IReadOnlyList<DecisionRecord>> ListDecisionsAsync(string rotationId, CancellationToken cancellationToken);

    /// <summary>The ids of the rotations that wait for an approval and have at least one decision that was not withdrawn, of any
    /// round.</summary>
    Task<IReadOnlySet<string>> ListDecidedAsync(CancellationToken cancellationToken);

    /// <summary>How it stands with the step's decisions that count now.</summary>
    Task<DecisionResult> StandAsync(string rotationId, string stepId, CancellationToken cancellationToken);

    // Reviews

    /// <summary>Emergencies that went without approval, oldest first.</summary>
    /// <param name="closedToo">Also those that enough people have looked at.</param>
    Task<IReadOnlyList<ReviewRecord>> ListReviewsAsync(bool closedToo, CancellationToken cancellationToken);

    /// <summary>A person has looked at it. It is closed when enough have.</summary>
    Task<ReviewOutcome> ReviewAsync(string rotationId, string actor, string comment, CancellationToken cancellationToken);
}
