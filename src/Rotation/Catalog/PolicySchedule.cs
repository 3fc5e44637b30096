using System.Text.Json.Serialization;

namespace Rotunda.Rotation.Catalog;

/// <summary>What a secret's loss would mean: each class has a frequency of its own.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RiskClass>))]
public enum RiskClass
{
    /// <summary>30 days, unless the defaults say otherwise.</summary>
    [JsonStringEnumMemberName("high")] High = 0,
    /// <summary>Database passwords: 60 days.</summary>
    [JsonStringEnumMemberName("database")] Database = 1,
    /// <summary>API keys, and keys that sign tokens: 90 days.</summary>
    [JsonStringEnumMemberName("key")] Key = 2,
    /// <summary>180 days.</summary>
    [JsonStringEnumMemberName("low")] Low = 3,
    /// <summary>365 days.</summary>
    [JsonStringEnumMemberName("infrastructure")] Infrastructure = 4,
}

/// <summary>What becomes of a rotation that was due and whose window closed before it could start.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MissedRun>))]
public enum MissedRun
{
    /// <summary>It starts in the next window.</summary>
    [JsonStringEnumMemberName("next-window")] NextWindow = 0,
    /// <summary>It starts as soon as it can, outside the window too; a change freeze it still waits for.</summary>
    [JsonStringEnumMemberName("at-once")] AtOnce = 1,
    /// <summary>It does not start by itself: a person starts it.</summary>
    [JsonStringEnumMemberName("ask")] Ask = 2,
}

/// <summary>Fixed moments instead of an interval.</summary>
/// <param name="Expression">Minute, hour, day of month, month, day of week; or one of the macros such as @monthly.</param>
/// <param name="TimeZone">An IANA id.</param>
public sealed record CronRule(string Expression, string TimeZone = "UTC");

/// <summary>A time in which no scheduled rotation starts.</summary>
/// <param name="Name">For people: why.</param>
/// <param name="From">Inclusive.</param>
/// <param name="Until">Exclusive.</param>
public sealed record ChangeFreeze(string Name, DateTimeOffset From, DateTimeOffset Until)
{
    /// <summary>Where its times are read; until they are, nobody knows of them, and it holds. Null for one whose times are told.</summary>
    public FreezeFeed? Feed { get; init; }

    /// <summary>Nobody knows whether it holds, and so it does.</summary>
    public bool IsUnknown => Until == DateTimeOffset.MaxValue;
}

/// <summary>An iCalendar feed of change freezes.</summary>
/// <param name="Source">An https address, an absolute path, or a reference to an address.</param>
/// <param name="Authorization">A reference to the Authorization header; null for none.</param>
/// <param name="TimeZone">An IANA id, for days and times without a time zone.</param>
/// <param name="Every">How often it is read.</param>
/// <param name="TrustFor">How long the last good copy counts while it cannot be read.</param>
/// <param name="HoldUnread">No scheduled rotation starts while nobody knows what it says.</param>
public sealed record FreezeFeed(
    string Source, string? Authorization, string TimeZone, TimeSpan Every, TimeSpan TrustFor, bool HoldUnread)
{
    /// <summary>Https, or http on this very machine: nothing crosses a network in the clear.</summary>
    public static bool MayBeRead(Uri address) => address.UserInfo.Length == 0
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
}

/// <summary>Another secret that has to rotate first.</summary>
/// <param name="Secret">Its name: mostly the staging one of the same system.</param>
/// <param name="Soak">How long its rotation must have been over by then.</param>
public sealed record PrecedingSecret(string Secret, TimeSpan Soak);

/// <summary>Secrets of which only some may rotate at once.</summary>
/// <param name="AtOnce">How many of the group may be under way.</param>
/// <param name="Order">Where several are due, these go first, in this order.</param>
public sealed record RotationGroup(string Name, int AtOnce, IReadOnlyList<string> Order);

/// <summary>Scheduled rotations rest for a while.</summary>
/// <param name="Until">Exclusive.</param>
/// <param name="By">Who said so by command; null for the catalog.</param>
public sealed record SchedulePause(DateTimeOffset Until, string Reason, string? By = null)
{
    /// <summary>For people.</summary>
    public string Why => By is null ? Reason : $"by {By}: {Reason}";
}
