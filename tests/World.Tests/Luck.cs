namespace Rotunda.World.Tests;

/// <summary>
/// Chance from a seed and a name: each question has a name of its own, so that what is left out of a world changes nothing of the luck of
/// what stays. That is what lets a failing seed shrink.
/// </summary>
internal sealed class Luck(long seed)
{
    /// <summary>Evenly from 0 to 1, 1 not included.</summary>
    public double Share(string name) => (Bits(name) >> 11) * (1.0 / (1UL << 53));

    public bool Is(string name, double share) => Share(name) < share;

    /// <summary>At least 0, less than the bound.</summary>
    public int Below(string name, int bound) => (int)(Bits(name) % (ulong)bound);

    public T Of<T>(string name, params ReadOnlySpan<T> some) => some[Below(name, some.Length)];

    /// <summary>Whole seconds, evenly.</summary>
    public TimeSpan Between(string name, TimeSpan least, TimeSpan most) =>
        least + TimeSpan.FromSeconds(Math.Floor((most - least).TotalSeconds * Share(name)));

    private ulong Bits(string name)
    {
        unchecked
        {
            var hash = 14695981039346656037UL ^ ((ulong)seed * 0x9E3779B97F4A7C15);
            foreach (var letter in name)
            {
                hash = (hash ^ letter) * 1099511628211UL;
            }

            hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
            hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
            return hash ^ (hash >> 31);
        }
    }
}
