namespace Rotunda.Rotation.Scheduling;

/// <summary>Whether a secret must rotate by schedule now, and why.</summary>
/// <param name="Reason">One of <see cref="DecisionReasons"/>.</param>
/// <param name="Message">For people.</param>
/// <param name="DueAt">When it is, or was, due; null if it never is.</param>
/// <param name="NextAt">When to look again at the latest, if that is known and not now.</param>
/// <param name="StartKey">The same for every look at the same due rotation: start at most once per key. Null unless it must rotate.</param>
public sealed record RotationDecision(
    bool Rotate, string Reason, string Message, DateTimeOffset? DueAt = null, DateTimeOffset? NextAt = null, string? StartKey = null);

/// <summary>Stable words, for logs, metrics and the status.</summary>
public static class DecisionReasons
{
    public const string OnRequest = "on-request";
    public const string NotAdopted = "not-adopted";
    public const string UnderWay = "under-way";
    public const string NotDue = "not-due";
    public const string BackingOff = "backing-off";
    public const string WindowClosed = "window-closed";
    public const string Paused = "paused";
    /// <summary>Another secret comes first.</summary>
    public const string Held = "held";
    public const string Frozen = "frozen";
    /// <summary>Its window is over, and the policy asks a person then.</summary>
    public const string MissedRun = "missed";
    public const string Due = "due";
}
