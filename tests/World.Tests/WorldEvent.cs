namespace Rotunda.World.Tests;

internal enum WorldEventKind
{
    /// <summary>The process dies a few crash points later.</summary>
    Crash,
    /// <summary>The process is stopped and started.</summary>
    Restart,
    /// <summary>The wall clock jumps, and is set right later.</summary>
    ClockJump,
    /// <summary>A vendor does not answer for a while.</summary>
    Outage,
    Emergency,
    /// <summary>A person starts a rotation.</summary>
    Manual,
    /// <summary>A target is added; somebody has written the value in use there by hand.</summary>
    AddTarget,
    /// <summary>A target is taken away, and nobody reads it any more.</summary>
    DropTarget,
    /// <summary>The grace, the interval or the approval is changed.</summary>
    EditPolicy,
    Rename,
    /// <summary>The secret leaves the catalog, and a person retires it.</summary>
    Leave,
    /// <summary>A person pauses the secret for some days.</summary>
    Pause,
    /// <summary>The consumers read their credentials again, by themselves.</summary>
    ConsumerRestart,
    /// <summary>The engine's hub is lost; the ledger is there.</summary>
    HubLost,
    /// <summary>The ledger is exported, and imported by another head with an empty hub.</summary>
    Move,
    /// <summary>From here on plans are of this release.</summary>
    Upgrade,
    /// <summary>A person brings the value in use to the targets again, whatever stands there.</summary>
    Deliver,
    /// <summary>A person says a verb to the rotation under way, whatever it does.</summary>
    Verb,
}

/// <summary>Something that is to happen, whatever happens else.</summary>
/// <param name="At">From the beginning, in true time.</param>
/// <param name="Unit">The number of the secret; -1 for none.</param>
/// <param name="Name">Unlike those of all others: what it draws is drawn by it.</param>
internal sealed record WorldEvent(WorldEventKind Kind, TimeSpan At, int Unit, string Name);
