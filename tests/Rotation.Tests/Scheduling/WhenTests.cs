using Rotunda.Calendar.Due;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Tests.Scheduling;

/// <summary>What else than an interval and a window says when a secret rotates.</summary>
public sealed class WhenTests
{
    private static readonly DateTimeOffset Start = At("2026-03-02");
    private static readonly DateTimeOffset Due = Start.AddDays(30);
    private static readonly SecretSchedule Known = new(Start, null);
    private static readonly Policy Monthly = Samples.Policy(Strategy.Overlap, "keys");
    private static readonly RotationWindow Nights = new([], new TimeOnly(1, 0), new TimeOnly(3, 0));

    [Theory]
    [InlineData("0 3 1 * *", "UTC", "2026-04-01 03:00")]
    // The clocks go forward on 29 March: 02:30 is not there, and 03:00 is the moment after.
    [InlineData("30 2 29 3 *", "Europe/Berlin", "2026-03-29 01:00")]
    // They go back on 25 October: the first 02:30 counts.
    [InlineData("30 2 25 10 *", "Europe/Berlin", "2026-10-25 00:30")]
    [InlineData("@yearly", "UTC", "2027-01-01 00:00")]
    public void Cron_names_the_moments(string expression, string zone, string due)
    {
        var policy = Monthly with { Interval = null, Cron = new CronRule(expression, zone) };
        Assert.Equal(At(due), RotationSchedule.DueAt(policy, Known));
        Assert.Equal(DecisionReasons.NotDue, Reason(policy, Known, At(due).AddTicks(-1)));
        Assert.Equal(DecisionReasons.Due, Reason(policy, Known, At(due)));
    }

    [Fact]
    public void A_rotation_by_hand_does_not_move_the_moments_of_cron()
    {
        var policy = Monthly with { Interval = null, Cron = new CronRule("0 3 1 * *") };
        Assert.Equal(At("2026-05-01 03:00"), RotationSchedule.DueAt(policy, Known with { LastRotatedAt = At("2026-04-20") }));
    }

    [Fact]
    public void Jitter_puts_off_by_the_same_at_every_look_and_spreads_over_secrets()
    {
        var policies =
            Enumerable.Range(0, 500).Select(n => Monthly with { Name = $"secret-{n}", Jitter = TimeSpan.FromHours(10) }).ToList();
        var due = policies.Select(policy => RotationSchedule.DueAt(policy, Known)!.Value).ToList();

        Assert.Equal(due, policies.Select(policy => RotationSchedule.DueAt(policy, Known)!.Value));
        Assert.All(due, at => Assert.InRange(at, Due, Due.AddHours(10)));
        Assert.All(due.CountBy(at => (int)(at - Due).TotalHours), hour => Assert.InRange(hour.Value, 25, 80));
    }

    [Fact]
    public void A_change_freeze_is_waited_out_and_named()
    {
        var policy = Monthly with { Freezes = [new("release", Due.AddDays(-1), Due.AddDays(3)), new("audit", Due, Due.AddDays(5))] };
        var waits = RotationSchedule.Decide(policy, Known, Due.AddDays(1));

        Assert.Equal((DecisionReasons.Frozen, Due.AddDays(5)), (waits.Reason, waits.NextAt));
        Assert.Equal("Due, and waits for the end of the change freeze audit at 2026-04-06 00:00 UTC.", waits.Message);
        Assert.Equal(DecisionReasons.Due, Reason(policy, Known, Due.AddDays(5)));
        Assert.NotEqual(ScheduleGroup.Overdue, ScheduleStatus.Of(policy, Known, Due.AddDays(5.5)).Group);
    }

    [Fact]
    public void A_window_in_a_freeze_is_none()
    {
        var policy = Monthly with { Window = Nights, Freezes = [new("release", Due, Due.AddDays(2).AddHours(2))] };
        Assert.Equal(Due.AddDays(2).AddHours(2), RotationSchedule.Decide(policy, Known, Due).NextAt);
        Assert.Equal(Due.AddDays(3).AddHours(1), Openings.Next(policy with { Freezes = [new("r", Due, Due.AddDays(2).AddHours(3))] }, Due));
    }

