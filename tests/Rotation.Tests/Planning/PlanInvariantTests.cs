using System.Text.Json;
using Rotunda.Rotation.Catalog;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Tests.Planning;

/// <summary>What holds of every plan, whatever the strategy, policy, history and trigger.</summary>
public sealed class PlanInvariantTests
{
    [Fact]
    public void There_are_many_cases() => Assert.True(PlanCases.All().Count() > 800);

    [Fact]
    public void Nothing_is_revoked_before_the_promotion_unless_an_emergency_revokes_first() => ForAll((_, plan) =>
    {
        var promote = IndexOf(plan, StepKinds.Promote);
        Assert.True(promote > 0);
        for (var i = 0; i < promote; i++)
        {
            var step = plan.Steps[i];
            Assert.True(
                step.Kind != StepKinds.Revoke
                    || (plan.Trigger == RotationTrigger.Emergency && step.Settings[StepSettings.RevokeFirst] == "true"));
        }
    });

    [Fact]
    public void Grace_evidence_and_approval_come_before_the_old_credential_ends()
    {
        foreach (var (name, policy, snapshot, request) in PlanCases.All()
            .Where(c => c.Request.Trigger != RotationTrigger.Emergency && c.Policy.Strategy != Strategy.InPlace))
        {
            var plan = Samples.Plan(policy, snapshot, request);
            var end = plan.Steps.Index()
                .First(s => s.Index > IndexOf(plan, StepKinds.Promote)
                    && s.Item.Kind is StepKinds.Revoke or StepKinds.Disable or StepKinds.Deliver or StepKinds.DropBackup).Index;
            var before = plan.Steps.Take(end).ToList();
            // A dual-key secret without a known key has nothing that could live on; the first value that is made here, nothing to end.
            var isFirst = policy.Provider.Type is "generated" or "rows" && snapshot.Credentials.Count == 0;
            var hasGrace =
                !isFirst && policy.Grace > TimeSpan.Zero && (policy.Strategy != Strategy.DualKey || snapshot.Active?.Value is not null);
            Assert.True(before.Any(s => s.Kind == StepKinds.Grace) == hasGrace, name);
            Assert.True(before.Any(s => s.Kind == StepKinds.Evidence) == (!isFirst && policy.Evidence is not null), name);
            var asks = policy.Strategy == Strategy.ReEncrypt
                || policy.Approval is { Before: ApprovalMoment.Start }
                || (!isFirst && policy.Approval is not null);
            Assert.True(before.Any(s => s.Kind == StepKinds.Approval) == asks, name);
        }
    }

    [Fact]
    public void The_last_look_comes_before_what_ends_the_old_credential()
    {
        foreach (var (name, policy, snapshot, request) in PlanCases.All())
        {
            var plan = Samples.Plan(policy, snapshot, request);
            var rest = plan.Steps.Skip(IndexOf(plan, StepKinds.Promote) + 1).ToList();
            var hold = rest.Find(s => s.Kind == StepKinds.Hold);
            // In place the end came with the new value; and of the first value that is made here there is no older one.
            var isFirst = policy.Provider.Type is "generated" or "rows" && snapshot.Credentials.Count == 0;
            Assert.True(hold is null == (policy.Strategy == Strategy.InPlace || isFirst), name);
            Assert.DoesNotContain(
                rest.TakeWhile(s => hold is not null && s != hold),
                s => s.Kind is StepKinds.Revoke or StepKinds.Deliver or StepKinds.DropBackup);
            Assert.Equal(
                hold is not null && plan.Trigger == RotationTrigger.Emergency ? StepSettings.Proceed : null,
                hold?.Settings.GetValueOrDefault(StepSettings.OnHold));
        }
    }

    [Fact]
    public void An_emergency_waits_for_nobody_and_says_what_it_skips() => ForAll((_, plan) =>
    {
        if (plan.Trigger == RotationTrigger.Emergency)
        {
            Assert.DoesNotContain(plan.Steps, s => s.Kind is StepKinds.Grace or StepKinds.Evidence or StepKinds.Approval or StepKinds.Wait);
        }
    });

