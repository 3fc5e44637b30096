namespace Rotunda.Testing.EngineConformance;

/// <summary>What an engine (or the host it is tested in) can do beyond what all of them promise. A case that needs more is skipped.</summary>
[Flags]
public enum EngineTraits
{
    None = 0,

    /// <summary>Runs on the clock it is given.</summary>
    MovableClock = 1,

    /// <summary>Its storage outlives a crash.</summary>
    Crashes = 2,

    /// <summary>Reports code that awaits what is not the context's, or does not fit its history, as stuck.</summary>
    SeesDrift = 4,

    /// <summary>Its client refuses names that nobody registered.</summary>
    KnowsNames = 8,

    /// <summary>An orchestration ends although a child or an activity that it started has not.</summary>
    LeavesWork = 16,

    /// <summary>A child can be looked up as soon as it is started, and one whose id is taken fails the call.</summary>
    TracksChildren = 32,

    /// <summary>Runs many activities at once, whatever the machine.</summary>
    ManyAtOnce = 64,

    /// <summary>Queries come in the order of the ids.</summary>
    OrdersQueries = 128,

    All = MovableClock | Crashes | SeesDrift | KnowsNames | LeavesWork | TracksChildren | ManyAtOnce | OrdersQueries,
}
