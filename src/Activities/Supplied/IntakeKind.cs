namespace Rotunda.Activities.Supplied;

/// <summary>What became of a value that a person gave.</summary>
public enum IntakeKind
{
    /// <summary>It is in the store, and on record.</summary>
    Taken,
    /// <summary>This very value was taken before.</summary>
    AlreadyTaken,
    /// <summary>It does not look as it should. Nothing was kept of it.</summary>
    BadShape,
    /// <summary>No rotation waits for it. Nothing was kept of it.</summary>
    NotAsked,
    /// <summary>Another value was given, and is tried now. Nothing was kept of this one.</summary>
    Busy,
}