    [Theory]
    [InlineData(MissedRun.NextWindow, DecisionReasons.WindowClosed)]
    [InlineData(MissedRun.AtOnce, DecisionReasons.Due)]
    [InlineData(MissedRun.Ask, DecisionReasons.MissedRun)]
    public void A_missed_window_is_made_up_for_as_the_policy_says(MissedRun missed, string reason)
    {
        var policy = Monthly with { Window = Nights, Missed = missed };
        Assert.Equal(DecisionReasons.WindowClosed, Reason(policy, Known, Due.AddMinutes(30)));
        Assert.Equal(DecisionReasons.Due, Reason(policy, Known, Due.AddHours(2)));
        Assert.Equal(reason, Reason(policy, Known, Due.AddHours(3)));
        // A freeze is not a window.
        var frozen = policy with { Freezes = [new("release", Due.AddHours(3), Due.AddHours(9))] };
        Assert.NotEqual(DecisionReasons.Due, Reason(frozen, Known, Due.AddHours(4)));
    }

    [Fact]
    public void What_could_not_start_for_a_failure_has_not_missed_its_window()
    {
        var policy = Monthly with { Window = Nights, Missed = MissedRun.AtOnce };
        var failed = Known with { ConsecutiveFailures = 1, LastFailedAt = Due.AddHours(2.5) };
        Assert.Equal(DecisionReasons.WindowClosed, Reason(policy, failed, Due.AddHours(4)));
    }

    [Fact]
    public void A_pause_ends_by_itself()
    {
        var policy = Monthly with { Paused = new SchedulePause(Due.AddDays(4), "migration") };
        var waits = RotationSchedule.Decide(policy, Known, Due.AddDays(1));
        Assert.Equal("Due, and paused until 2026-04-05 00:00 UTC (migration).", waits.Message);
        Assert.Equal((DecisionReasons.Paused, Due.AddDays(4)), (waits.Reason, waits.NextAt));
        Assert.Equal(DecisionReasons.Due, Reason(policy, Known, Due.AddDays(4)));
        Assert.NotEqual(ScheduleGroup.Overdue, ScheduleStatus.Of(policy, Known, Due.AddDays(3)).Group);
    }

    [Fact]
    public void What_ends_by_itself_before_the_wait_is_over_does_not_wait()
    {
        var ends = new SecretSchedule(Start, Start) { EndsAt = Due.AddDays(5), EndsFrom = Start };
        var due = Due.AddDays(-2);
        Policy[] closed =
        [
            Monthly with { Freezes = [new("year-end", due, Due.AddDays(9))] },
            Monthly with { Paused = new SchedulePause(Due.AddDays(9), "migration") },
            Monthly with { Window = Nights with { Days = [Due.AddDays(8).DayOfWeek] }, Freezes = [new("f", due, Due.AddDays(6))] },
        ];
        Assert.All(closed, policy => Assert.Equal(DecisionReasons.Due, Reason(policy, ends, due)));
        // One that lives longer than the wait waits as ever.
        Assert.All(closed, policy => Assert.NotEqual(
            DecisionReasons.Due, Reason(policy with { RenewBefore = TimeSpan.FromDays(40) }, ends with { EndsAt = Due.AddDays(20) }, due)));

        // Nobody knows how long another secret takes: it is waited for until a day before.
        var held = ends with { HeldBy = new ScheduleHold("staging has to rotate first", null) };
        Assert.Equal(DecisionReasons.Held, Reason(Monthly, held, Due.AddDays(4).AddTicks(-1)));
        Assert.Equal(DecisionReasons.Due, Reason(Monthly, held, Due.AddDays(4)));
        Assert.Equal(Due.AddDays(4), ComingRuns.Of(Monthly, held, due).First().StartsAt);
    }

    [Fact]
    public void A_cron_that_never_comes_is_no_schedule()
    {
        var never = Monthly with { Interval = null, Cron = new CronRule("0 0 30 2 *") };
        Assert.Equal(DecisionReasons.OnRequest, Reason(never, Known, Due));
        Assert.Empty(ComingRuns.Of(never, Known, Due));
    }

