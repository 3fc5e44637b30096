using System.Text.Json.Serialization;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Scheduling;

/// <summary>The groups of the status. <see cref="ScheduleStatus.RankOf"/> says which is the most urgent.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScheduleGroup>))]
public enum ScheduleGroup
{
    [JsonStringEnumMemberName("overdue")] Overdue = 0,
    [JsonStringEnumMemberName("stuck")] Stuck = 1,
    [JsonStringEnumMemberName("waiting-for-approval")] WaitingForApproval = 2,
    [JsonStringEnumMemberName("running")] Running = 3,
    [JsonStringEnumMemberName("not-adopted")] NotAdopted = 4,
    /// <summary>A rotation could not start, or not end well: a reference leads nowhere, a target or a value cannot be reached.</summary>
    [JsonStringEnumMemberName("not-ready")] NotReady = 5,
    /// <summary>A target, or the provider, does not hold the value in use.</summary>
    [JsonStringEnumMemberName("drifted")] Drifted = 6,
    [JsonStringEnumMemberName("due-soon")] DueSoon = 7,
    [JsonStringEnumMemberName("up-to-date")] UpToDate = 8,
    /// <summary>It left the catalog, and has live credentials that nobody rotates.</summary>
    [JsonStringEnumMemberName("not-in-catalog")] NotInCatalog = 9,
    /// <summary>A target of the catalog never got the value of the rotation under way, whose revoke is held.</summary>
    [JsonStringEnumMemberName("not-delivered")] NotDelivered = 10,
    /// <summary>A person is to give a value, or to end the old one.</summary>
    [JsonStringEnumMemberName("needs-value")] NeedsValue = 11,
    /// <summary>An emergency went without approval, and people still have to look at it.</summary>
    [JsonStringEnumMemberName("needs-review")] NeedsReview = 12,
}

/// <summary>Where a secret stands against its schedule, for people.</summary>
/// <param name="NextAt">When it rotates next by schedule, as far as is known.</param>
public sealed record ScheduleStatus(ScheduleGroup Group, string Message, DateTimeOffset? DueAt, DateTimeOffset? NextAt)
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private static readonly ScheduleGroup[] Order =
    [
        ScheduleGroup.Overdue, ScheduleGroup.Stuck, ScheduleGroup.NotDelivered, ScheduleGroup.Drifted, ScheduleGroup.NeedsValue,
        ScheduleGroup.WaitingForApproval, ScheduleGroup.NeedsReview,
        ScheduleGroup.Running, ScheduleGroup.NotReady, ScheduleGroup.NotAdopted, ScheduleGroup.NotInCatalog, ScheduleGroup.DueSoon,
        ScheduleGroup.UpToDate,
    ];

    /// <summary>The place of a group among all: the most urgent is 0.</summary>
    public static int RankOf(ScheduleGroup group) => Array.IndexOf(Order, group);

    public static ScheduleStatus Of(Policy policy, SecretSchedule schedule, DateTimeOffset now)
    {
        var decision = RotationSchedule.Decide(policy, schedule, now);
        return new ScheduleStatus(
            GroupOf(policy, schedule, decision, now),
            decision.Message,
            decision.DueAt,
            decision.Rotate ? now : decision.NextAt);
    }

    private static ScheduleGroup GroupOf(Policy policy, SecretSchedule schedule, RotationDecision decision, DateTimeOffset now)
    {
        if (schedule.ActiveRotationId is not null)
        {
            return schedule.ActiveState switch
            {
                RotationState.Stuck => ScheduleGroup.Stuck,
                RotationState.WaitingForValue or RotationState.WaitingForRevoke => ScheduleGroup.NeedsValue,
                RotationState.WaitingForApproval => ScheduleGroup.WaitingForApproval,
                _ => ScheduleGroup.Running,
            };
        }
        if (decision.Reason == DecisionReasons.NotAdopted)
        {
            return ScheduleGroup.NotAdopted;
        }
        if (decision.DueAt is not { } due)
        {
            return ScheduleGroup.UpToDate;
        }
        if (schedule.Lease is { IsFailing: true })
        {
            return ScheduleGroup.NotReady;
        }
        var slack = Slack(policy, schedule);
        // Waiting for its window is as planned; being late counts from when it could have started.
        var expected = Openings.Next(policy, schedule.PauseOf(policy) is { } pause && pause.Until > due ? pause.Until : due) ?? due;
        if (now > expected + slack)
        {
            return ScheduleGroup.Overdue;
        }
        return now >= due - slack ? ScheduleGroup.DueSoon : ScheduleGroup.UpToDate;
    }

    /// <summary>A tenth of the interval, at most a day (and a day without one): how long before the due time it is due soon, and
    /// how long after it overdue.</summary>
    private static TimeSpan Slack(Policy policy, SecretSchedule schedule)
    {
        if (schedule is { Lease: not null, EndsAt: { } end, EndsFrom: { } from } && (end - from) / 20 is var part && part < Day)
        {
            return part > TimeSpan.Zero ? part : TimeSpan.Zero;
        }
        return policy.Interval / 10 is { } tenth && tenth < Day ? tenth : Day;
    }
}