    [Fact]
    public void What_changes_something_before_the_promotion_has_a_way_back_or_says_that_it_has_none() => ForAll((_, plan) =>
    {
        string[] changing =
        [
            StepKinds.Generate, StepKinds.Issue, StepKinds.Apply, StepKinds.Deliver, StepKinds.Promote, StepKinds.Backup,
            StepKinds.Migrate, StepKinds.ScaleConsumers,
        ];
        foreach (var step in plan.Steps.Take(IndexOf(plan, StepKinds.Promote) + 1).Where(s => changing.Contains(s.Kind)))
        {
            // Levelling goes to where the way back leads. And what makes a value takes a refused one back, also where all else
            // only goes forward.
            var hasUndo = !Is(step, StepSettings.Level)
                && (!Is(step, StepSettings.ForwardOnly) || step.Kind is StepKinds.Generate or StepKinds.Issue or StepKinds.Apply);
            Assert.True(step.Undo.Count > 0 == hasUndo, step.Id);
        }
    });

    [Fact]
    public void After_the_gates_there_is_no_way_back() => ForAll((_, plan) =>
    {
        var promote = IndexOf(plan, StepKinds.Promote);
        Assert.All(plan.Steps.Skip(promote + 1).Where(s => s.Kind != StepKinds.Disable), s => Assert.Empty(s.Undo));
    });