    [Fact]
    public void A_window_that_passed_in_a_pause_is_not_missed()
    {
        var pause = new SchedulePause(Due.AddDays(2).AddHours(12), "p");
        var policy = Monthly with { Window = Nights, Missed = MissedRun.AtOnce, Paused = pause };
        Assert.Equal(DecisionReasons.WindowClosed, Reason(policy, Known, Due.AddDays(2).AddHours(13)));
    }

    [Fact]
    public void On_compromise_only_says_how() => Assert.Equal(
        "It rotates when it is compromised: rotunda rotate orders-db --emergency --incident REF.",
        RotationSchedule.Decide(Monthly with { Interval = null, OnCompromise = true }, Known, Due).Message);

    [Fact]
    public void Coming_runs_say_what_puts_each_off()
    {
        var policy = Monthly with
        {
            Window = Nights,
            Freezes = [new("year-end", At("2026-04-20"), At("2026-05-04"))],
            Paused = new SchedulePause(At("2026-04-02"), "migration"),
        };
        var runs = ComingRuns.Of(policy, Known, Start.AddDays(1)).Take(3).ToList();

        Assert.Equal([At("2026-04-02 01:00"), At("2026-05-04 01:00"), At("2026-06-03 01:00")], runs.Select(run => run.StartsAt));
        Assert.Equal(["paused: migration", "window daily 01:00-03:00 UTC"], runs[0].Why);
        Assert.Equal(["change freeze year-end until 2026-05-04 00:00 UTC", "window daily 01:00-03:00 UTC"], runs[1].Why);
        Assert.Empty(runs[2].Why);
    }

    [Fact]
    public void A_run_that_waits_for_nobody_knows_what_has_no_time()
    {
        var held = Known with { HeldBy = new ScheduleHold("staging-db has to rotate first", null) };
        var run = Assert.Single(ComingRuns.Of(Monthly, held, Due));
        Assert.Null(run.StartsAt);
        Assert.Equal(["staging-db has to rotate first"], run.Why);
        Assert.Empty(ComingRuns.Of(Monthly with { Interval = null }, Known, Due));
    }

    [Fact]
    public void A_run_that_is_told_is_the_run_that_starts()
    {
        // Whatever the policy: the first moment at which the schedule starts it is the one that was told.
        var random = new Random(7);
        for (var seed = 0; seed < 300; seed++)
        {
            var policy = Monthly with
            {
                Name = $"s{seed}",
                Interval = seed % 2 == 0 ? TimeSpan.FromDays(random.Next(2, 40)) : null,
                Cron = seed % 2 == 0
                    ? null
                    : new CronRule($"{random.Next(60)} {random.Next(24)} {random.Next(1, 28)} * *", "Europe/Berlin"),
                Jitter = TimeSpan.FromHours(random.Next(0, 12)),
                Window = random.Next(3) == 0
                    ? null
                    : new RotationWindow([DayOfWeek.Monday, DayOfWeek.Sunday], new(22, 0), new(4, 0), "Europe/Berlin"),
                Freezes = [new("f", Start.AddDays(random.Next(40)), Start.AddDays(random.Next(40, 60)))],
                Paused = random.Next(2) == 0 ? null : new SchedulePause(Start.AddDays(random.Next(70)), "p"),
            };
            var known = random.Next(3) > 0 ? Known : Known with { EndsAt = Start.AddDays(random.Next(8, 60)), EndsFrom = Start };
            var told = ComingRuns.Of(policy, known, Start).First().StartsAt!.Value;
            Assert.NotEqual(DecisionReasons.Due, Reason(policy, known, told.AddMinutes(-1)));
            Assert.Equal(DecisionReasons.Due, Reason(policy, known, told));
        }
    }

    private static string Reason(Policy policy, SecretSchedule schedule, DateTimeOffset now)
    {
        var decision = RotationSchedule.Decide(policy, schedule, now);
        // A sweep asks no further of what is far off.
        Assert.False(decision.Rotate && RotationSchedule.IsFarOff(policy, schedule, now));
        return decision.Reason;
    }

    private static DateTimeOffset At(string utc) => DateTimeOffset.Parse(utc + "Z", System.Globalization.CultureInfo.InvariantCulture);
}
