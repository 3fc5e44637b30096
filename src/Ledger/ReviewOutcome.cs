namespace Rotunda.Ledger;

/// <summary>What came of a person's word on an emergency.</summary>
public enum ReviewOutcome
{
    /// <summary>It is on record; another person has to look too.</summary>
    Taken,

    /// <summary>It is on record, and enough people have looked.</summary>
    Closed,

    /// <summary>The same person has looked already.</summary>
    AlreadyGiven,

    /// <summary>Enough people had looked before.</summary>
    AlreadyClosed,

    /// <summary>The person started it.</summary>
    OwnRequest,

    /// <summary>Nobody has to look at that rotation.</summary>
    NotThere,
}
