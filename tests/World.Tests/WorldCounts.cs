using System.Globalization;

namespace Rotunda.World.Tests;

/// <summary>What happened in a world, or in several.</summary>
internal sealed class WorldCounts
{
    public long Events { get; set; }

    public long Calls { get; set; }

    public long Starts { get; set; }

    public long Minted { get; set; }

    public long Ended { get; set; }

    public long Replays { get; set; }

    public SortedDictionary<string, long> Faults { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, long> Ends { get; } = new(StringComparer.Ordinal);

    public static void Add(SortedDictionary<string, long> counts, string name, long by = 1) =>
        counts[name] = counts.GetValueOrDefault(name) + by;

    public void Add(WorldCounts other)
    {
        (Events, Calls, Starts) = (Events + other.Events, Calls + other.Calls, Starts + other.Starts);
        (Minted, Ended, Replays) = (Minted + other.Minted, Ended + other.Ended, Replays + other.Replays);
        foreach (var (name, count) in other.Faults)
        {
            Add(Faults, name, count);
        }

        foreach (var (name, count) in other.Ends)
        {
            Add(Ends, name, count);
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"events {Events:N0}, calls {Calls:N0}, rotations {Starts:N0}, credentials made {Minted:N0} and ended {Ended:N0}, replays "
            + $"{Replays:N0}; faults: {Show(Faults)}; ends: {Show(Ends)}");

    private static string Show(SortedDictionary<string, long> counts) =>
        string.Join(", ", counts.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key} {one.Value:N0}")));
}
