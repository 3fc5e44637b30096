using Rotunda.Api.Views;
using Rotunda.Calendar.Due;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>Which group a secret is in: what fails, is missing or has drifted says more than its schedule.</summary>
internal static class SecretGroups
{
    /// <param name="credentials">All of the secret's; they matter only while a rotation is open.</param>
    /// <param name="holds">What it waits for beside its own schedule.</param>
    /// <param name="worst">What the doctor found of it; null if nothing.</param>
    public static SecretStanding Of(
        Policy policy,
        SecretRecord? secret,
        RotationRecord? open,
        IReadOnlyList<CredentialRecord> credentials,
        ScheduleHolds holds,
        DoctorFinding? worst,
        DateTimeOffset now)
    {
        var status = WithFinding(ScheduleStatus.Of(policy, holds.On(policy, Schedules.Of(secret, open?.State)), now), worst);
        var missing = status.Group == ScheduleGroup.Stuck ? [] : NotDelivered.Of(policy, secret, open, credentials);
        var group = missing.Count > 0 ? ScheduleGroup.NotDelivered
            : HasDrifted(secret, status.Group) ? ScheduleGroup.Drifted
            : NeedsReview(secret, status.Group) ? ScheduleGroup.NeedsReview
            : status.Group;
        return new SecretStanding(group, status, missing);
    }

    /// <summary>What runs, or needs a person already, says more than that its targets have drifted; and what was seen before the last
    /// rotation brought its value there is seen again by the next look.</summary>
    public static bool HasDrifted(SecretRecord? secret, ScheduleGroup group) =>
        secret?.Drift is { Drifted.Count: > 0 } drift
        && !(secret.LastRotatedAt > drift.LookedAt)
        && group is ScheduleGroup.DueSoon or ScheduleGroup.UpToDate or ScheduleGroup.Running;

    /// <summary>What runs, or is wrong with the secret itself, comes first.</summary>
    public static bool NeedsReview(SecretRecord? secret, ScheduleGroup group) =>
        secret?.ReviewOf is not null && group is ScheduleGroup.DueSoon or ScheduleGroup.UpToDate;

    /// <summary>What would keep a rotation from starting, or from ending well, is no good standing, whatever the schedule says.</summary>
    private static ScheduleStatus WithFinding(ScheduleStatus status, DoctorFinding? worst) =>
        status.Group is ScheduleGroup.DueSoon or ScheduleGroup.UpToDate && worst is { Level: FindingLevel.Problem }
            ? status with
            {
                Group = ScheduleGroup.NotReady,
                Message = $"{worst.Area}{(worst.Part is null ? "" : " " + worst.Part)}: {worst.Message}",
            }
            : status;
}

/// <param name="Status">By the schedule and the doctor.</param>
/// <param name="Missing">Targets that never got the value of the rotation under way.</param>
internal sealed record SecretStanding(ScheduleGroup Group, ScheduleStatus Status, IReadOnlyList<string> Missing);
