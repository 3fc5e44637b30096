namespace Rotunda.Testing.EngineConformance;

/// <summary>What an engine (or the host it is tested in) can do beyond what all of them promise. A case that needs more is
/// skipped.</summary>
[Flags]
public enum EngineTraits
{
    None = 0,

    /// <summary>Runs on the clock it is given, which a case can move and set back. Any other engine runs on the machine's.</summary>
    MovableClock = 1,

    /// <summary>Its storage outlives a crash.</summary>
    Crashes = 2,

    /// <summary>Reports code that awaits what is not the context's, or does not fit its history, as stuck.</summary>
    SeesDrift = 4,

    /// <summary>Its client refuses names that nobody registered.</summary>
    KnowsNames = 8,

    /// <summary>An orchestration ends although a child or an activity that it started has not.</summary>
    LeavesWork = 16,

    /// <summary>A child can be looked up as soon as it is started.</summary>
    TracksChildren = 32,

    /// <summary>Runs many activities at once, whatever the machine.</summary>
    ManyAtOnce = 64,

    /// <summary>Queries come in the order of the ids.</summary>
    OrdersQueries = 128,

    /// <summary>A start can wait for its time.</summary>
    StartsLater = 256,

    /// <summary>A child whose id is taken fails the call.</summary>
    RefusesTakenChildren = 512,

    /// <summary>A parent is told why its child was terminated.</summary>
    TellsTerminatedChildren = 1024,

    /// <summary>A crash leaves the order of the events as it was, and none comes twice.</summary>
    KeepsEventsInOrder = 2048,

    /// <summary>Keeps an event that comes before its instance has run for the first time, whatever crashes.</summary>
    KeepsEarlyEvents = 4096,

    /// <summary>Events that nobody read go over to the next generation.</summary>
    CarriesUnreadEvents = 8192,

    /// <summary>Timers fire in the order of their times, also where they are overdue together.</summary>
    OrdersTimers = 16384,

    All = MovableClock | Crashes | SeesDrift | KnowsNames | LeavesWork | TracksChildren | ManyAtOnce | OrdersQueries
        | StartsLater | RefusesTakenChildren | TellsTerminatedChildren | KeepsEventsInOrder | KeepsEarlyEvents | CarriesUnreadEvents
        | OrdersTimers,
}
