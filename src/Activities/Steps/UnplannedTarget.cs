namespace Rotunda.Activities.Steps;

/// <summary>What of a rotation's two credentials stands at a target.</summary>
internal enum TargetHolds
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>The old one alone.</summary>
    Old,

    /// <summary>The old one in use, and the new one accepted.</summary>
    OldThenNew,

    /// <summary>The new one in use, and the old one accepted.</summary>
    NewThenOld,

    /// <summary>The new one alone.</summary>
    New,

    /// <summary>Something that is none of these.</summary>
    SomethingElse,

    /// <summary>It gave no answer; it may give one later.</summary>
    NoAnswer,

    /// <summary>Its type has no way to tell.</summary>
    CannotTell,
}

/// <summary>A target of the catalog in force, what it holds, and its own words for that.</summary>
internal sealed record UnplannedTarget(string Name, TargetHolds Holds, string? Why);