    [Fact]
    public void Ids_are_unique_and_readable() => ForAll((_, plan) =>
    {
        var ids = plan.Steps.Select(s => s.Id).Concat(plan.Steps.SelectMany(s => s.Undo).Select(u => u.Id)).ToList();
        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.All(ids, id => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", id));
    });

    [Fact]
    public void Everything_is_checked_before_anything_is_touched() => ForAll((_, plan) =>
    {
        var checks = plan.Steps.Where(s => s.Kind == StepKinds.Validate && !s.Settings.ContainsKey(StepSettings.Within)).ToList();
        Assert.All(checks, c => Assert.Equal("validate", c.Group));
        var used = plan.Steps.Where(s => s.Target is not null).Select(s => s.Target).Distinct().Count();
        Assert.Equal(1 + used, checks.Count);
        Assert.All(plan.Steps.Take(plan.Steps.ToList().IndexOf(checks[0])), s => Assert.Equal(StepKinds.TakeOver, s.Kind));
        Assert.Equal(checks, plan.Steps.SkipWhile(s => s.Kind != StepKinds.Validate).TakeWhile(s => s.Kind == StepKinds.Validate));
        // Whatever was waited for.
        var waits = plan.Steps.Index().Where(s => s.Item.Id is "approve-start" or "hold-before").Select(s => s.Index).ToList();
        Assert.Equal(waits.Count * checks.Count, plan.Steps.Count(s => s.Settings.ContainsKey(StepSettings.Within)));
        Assert.All(waits, wait =>
        {
            var again = plan.Steps.Skip(wait + 1).Take(checks.Count).ToList();
            Assert.Equal(checks.Select(c => c.Target), again.Select(s => s.Target));
            Assert.All(again, s => Assert.True(s.Settings.ContainsKey(StepSettings.Within)));
        });
    });

    /// <summary>Two values have a place. One that was in use, and that no rotation ended, is not ended by the next new one before its
    /// time.</summary>
    [Fact]
    public void What_was_in_use_and_was_not_ended_has_its_gates_before_anything_takes_its_place() => ForAll((_, plan) =>
    {
        var gates = plan.Steps.Index().Where(s => s.Item.Id.EndsWith("-before", StringComparison.Ordinal)
            && s.Item.Kind is StepKinds.Grace or StepKinds.Evidence or StepKinds.Approval or StepKinds.Hold).ToList();
        var isLeft = plan.Warnings.Any(w => w.Contains("no rotation ended it", StringComparison.Ordinal));
        // An emergency waits for nothing; its plan says so.
        Assert.Equal(isLeft && plan.Trigger != RotationTrigger.Emergency, gates.Count > 0);
        Assert.Equal(gates.Count > 0, LeftInUse.IsEndedBy(plan));
        if (gates.Count > 0)
        {
            Assert.Equal(StepKinds.Hold, gates[^1].Item.Kind);
            var closing = plan.Steps.SkipWhile(s => s.Kind != StepKinds.Promote).Where(s => s.Kind is StepKinds.Grace or StepKinds.Evidence
                or StepKinds.Approval or StepKinds.Hold).Where(s => s.Id is not ("trial" or "hold-again")).Select(s => s.Kind);
            Assert.Equal(closing, gates.Select(s => s.Item.Kind));
            Assert.All(
                plan.Steps.Take(gates[^1].Index),
                s => Assert.Contains(s.Kind, new[]
                {
                    StepKinds.TakeOver, StepKinds.Validate, StepKinds.Grace, StepKinds.Evidence, StepKinds.Approval, StepKinds.Hold,
                }));
        }
    });

    [Theory]
    [InlineData(Strategy.Overlap, "keys")]
    [InlineData(Strategy.Alternate, "postgres")]
    [InlineData(Strategy.DualKey, "generated")]
    public void A_deliver_run_ends_what_no_rotation_ended_as_one_that_takes_over_does(Strategy strategy, string provider)
    {
        var (taken, left) = (PlanCases.TakenOver(strategy, provider).Plan, PlanCases.TakenOver(strategy, provider, isOpen: false).Plan);

        Assert.Equal(
            taken.Steps.Where(step => step.Kind != StepKinds.TakeOver).Select(step => step.Id), left.Steps.Select(step => step.Id));
        Assert.Contains(left.Steps, step => step.Kind == StepKinds.Revoke);
        Assert.Contains(left.Warnings, warning => warning.Contains("one that came to nothing", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_plan_ends_by_settling_the_old_and_closing_the_books() => ForAll((_, plan) =>
        Assert.Equal(
            [StepKinds.Revoke, StepKinds.Finish],
            plan.Steps.Where(s => s.Kind != StepKinds.ConfirmRevoked).TakeLast(2).Select(s => s.Kind)));

    [Fact]
    public void What_people_gave_is_followed_until_the_old_one_has_ended() => ForAll((_, plan) =>
        Assert.Equal(
            plan.Strategy == Strategy.Supplied ? [plan.Steps.Count - 2] : Array.Empty<int>(),
            plan.Steps.Index().Where(s => s.Item.Kind == StepKinds.ConfirmRevoked).Select(s => s.Index)));

    [Fact]
    public void Groups_are_neighbours_of_one_kind() => ForAll((_, plan) =>
    {
        foreach (var group in plan.Steps.Index().Where(s => s.Item.Group is not null).GroupBy(s => s.Item.Group))
        {
            Assert.Equal(group.Count() - 1, group.Max(s => s.Index) - group.Min(s => s.Index));
            Assert.Single(group.Select(s => s.Item.Kind).Distinct());
        }
    });

    [Fact]
    public void Consumers_go_back_only_after_all_targets_of_the_phase() => ForAll((_, plan) =>
    {
        var promote = IndexOf(plan, StepKinds.Promote);
        foreach (var phase in plan.Steps.Take(promote).Where(s => s.Kind == StepKinds.Deliver).GroupBy(s => s.Id[^1]))
        {
            // As the interpreter does it: newest step first.
            var back = phase.Reverse().SelectMany(s => s.Undo).Select(u => u.Kind).ToList();
            var last = back.LastIndexOf(StepKinds.Redeliver);
            Assert.All(back.Take(last), k => Assert.Contains(k, new[] { StepKinds.Redeliver, StepKinds.ConfirmSync }));
        }
    });

    [Fact]
    public void What_follows_another_target_is_waited_for_once_all_are_back_even_if_its_own_step_was_never_reached()
    {
        var seen = 0;
        ForAll((_, plan) =>
        {
            foreach (var phase in plan.Steps.Take(
                IndexOf(plan, StepKinds.Promote)).Where(s => s.Kind == StepKinds.Deliver && s.Undo.Count > 0).GroupBy(s => s.Id[^1]))
            {
                if (!phase.Any(s => s.Target == PlanCases.Follower.Name) || phase.First().Undo.All(u => u.Kind != StepKinds.ConfirmSync))
                {
                    continue;
                }

                // As the interpreter does it: newest step first.
                var back = phase.Reverse().SelectMany(s => s.Undo).ToList();
                var wait = back.FindIndex(u => u.Kind == StepKinds.ConfirmSync && u.Target == PlanCases.Follower.Name);
                Assert.True(wait > back.FindLastIndex(u => u.Kind == StepKinds.Redeliver));
                Assert.Contains(back[wait], phase.First().Undo);
                seen++;
            }
        });
        Assert.True(seen > 20, $"{seen}");
    }

    [Fact]
    public void Plans_survive_json_and_hold_no_value() => ForAll((_, plan) =>
    {
        var json = JsonSerializer.Serialize(plan, RotationJson.Default.RotationPlan);
        var read = JsonSerializer.Deserialize(json, RotationJson.Default.RotationPlan)!;
        Assert.Equal(json, JsonSerializer.Serialize(read, RotationJson.Default.RotationPlan));
        Assert.Equal(PlanText.Render(plan), PlanText.Render(read));
        Assert.DoesNotContain("SecretValue", json, StringComparison.Ordinal);
    });

    [Fact]
    public void Planning_is_deterministic()
    {
        foreach (var (_, policy, snapshot, request) in PlanCases.All())
        {
            Assert.Equal(Json(Samples.Plan(policy, snapshot, request)), Json(Samples.Plan(policy, snapshot, request)));
        }
    }

    [Fact]
    public void Every_step_has_a_title_a_budget_and_a_known_kind() => ForAll((_, plan) =>
    {
        string[] waits = [StepKinds.Approval, StepKinds.Grace, StepKinds.Wait];
        Assert.All(plan.Steps, s => Assert.Contains(s.Kind, StepKinds.Activities.Concat(waits)));
        Assert.All(plan.Steps, s => Assert.True(s.Title.Length is > 5 and < 120 && s.Retry.Attempts >= 1));
        Assert.All(plan.Steps.Where(s => !waits.Contains(s.Kind)), s => Assert.NotNull(s.Timeout));
    });

    [Fact]
    public void Targets_are_level_before_a_new_value_ends_what_they_may_hold()
    {
        foreach (var (name, policy, snapshot, request) in PlanCases.All())
        {
            var plan = Samples.Plan(policy, snapshot, request);
            var levels = plan.Steps.Where(s => s.Kind == StepKinds.Deliver && Is(s, StepSettings.Level)).ToList();
            var isNeeded = snapshot.Active?.Value is not null && !plan.Steps.Any(s => s.Id == "revoke-first")
                && (snapshot.Credentials.Any(c => c.State == CredentialState.Pending)
                    || (request.Supersedes && snapshot.Active.RotationNumber < snapshot.NextNumber - 1))
                && (policy.Strategy is Strategy.Alternate or Strategy.DualKey
                    || (policy.Strategy == Strategy.ReEncrypt && policy.Migration == MigrationMode.Online)
                    || (policy.Strategy == Strategy.InPlace && policy.Provider.Type == "generated"));
            Assert.True(levels.Count == (isNeeded ? policy.Targets.Count : 0), $"{name}\n{PlanText.Render(plan)}");
            var makes = plan.Steps.Index().First(s => s.Item.Kind is StepKinds.Generate or StepKinds.Issue or StepKinds.Ask).Index;
            Assert.All(levels, level => Assert.True(plan.Steps.ToList().IndexOf(level) < makes));
        }
    }

    [Fact]
    public void Data_is_touched_only_after_a_person_saw_what_the_rehearsal_found() => ForAll((_, plan) =>
    {
        if (plan.Strategy != Strategy.ReEncrypt || plan.Trigger == RotationTrigger.Emergency)
        {
            return;
        }
        var approval = plan.Steps.ToList().FindIndex(s => s.Id == "approve-start");
        Assert.Equal(
            ("rehearse,preflight", "true"),
            (plan.Steps[approval].Settings[StepSettings.Shows], plan.Steps[approval].Settings[StepSettings.ShowsWarnings]));
        Assert.All(
            plan.Steps[approval].Settings[StepSettings.Shows].Split(','),
            id => Assert.Contains(plan.Steps.Take(approval), s => s.Id == id));
        Assert.All(
            plan.Steps.Take(approval).Where(s => !s.Id.EndsWith("-before", StringComparison.Ordinal)),
            s => Assert.Contains(s.Kind, new[] { StepKinds.TakeOver, StepKinds.Validate, StepKinds.Preflight, StepKinds.Rehearse }));
        Assert.Equal("rehearse", plan.Steps[approval - 1].Id);
    });

    [Fact]
    public void Rows_move_only_while_every_target_opens_both_keys_or_consumers_stand_still() => ForAll((_, plan) =>
    {
        if (plan.Strategy != Strategy.ReEncrypt)
        {
            return;
        }
        var migrate = IndexOf(plan, StepKinds.Migrate);
        var before = plan.Steps.Take(migrate).Where(s => !Is(s, StepSettings.Level)).ToList();
        if (plan.Steps.Any(s => s.Kind == StepKinds.ScaleConsumers))
        {
            Assert.Equal(2, before.Count(s => s.Kind == StepKinds.ScaleConsumers && s.Settings[StepSettings.Scale] == StepSettings.ToZero));
            Assert.DoesNotContain(before, s => s.Kind == StepKinds.Deliver);
        }
        else
        {
            var last = before.Where(s => s.Kind == StepKinds.Deliver).GroupBy(s => s.Target).Select(g => g.Last());
            Assert.All(last, s => Assert.Equal(("new", "old"), (s.Settings[StepSettings.Primary], s.Settings[StepSettings.Secondary])));
        }
        Assert.True(
            IndexOf(plan, StepKinds.Backup) < migrate
                && migrate < IndexOf(plan, StepKinds.VerifyRows)
                && IndexOf(plan, StepKinds.VerifyRows) < IndexOf(plan, StepKinds.Promote));
    });

    [Fact]
    public void The_way_back_moves_rows_only_after_every_target_writes_with_the_old_key_again() => ForAll((_, plan) =>
    {
        // Forward only: the value in use is not known. Such a plan ends at its preflight.
        if (plan.Strategy != Strategy.ReEncrypt
            || plan.Steps.Any(s => s.Kind == StepKinds.ScaleConsumers || Is(s, StepSettings.ForwardOnly)))
        {
            return;
        }
        var back = plan.Steps.Take(
            IndexOf(plan, StepKinds.Promote)).Where(s => s.Kind != StepKinds.RestoreRows).Reverse().SelectMany(s => s.Undo).ToList();
        var targets = plan.Steps.Where(s => s.Kind == StepKinds.Deliver).Select(s => s.Target).Distinct().Count();
        var rows = back.FindIndex(u => u.Kind == StepKinds.RestoreRows);
        Assert.Equal(
            targets,
            back.Take(
                rows).Where(u => u.Kind == StepKinds.Redeliver
                    && u.Settings[StepSettings.Primary] == "old"
                    && u.Settings[StepSettings.Secondary] == "new").Select(u => u.Target).Distinct().Count());
        Assert.True(rows < back.FindLastIndex(u => u.Kind == StepKinds.DropBackup));
        var alone = back.FindIndex(u => u.Kind == StepKinds.Redeliver && !u.Settings.ContainsKey(StepSettings.Secondary));
        Assert.True(
            alone < 0
                || back.FindLastIndex(u => u.Kind == StepKinds.RestoreRows && !u.Settings.ContainsKey(StepSettings.IfRestored)) < alone);
    });

    [Fact]
    public void A_key_over_rows_ends_only_after_a_look_that_comes_after_its_last_delivery() => ForAll((_, plan) =>
    {
        if (plan.Strategy != Strategy.ReEncrypt || plan.Steps.Any(s => s.Kind == StepKinds.ScaleConsumers))
        {
            return;
        }
        var steps = plan.Steps.ToList();
        var (look, drop) = (steps.FindLastIndex(s => s.Kind == StepKinds.VerifyRows), IndexOf(plan, StepKinds.DropBackup));
        Assert.True(
            steps.FindLastIndex(s => s.Kind is StepKinds.Deliver or StepKinds.RestartConsumers or StepKinds.VerifyConsumers) < look
                && look < drop
                && drop < IndexOf(plan, StepKinds.Revoke));
    });

    private static bool Is(PlannedStep step, string setting) => step.Settings.GetValueOrDefault(setting) == "true";

    private static string Json(RotationPlan plan) => JsonSerializer.Serialize(plan, RotationJson.Default.RotationPlan);

    private static int IndexOf(RotationPlan plan, string kind) => plan.Steps.Index().First(s => s.Item.Kind == kind).Index;

    private static void ForAll(Action<string, RotationPlan> check)
    {
        foreach (var (name, plan) in PlanCases.Plans())
        {
            try
            {
                check(name, plan);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{name}:\n{PlanText.Render(plan)}", e);
            }
        }
    }
}
