using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;

namespace Rotunda.Api.Desk;

/// <summary>What is said of a secret whose scheduled rotations are paused.</summary>
internal static class Pauses
{
    /// <param name="ordered">What a person said by command; null for nothing.</param>
    public static SchedulePause? InForce(Policy policy, SchedulePause? ordered, DateTimeOffset now) =>
        new SecretSchedule(null, null) { Paused = ordered }.PauseOf(policy) is { } pause && pause.Until > now ? pause : null;

    /// <summary>Said once: where it is due, the schedule says it already.</summary>
    public static string Told(string message, SchedulePause? pause) =>
        pause is null || message.Contains("paused until", StringComparison.Ordinal)
            ? message
            : $"{message} Scheduled rotations are paused until {RotationSchedule.Show(pause.Until)} ({pause.Why}).";

    /// <summary>For the plan of a rotation that a person starts all the same.</summary>
    public static string Warning(SchedulePause pause, bool isEmergency) =>
        $"Scheduled rotations of it are paused until {RotationSchedule.Show(pause.Until)} ({pause.Why}). "
            + (isEmergency ? "An emergency goes ahead all the same." : "One that a person starts goes ahead all the same.");
}
