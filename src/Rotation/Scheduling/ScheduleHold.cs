namespace Rotunda.Rotation.Scheduling;

/// <summary>Why a secret that is due lets another one go first.</summary>
/// <param name="Why">For people, without a full stop.</param>
/// <param name="Until">When that is over, if it is known.</param>
public sealed record ScheduleHold(string Why, DateTimeOffset? Until);
