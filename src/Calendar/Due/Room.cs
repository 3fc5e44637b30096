using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Calendar.Due;

/// <summary>Whether windows and change freezes leave room for scheduled rotations.</summary>
public static class Room
{
    private static readonly TimeSpan Usual = TimeSpan.FromDays(31);

    /// <summary>One sentence for each secret that may not start for longer than its interval (without one: a month), within the next
    /// year. Freezes whose times are not known yet are left out.</summary>
    public static IEnumerable<string> Problems(RotationCatalog catalog, DateTimeOffset now) =>
        from policy in catalog.Policies.Values
        where policy is not { Interval: null, Cron: null } && policy.Freezes.Count > 0
        let known = policy with { Freezes = [.. policy.Freezes.Where(freeze => !freeze.IsUnknown && freeze.Until > now)] }
        let longest = policy.Interval ?? Usual
        from closed in known.Freezes.Where(freeze => freeze.From < now.AddDays(365)).Select(freeze => Closed(known, freeze, now))
            .Where(closed => closed.Until is null || closed.Until - closed.From > longest).Take(1)
        select $"{policy.Name}.freezes: with its window they leave no room for a scheduled rotation from "
            + $"{RotationSchedule.Show(closed.From)} {(closed.Until is { } until ? $"to {RotationSchedule.Show(until)}" : "on")}, "
            + "longer than "
            + $"{DurationText.Format(longest)}. Shorten a freeze, open the window on more days, or make the interval longer.";

    private static (DateTimeOffset From, DateTimeOffset? Until) Closed(Policy policy, ChangeFreeze freeze, DateTimeOffset now)
    {
        var from = freeze.From > now ? freeze.From : now;
        return (from, Openings.Next(policy, from));
    }
}
