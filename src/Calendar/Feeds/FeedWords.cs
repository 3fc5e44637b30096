using Rotunda.Rotation.Scheduling;

namespace Rotunda.Calendar.Feeds;

/// <summary>What is wrong with a feed, for people.</summary>
public static class FeedWords
{
    /// <summary>Why it cannot be read, how old the last good copy is, and what holds meanwhile.</summary>
    public static string Of(FeedState state, DateTimeOffset now) =>
        $"The feed of the change freeze '{state.Name}' cannot be read: {state.Problem ?? "its last good copy is too old."} "
            + $"{Copy(state, now)} "
            + (state.IsTrusted ? "It counts until a newer one is there."
                : state.Feed.HoldUnread
                    ? "Scheduled rotations of its secrets wait until it can be read; people and emergencies start as always."
                    : "Scheduled rotations go on, as its 'whenUnread' says.");

    private static string Copy(FeedState state, DateTimeOffset now) => state.ReadAt is { } at
        ? $"The last good copy is of {RotationSchedule.Show(at)}, {Math.Max(0, (now - at).TotalHours):0} hours ago."
        : "There is no good copy of it.";
}
