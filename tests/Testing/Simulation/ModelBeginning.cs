namespace Rotunda.Testing.Simulation;

/// <summary>How the world differs from what the ledger believes when a rotation begins.</summary>
public enum ModelBeginning
{
    AsBelieved = 0,
    /// <summary>Another value than the one on record is in use on the account: a wrong "current:", or a change by hand.</summary>
    Stale = 1,
    /// <summary>The account believed idle is the one in use, and the one believed in use is locked.</summary>
    Swapped = 2,
    /// <summary>Somebody else uses the account believed idle.</summary>
    IdleInUse = 3,
    /// <summary>Nobody uses the account believed idle, but it can log in with a value that Rotunda does not know.</summary>
    NotLocked = 4,
}
