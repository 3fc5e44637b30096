namespace Rotunda.Calendar.Simulation;

/// <summary>A promise of the schedule that did not hold.</summary>
/// <param name="At">By the server's clock.</param>
/// <param name="Promise">One of <see cref="Promises"/>.</param>
/// <param name="What">For people: what was seen.</param>
public sealed record BrokenPromise(DateTimeOffset At, string Secret, string Promise, string What);

/// <summary>What the schedule promises, in stable words.</summary>
public static class Promises
{
    public const string Window = "starts in its window only";
    public const string Freeze = "starts in no change freeze";
    public const string Pause = "starts in no pause";
    public const string Due = "starts when it is due, not before";
    public const string Pauses = "waits after a failure";
    public const string OneOfASecret = "one rotation of a secret at a time";
    public const string Group = "no more of a group at once than may be";
    public const string Staging = "staging first, and soaked";
    public const string OnceForADue = "one start for one due";
    public const string Cron = "each moment of a cron once, in the hours that daylight saving skips and repeats too";
    public const string Late = "a secret that may rotate rotates in time";

    public static IReadOnlyList<string> All { get; } =
        [Window, Freeze, Pause, Due, Pauses, OneOfASecret, Group, Staging, OnceForADue, Cron, Late];
}
