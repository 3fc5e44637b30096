using Rotunda.Calendar.Due;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;

namespace Rotunda.Calendar.Simulation;

/// <summary>What is played.</summary>
/// <param name="Catalog">Whose secrets.</param>
/// <param name="From">The first moment.</param>
/// <param name="Days">For how long.</param>
/// <param name="Seed">The same seed plays the same.</param>
public sealed record SimulationOptions(RotationCatalog Catalog, DateTimeOffset From, int Days, long Seed)
{
    /// <summary>By a secret's name, the others that do not move beside it: doors that are replaced in place.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Doors { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>False plays a world without faults: every rotation succeeds in minutes, and the server is always up.</summary>
    public bool Faults { get; init; } = true;

    /// <summary>The rules in force; another one to see that what it breaks is found.</summary>
    public Decide Decide { get; init; } = RotationSchedule.Decide;

    /// <summary>What a desk refuses of the starts by hand: a secret whose group has no room; null (no refusal) to see that this is
    /// found.</summary>
    public Func<RotationGroup, IReadOnlyList<string>, string?>? HandsKeep { get; init; } = GroupRoom.WhyFull;

    public DateTimeOffset Until => From.AddDays(Days);
}
