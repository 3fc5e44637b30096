namespace Rotunda.Ledger;

/// <summary>What came of a decision.</summary>
public enum DecisionOutcome
{
    /// <summary>It is on record.</summary>
    Taken,

    /// <summary>The same person decided before; that stands.</summary>
    AlreadyDecided,

    /// <summary>The rotation asks nothing now.</summary>
    NotAsked,

    /// <summary>It is for another plan than the rotation's.</summary>
    OtherPlan,

    /// <summary>The person asked for the rotation.</summary>
    OwnRequest,

    /// <summary>Somebody said no, so nothing can be approved any more.</summary>
    Rejected,

    /// <summary>The code was used, is over, or is for something else.</summary>
    NoCode,

    /// <summary>There is nothing of this person to take back.</summary>
    NothingThere,

    /// <summary>Enough have approved, so none can be taken back.</summary>
    TooLate,
}

/// <param name="Given">How many people have approved by now.</param>
/// <param name="Need">How many have to.</param>
/// <param name="StandsRejected">Somebody said no.</param>
public sealed record DecisionResult(DecisionOutcome Outcome, int Given, int Need, bool StandsRejected = false)
{
    /// <summary>The round that counts now.</summary>
    public int Round { get; init; }

    public bool IsEnough => Given >= Need;
}
