namespace Rotunda.Calendar.Simulation;

/// <summary>Chance from a seed: the same on every machine and in every release (SplitMix64).</summary>
internal sealed class Dice(long seed)
{
    private ulong _state = unchecked((ulong)seed);

    /// <summary>Another row of throws for each number, so that one secret's luck does not hang on another's.</summary>
    public static Dice For(long seed, int row) => new(unchecked((seed * 1_000_003) + row));

    /// <summary>At least 0, less than the bound.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    public bool Chance(double share) => (Next() >> 11) * (1.0 / (1UL << 53)) < share;

    public T Of<T>(params ReadOnlySpan<T> some) => some[Below(some.Length)];

    /// <summary>Whole minutes, both ends included.</summary>
    public TimeSpan Between(TimeSpan least, TimeSpan most) =>
        least + TimeSpan.FromMinutes(Below((int)(most - least).TotalMinutes + 1));

    private ulong Next()
    {
        unchecked
        {
            var z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
