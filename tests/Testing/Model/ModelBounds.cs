namespace Rotunda.Testing.Model;

/// <summary>How far the search goes: how often each thing may happen on one path, and how many of them all together.</summary>
public sealed record ModelBounds
{
    /// <summary>Steps whose reply is lost, that are refused, or that are run again after a crash.</summary>
    public int Faults { get; init; } = 1;

    /// <summary>What people say.</summary>
    public int Words { get; init; } = 2;

    /// <summary>Emergencies that take over.</summary>
    public int Emergencies { get; init; } = 1;

    /// <summary>Orchestrations that are started anew from the ledger.</summary>
    public int CarryOvers { get; init; } = 1;

    /// <summary>All of these together.</summary>
    public int All { get; init; } = 3;

    /// <summary>The search stops, and says so, when it has seen so many states.</summary>
    public int States { get; init; } = int.MaxValue;
}
