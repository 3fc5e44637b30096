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
    public static IEnumerable<string> Problems(RotationCatalog catalog, DateTimeOffset now) => Problems(catalog.Policies.Values, now);

    /// <summary>The same of some of a catalog's secrets.</summary>
    public static IEnumerable<string> Problems(IEnumerable<Policy> policies, DateTimeOffset now)
    {
        // Very many secrets have the window and the freezes of the defaults, which are the same objects: those are looked through once.
        var known = new Dictionary<object, Dictionary<object, List<(DateTimeOffset From, DateTimeOffset? Until)>>>(
            ReferenceEqualityComparer.Instance);
        return from policy in policies
               where policy is not { Interval: null, Cron: null } && policy.Freezes.Count > 0
               let longest = policy.Interval ?? Usual
               from closed in Closed(policy, now, known)
                   .Where(closed => closed.Until is null || closed.Until - closed.From > longest).Take(1)
               select $"{policy.Name}.freezes: with its window they leave no room for a scheduled rotation from "
                   + $"{RotationSchedule.Show(closed.From)} {(closed.Until is { } until ? $"to {RotationSchedule.Show(until)}" : "on")}, "
                   + "longer than "
                   + $"{DurationText.Format(longest)}. Shorten a freeze, open the window on more days, or make the interval longer.";
    }

    private static List<(DateTimeOffset From, DateTimeOffset? Until)> Closed(
        Policy policy, DateTimeOffset now, Dictionary<object, Dictionary<object, List<(DateTimeOffset From, DateTimeOffset? Until)>>> known)
    {
        if (!known.TryGetValue(policy.Freezes, out var ofFreezes))
        {
            known[policy.Freezes] = ofFreezes = new(ReferenceEqualityComparer.Instance);
        }
        var window = policy.Window ?? (object)known;
        if (!ofFreezes.TryGetValue(window, out var closed))
        {
            var told = policy with { Freezes = [.. policy.Freezes.Where(freeze => !freeze.IsUnknown && freeze.Until > now)] };
            ofFreezes[window] = closed =
                [.. told.Freezes.Where(freeze => freeze.From < now.AddDays(365)).Select(freeze => Closed(told, freeze, now))];
        }
        return closed;
    }

    private static (DateTimeOffset From, DateTimeOffset? Until) Closed(Policy policy, ChangeFreeze freeze, DateTimeOffset now)
    {
        var from = freeze.From > now ? freeze.From : now;
        return (from, Openings.Next(policy, from));
    }
}
