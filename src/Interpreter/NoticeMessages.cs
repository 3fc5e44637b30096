using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>The names of what delivers notices, as histories hold them.</summary>
public static class NoticeNames
{
    public const string Orchestration = "DeliverNotice";
    public const string Activity = "SendNotice";

    /// <summary>What the ids of the instances begin with. No rotation's id has a colon.</summary>
    public const string InstancePrefix = "notice:";
}

/// <summary>Input of the orchestration that delivers one message by one channel.</summary>
/// <param name="Channel">Its name: its settings are read from the catalog in force at each attempt, so that a correction helps.</param>
/// <param name="NotBefore">When it may go out; null for at once.</param>
public sealed record NoticeDelivery(string Channel, NoticeMessage Message, DateTimeOffset? NotBefore);

/// <summary>Input of <see cref="NoticeNames.Activity"/>.</summary>
/// <param name="Attempt">1 for the first.</param>
/// <param name="GivenUp">Set when nothing is to be sent any more: puts on record why the last attempt failed.</param>
public sealed record NoticeAttempt(string Channel, NoticeMessage Message, int Attempt, string? GivenUp = null);

/// <summary>Status of a delivery that failed and is tried again.</summary>
public sealed record NoticeStatus(string Channel, int Attempts, string Reason);

/// <summary>A message could not be delivered within the time that it is tried.</summary>
public sealed class NoticeNotDeliveredException(string channel, string reason) : Exception($"{channel}: {reason}");
