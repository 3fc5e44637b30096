using Rotunda.Rotation.Catalog;

namespace Rotunda.Rotation.Scheduling;

/// <summary>When scheduled rotations may start: while the window is open, and no change freeze holds.</summary>
public static class Openings
{
    /// <summary>More freezes than that in a row are as good as for ever.</summary>
    private const int MostInARow = 1000;

    public static bool IsOpen(Policy policy, DateTimeOffset now) => IsInWindow(policy, now) && FreezeAt(policy, now) is null;

    public static bool IsInWindow(Policy policy, DateTimeOffset now) =>
        policy.Window is not { } window || RotationWindows.IsOpen(window, now);

    /// <summary>The freeze that holds; of several the one that ends last. Null if none does.</summary>
    public static ChangeFreeze? FreezeAt(Policy policy, DateTimeOffset now) =>
        policy.Freezes.Where(freeze => freeze.From <= now && now < freeze.Until).MaxBy(freeze => freeze.Until);

    /// <summary>The instant itself if a rotation may start then, else when one may next; null if none may within a year and a week of
    /// windows.</summary>
    public static DateTimeOffset? Next(Policy policy, DateTimeOffset at)
    {
        DateTimeOffset? next = at;
        for (var times = 0; times < MostInARow; times++)
        {
            if (next == DateTimeOffset.MaxValue)
            {
                return null;
            }
            next = policy.Window is { } window ? RotationWindows.NextOpening(window, next.Value) : next;
            if (next is not { } opens || FreezeAt(policy, opens) is not { } freeze)
            {
                return next;
            }
            next = freeze.Until;
        }
        return null;
    }

    /// <summary>True if a rotation that could start from <paramref name="ready"/> on has had an opening that is over.</summary>
    public static bool IsMissed(Policy policy, DateTimeOffset ready, DateTimeOffset now) => policy.Window is { } window
        && Next(policy, ready) is { } opened
        && RotationWindows.NextClosing(window, opened) <= now;
}
