using System.Buffers.Binary;
using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>How long to pause before another attempt. Pure: chance comes from an id of the context, the same at each replay.</summary>
internal static class Backoff
{
    /// <summary>The longest that a provider's own wish (Retry-After) is honoured.</summary>
    public static readonly TimeSpan LongestWish = TimeSpan.FromHours(1);

    private static readonly TimeSpan s_longestInEmergency = TimeSpan.FromSeconds(2);

    /// <param name="attempts">Made so far, at least 1.</param>
    /// <param name="wish">What the provider asked for. Honoured in an emergency too: sooner would only be refused again.</param>
    /// <param name="chance">A random id.</param>
    public static TimeSpan Pause(RetryBudget budget, int attempts, TimeSpan? wish, bool emergency, Guid chance)
    {
        var unit = Unit(chance);
        if (wish is { } asked && asked > TimeSpan.Zero)
        {
            // Never sooner than asked, and not all at once.
            return Least(asked * (1 + (0.2 * unit)), LongestWish);
        }

        var pause = Planned(budget, attempts) * (0.8 + (0.4 * unit));
        return emergency ? Least(pause, s_longestInEmergency) : pause;
    }

    /// <summary>The pauses of the whole budget together.</summary>
    public static TimeSpan Span(RetryBudget budget)
    {
        var span = TimeSpan.Zero;
        for (var attempt = 1; attempt < budget.Attempts; attempt++)
        {
            var pause = Planned(budget, attempt);
            if (pause >= budget.Max)
            {
                return span + (budget.Max * (budget.Attempts - attempt));
            }

            span += pause;
        }

        return span;
    }

    private static TimeSpan Planned(RetryBudget budget, int attempts)
    {
        var seconds = budget.First.TotalSeconds * Math.Pow(Math.Max(1, budget.Factor), attempts - 1);
        return seconds < budget.Max.TotalSeconds ? TimeSpan.FromSeconds(seconds) : budget.Max;
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static double Unit(Guid chance)
    {
        Span<byte> bytes = stackalloc byte[16];
        chance.TryWriteBytes(bytes);

        // The last eight bytes: the first hold an id's version bits.
        return (BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) >> 11) * (1.0 / (1UL << 53));
    }
}
