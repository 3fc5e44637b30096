using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Tests.Scheduling;

public sealed class RotationScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Due = Start.AddDays(30);
    private static readonly Policy Monthly = Samples.Policy(Strategy.Overlap, "keys");

    [Fact]
    public void Every_group_of_the_status_has_its_rank() => Assert.Equal(
        Enumerable.Range(0, Enum.GetValues<ScheduleGroup>().Length),
        Enum.GetValues<ScheduleGroup>().Select(ScheduleStatus.RankOf).Order());

    [Fact]
    public void Without_an_interval_it_rotates_on_request_only() =>
        Expect(DecisionReasons.OnRequest, Monthly with { Interval = null }, new SecretSchedule(Start, null), Due.AddYears(1));

    [Fact]
    public void What_is_not_adopted_does_not_rotate() => Expect(DecisionReasons.NotAdopted, Monthly, new SecretSchedule(null, null), Due);

    [Fact]
    public void Adoption_never_rotates_by_surprise()
    {
        var decision = Expect(DecisionReasons.NotDue, Monthly, new SecretSchedule(Start, null), Start);
        Assert.Equal(Due, decision.DueAt);
        Assert.Equal(Due, decision.NextAt);
    }

    [Fact]
    public void It_is_due_one_interval_after_the_last_rotation()
    {
        var schedule = new SecretSchedule(Start.AddYears(-1), Start);
        Expect(DecisionReasons.NotDue, Monthly, schedule, Due.AddTicks(-1));
        var decision = Expect(DecisionReasons.Due, Monthly, schedule, Due);
        Assert.Equal("schedule:2026-04-01T00:00:00.0000000Z", decision.StartKey);
        Assert.Equal("Due since 2026-04-01 00:00 UTC.", decision.Message);
    }

    [Fact]
    public void What_a_person_stopped_is_neither_overdue_nor_backing_off_and_due_again_when_told()
    {
        var stopped = new SecretSchedule(Start, Start, DueAgainAt: Due.AddDays(5));
        var decision = Expect(DecisionReasons.NotDue, Monthly, stopped, Due.AddDays(4));
        Assert.Equal("A person stopped the last rotation; due again at 2026-04-06 00:00 UTC.", decision.Message);
        Assert.Equal(ScheduleGroup.DueSoon, ScheduleStatus.Of(Monthly, stopped, Due.AddDays(4.5)).Group);

        // Another key than the one that was stopped, else it would be taken for the same start.
        Assert.Equal("schedule:2026-04-06T00:00:00.0000000Z", Expect(DecisionReasons.Due, Monthly, stopped, Due.AddDays(5)).StartKey);
    }

    [Fact]
    public void A_credential_that_ends_by_itself_is_due_some_time_before()
    {
        var ends = new SecretSchedule(Start, Start) { EndsAt = Start.AddDays(20), EndsFrom = Start };
        var decision = Expect(DecisionReasons.NotDue, Monthly, ends, Start.AddDays(1));
        Assert.Equal(Start.AddDays(13), decision.DueAt);
        Assert.Equal(
            "Due at 2026-03-15 00:00 UTC. The credential in use ends by itself at 2026-03-22 00:00 UTC.", decision.Message);
        Expect(DecisionReasons.Due, Monthly, ends, Start.AddDays(13));
        Assert.Equal(ScheduleGroup.Overdue, ScheduleStatus.Of(Monthly, ends, Start.AddDays(15)).Group);
        Assert.Equal(Start.AddDays(17), RotationSchedule.DueAt(Monthly with { RenewBefore = TimeSpan.FromDays(3) }, ends));
        // Never more than half of its life: a new one would be due at once.
        Assert.Equal(Start.AddDays(10), RotationSchedule.DueAt(Monthly with { RenewBefore = TimeSpan.FromDays(30) }, ends));
        Assert.Equal(Due, RotationSchedule.DueAt(Monthly, ends with { EndsAt = Start.AddDays(200) }));
    }

    [Fact]
    public void What_rotates_on_request_only_says_when_it_ends_and_is_late_then()
    {
        var policy = Monthly with { Interval = null };
        var ends = new SecretSchedule(Start, Start) { EndsAt = Start.AddDays(100), EndsFrom = Start };
        Assert.Equal(ScheduleGroup.UpToDate, ScheduleStatus.Of(policy, ends, Start.AddDays(90)).Group);
        Assert.Equal(ScheduleGroup.DueSoon, ScheduleStatus.Of(policy, ends, Start.AddDays(93)).Group);
        Assert.Equal(ScheduleGroup.Overdue, ScheduleStatus.Of(policy, ends, Start.AddDays(95)).Group);
        Assert.Contains("ends by itself at", Expect(DecisionReasons.OnRequest, policy, ends, Start.AddDays(95)).Message);
    }

    [Fact]
    public void What_is_put_off_to_before_its_time_is_due_at_its_time() =>
        Assert.Equal(Due, RotationSchedule.DueAt(Monthly, new SecretSchedule(Start, Start, DueAgainAt: Start.AddDays(2))));

    [Fact]
    public void The_start_key_is_the_same_at_every_look_and_in_every_offset()
    {
        var here = RotationSchedule.Decide(Monthly, new SecretSchedule(Start, Start), Due.AddHours(1));
        var there = RotationSchedule.Decide(Monthly, new SecretSchedule(Start, Start.ToOffset(TimeSpan.FromHours(2))), Due.AddHours(5));
        Assert.Equal(here.StartKey, there.StartKey);
    }

    [Fact]
    public void Nothing_starts_while_a_rotation_is_under_way() =>
        Expect(DecisionReasons.UnderWay, Monthly, new SecretSchedule(Start, null, "orders-db-1", RotationState.Grace), Due.AddDays(1));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(5, 16)]
    [InlineData(6, 24)]
    [InlineData(1000000, 24)]
    public void Failures_are_followed_by_longer_pauses(int failures, int hours)
    {
        var schedule = new SecretSchedule(Start, null, LastFailedAt: Due, ConsecutiveFailures: failures);
        var waits = Expect(DecisionReasons.BackingOff, Monthly, schedule, Due.AddHours(hours).AddTicks(-1));
        Assert.Equal(Due.AddHours(hours), waits.NextAt);
        var decision = Expect(DecisionReasons.Due, Monthly, schedule, Due.AddHours(hours));
        Assert.Equal($"schedule:2026-04-01T00:00:00.0000000Z#{failures}", decision.StartKey);
    }

    [Fact]
    public void Outside_its_window_it_waits_and_says_until_when()
    {
        // 2026-04-01 is a Wednesday.
        var policy = Monthly with { Window = new RotationWindow([DayOfWeek.Friday], new TimeOnly(9, 0), new TimeOnly(10, 0)) };
        var decision = Expect(DecisionReasons.WindowClosed, policy, new SecretSchedule(Start, null), Due);
        Assert.Equal(new DateTimeOffset(2026, 4, 3, 9, 0, 0, TimeSpan.Zero), decision.NextAt);
        Assert.Equal("Due, and waits for its window (Fri 09:00-10:00 UTC), which opens at 2026-04-03 09:00 UTC.", decision.Message);
        Expect(DecisionReasons.Due, policy, new SecretSchedule(Start, null), decision.NextAt!.Value);
        Assert.Equal(decision.NextAt, RotationSchedule.Decide(policy, new SecretSchedule(Start, null), Start).NextAt);
    }

    [Theory]
    [InlineData(0, ScheduleGroup.UpToDate)]
    [InlineData(28.9, ScheduleGroup.UpToDate)]
    [InlineData(29, ScheduleGroup.DueSoon)]
    [InlineData(31, ScheduleGroup.DueSoon)]
    [InlineData(31.1, ScheduleGroup.Overdue)]
    public void The_status_follows_the_schedule(double days, ScheduleGroup group) =>
        Assert.Equal(group, ScheduleStatus.Of(Monthly, new SecretSchedule(Start, null), Start.AddDays(days)).Group);

    [Theory]
    [InlineData(RotationState.Stuck, ScheduleGroup.Stuck)]
    [InlineData(RotationState.WaitingForApproval, ScheduleGroup.WaitingForApproval)]
    [InlineData(RotationState.Grace, ScheduleGroup.Running)]
    [InlineData(RotationState.RollingBack, ScheduleGroup.Running)]
    public void A_rotation_under_way_decides_the_status(RotationState state, ScheduleGroup group) =>
        Assert.Equal(group, ScheduleStatus.Of(Monthly, new SecretSchedule(Start, null, "orders-db-1", state), Due.AddDays(9)).Group);

    [Fact]
    public void Short_intervals_are_not_always_due_soon() =>
        Assert.Equal(
            ScheduleGroup.UpToDate,
            ScheduleStatus.Of(
                Monthly with { Interval = TimeSpan.FromHours(1) },
                new SecretSchedule(Start, null),
                Start.AddMinutes(53)).Group);

    [Fact]
    public void Waiting_for_its_window_is_not_overdue()
    {
        var policy = Monthly with { Window = new RotationWindow([DayOfWeek.Tuesday], new TimeOnly(9, 0), new TimeOnly(10, 0)) };
        Assert.Equal(ScheduleGroup.DueSoon, ScheduleStatus.Of(policy, new SecretSchedule(Start, null), Due.AddDays(5)).Group);
        Assert.Equal(ScheduleGroup.Overdue, ScheduleStatus.Of(policy, new SecretSchedule(Start, null), Due.AddDays(8)).Group);
    }

    [Fact]
    public void On_request_and_not_adopted_have_their_place()
    {
        Assert.Equal(
            ScheduleGroup.UpToDate,
            ScheduleStatus.Of(Monthly with { Interval = null }, new SecretSchedule(Start, null), Due).Group);
        Assert.Equal(ScheduleGroup.NotAdopted, ScheduleStatus.Of(Monthly, new SecretSchedule(null, null), Due).Group);
        Assert.Equal(
            ScheduleGroup.NotAdopted,
            ScheduleStatus.Of(Monthly with { Interval = null }, new SecretSchedule(null, null), Due).Group);
    }

    private static RotationDecision Expect(string reason, Policy policy, SecretSchedule schedule, DateTimeOffset now)
    {
        var decision = RotationSchedule.Decide(policy, schedule, now);
        Assert.Equal(reason, decision.Reason);
        Assert.Equal(reason == DecisionReasons.Due, decision.Rotate);
        var farOff = RotationSchedule.IsFarOff(policy, schedule, now);
        Assert.False(decision.Rotate && farOff);
        Assert.True(farOff || reason is not (DecisionReasons.NotDue or DecisionReasons.UnderWay or DecisionReasons.NotAdopted));
        Assert.Equal(decision.Rotate, decision.StartKey is not null);
        return decision;
    }
}
