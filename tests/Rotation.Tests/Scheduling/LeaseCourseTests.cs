using System.Text.Json.Nodes;
using Rotunda.Calendar.Due;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Tests.Scheduling;

/// <summary>When leases are renewed and replaced.</summary>
public sealed class LeaseCourseTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly LeaseTerm Term = new(Now + Hour, true) { LastEnd = Now + (24 * Hour), Owner = "accessor" };

    private static readonly Policy Leased = new()
    {
        Name = "app", Strategy = Strategy.Leased, Provider = new ProviderBinding("leases", new JsonObject()),
    };

    [Fact]
    public void It_is_renewed_when_two_thirds_are_over_and_after_a_failure_again_and_again_also_past_its_end()
    {
        var state = LeaseCourse.Begin(Term, Now);
        Assert.Equal(Now.AddMinutes(40), LeaseCourse.NextAt(Record(state, Term.EndsAt)));

        var away = state;
        var tries = new List<TimeSpan>();
        for (var at = Now.AddMinutes(40); at < Now.AddMinutes(70); at = LeaseCourse.NextAt(Record(away, Term.EndsAt))!.Value)
        {
            away = LeaseCourse.Fails(away, Term.EndsAt, "sealed", isAway: true, at);
            tries.Add(at - Now);
        }

        Assert.InRange(tries.Count, 14, 20);
        Assert.Equal(Now.AddMinutes(40), away.FailingSince);
        Assert.Equal(Term.EndsAt, away.EndedAt);
        Assert.Equal(Term.EndsAt, away.Latest(Term.EndsAt));

        // It lives after all: Vault's clock was behind.
        var lives = LeaseCourse.Lives(away, Term with { EndsAt = Now.AddHours(2.2) }, Now.AddMinutes(71));
        Assert.False(lives.IsFailing);
        Assert.Null(lives.EndedAt);
    }

    [Fact]
    public void A_system_that_asks_to_wait_is_waited_for()
    {
        var state = LeaseCourse.Fails(
            LeaseCourse.Begin(Term, Now), Term.EndsAt, "busy", isAway: true, Now.AddMinutes(40), TimeSpan.FromMinutes(9));
        Assert.Equal(Now.AddMinutes(49), LeaseCourse.NextAt(Record(state, Term.EndsAt)));
    }

    [Fact]
    public void Less_than_was_asked_for_is_the_maximum_whatever_was_told_of_it()
    {
        var state = LeaseCourse.Lives(
            LeaseCourse.Begin(Term, Now), Term with { EndsAt = Now.AddMinutes(70) }, Now.AddMinutes(40));
        Assert.False(state.Renewable);
        Assert.Equal(Now.AddMinutes(70), state.Latest(Now.AddMinutes(70)));
        var again = LeaseCourse.Lives(LeaseCourse.Begin(Term, Now), Term with { EndsAt = Now.AddMinutes(99.9) }, Now.AddMinutes(40));
        Assert.True(again.Renewable);
        Assert.Equal(Term.LastEnd, again.Latest(Now.AddMinutes(99.9)));
    }

    [Fact]
    public void One_that_is_gone_or_never_renewed_ends_at_its_own_end()
    {
        var never = LeaseCourse.Begin(Term with { Renewable = false }, Now);
        Assert.Equal(Term.EndsAt, never.Latest(Term.EndsAt));
        var gone = LeaseCourse.Gone(LeaseCourse.Begin(Term, Now), Term.EndsAt, "revoked", Now.AddMinutes(10));
        Assert.Equal(Now.AddMinutes(10), gone.Latest(Term.EndsAt));
        Assert.Null(LeaseCourse.NextAt(Record(gone, Term.EndsAt)));
    }

    [Fact]
    public void It_is_due_before_its_last_end_without_an_interval_and_at_once_when_it_has_ended()
    {
        var schedule = Schedule(LeaseCourse.Begin(Term, Now), Term.LastEnd!.Value);
        var decision = RotationSchedule.Decide(Leased, schedule, Now);
        Assert.Equal(DecisionReasons.NotDue, decision.Reason);
        Assert.InRange(decision.DueAt!.Value, Now.AddHours(10), Now.AddHours(12));
        Assert.Contains("The lease in use ends at 2026-01-06 08:00 UTC at the latest.", decision.Message);
        Assert.True(RotationSchedule.Decide(Leased, schedule, Now.AddHours(12)).Rotate);

        var gone = LeaseCourse.Gone(schedule.Lease, Term.EndsAt, "somebody revoked it", Now.AddMinutes(10));
        var ended = RotationSchedule.Decide(
            Leased with { Window = new RotationWindow([DayOfWeek.Sunday], new TimeOnly(1, 0), new TimeOnly(2, 0)) },
            Schedule(gone, Now.AddMinutes(10)), Now.AddMinutes(11));
        Assert.True(ended.Rotate, ended.Message);
        Assert.Contains("has ended", ended.Message);
    }

    [Fact]
    public void Nothing_starts_at_a_provider_that_does_not_answer_and_the_pause_after_a_failure_is_short()
    {
        var away = LeaseCourse.Fails(LeaseCourse.Begin(Term, Now), Term.EndsAt, "Vault is sealed.", isAway: true, Now.AddMinutes(70));
        var held = RotationSchedule.Decide(Leased, Schedule(away, Term.EndsAt), Now.AddMinutes(70));
        Assert.Equal(DecisionReasons.Held, held.Reason);
        Assert.Equal(ScheduleGroup.NotReady, ScheduleStatus.Of(Leased, Schedule(away, Term.EndsAt), Now.AddMinutes(70)).Group);

        var refused = LeaseCourse.Fails(LeaseCourse.Begin(Term, Now), Term.EndsAt, "403", isAway: false, Now.AddMinutes(70));
        var failed = Schedule(refused, Term.EndsAt) with { ConsecutiveFailures = 3, LastFailedAt = Now.AddMinutes(70) };
        Assert.Equal(DecisionReasons.BackingOff, RotationSchedule.Decide(Leased, failed, Now.AddMinutes(74)).Reason);
        Assert.True(RotationSchedule.Decide(Leased, failed, Now.AddMinutes(76)).Rotate);
    }

    [Fact]
    public void Without_a_lease_it_waits_for_a_person_and_the_runs_to_come_go_by_its_life()
    {
        var none = RotationSchedule.Decide(Leased, new SecretSchedule(Now, null), Now);
        Assert.False(none.Rotate);
        Assert.Contains("It has no lease yet.", none.Message);

        var runs = ComingRuns.Of(Leased, Schedule(LeaseCourse.Begin(Term, Now), Term.LastEnd!.Value), Now).Take(5).ToList();
        Assert.Equal(5, runs.Count);
        Assert.All(runs.Zip(runs.Skip(1)), pair => Assert.InRange(pair.Second.DueAt - pair.First.DueAt, 10 * Hour, 12 * Hour));
    }

    [Fact]
    public void Any_credential_that_ends_before_its_interval_is_over_is_due_before_its_end_and_so_are_those_to_come()
    {
        var policy = Leased with { Strategy = Strategy.Overlap, Interval = TimeSpan.FromDays(90) };
        var schedule = new SecretSchedule(Now, Now) { EndsAt = Now.AddDays(4), EndsFrom = Now };
        var runs = ComingRuns.Of(policy, schedule, Now).Take(3).Select(run => run.DueAt).ToList();
        Assert.Equal([Now.AddDays(2), Now.AddDays(4), Now.AddDays(6)], runs);
        Assert.Contains("ends by itself", RotationSchedule.Decide(policy, schedule, Now).Message);
    }

    private static SecretSchedule Schedule(LeaseState lease, DateTimeOffset latest) =>
        new(Now, Now) { EndsAt = latest, EndsFrom = Now, Lease = lease };

    private static CredentialRecord Record(LeaseState lease, DateTimeOffset end) =>
        new(1, "app", 1, CredentialState.Active, "lease", "user", null, "f", null, Now, null, null) { Lease = lease, ExpiresAt = end };
}
