using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Tests.Planning;

public sealed class RotationPlannerTests
{
    [Fact]
    public void The_plan_is_numbered_by_the_snapshot_and_frozen_with_its_request()
    {
        var plan = Samples.Plan(Samples.Policy(Strategy.Overlap, "keys"));

        Assert.Equal(("orders-db-3", 3, RotationPlan.CurrentInterpreterVersion), (plan.RotationId, plan.Number, plan.InterpreterVersion));
        Assert.Equal(("ada", "because", Samples.Now, Samples.Hash), (plan.RequestedBy, plan.Reason, plan.PlannedAt, plan.CatalogHash));
    }

    [Fact]
    public void The_stores_of_the_values_are_frozen_with_the_plan()
    {
        var stores = new Dictionary<string, ProviderBinding>
        {
            ["main"] = new("vault", []),
            ["old"] = new("vault", []),
            ["other"] = new("vault", []),
        };
        var moved = Samples.Credential(CredentialState.Active) with { Value = new SecretRef("old", "orders-db", "4") };
        var policy = Samples.Policy(Strategy.Overlap, "keys") with { Store = "main" };

        RotationPlan Plan(SecretSnapshot snapshot) =>
            RotationPlanner.Plan(policy, snapshot, Samples.By(RotationTrigger.Schedule), Samples.Descriptors, Samples.Hash, stores);
        Assert.Equal(["main", "old"], Plan(Samples.Snapshot(moved)).Stores!.Keys.Order());
        Assert.Null(Samples.Plan(Samples.Policy(Strategy.Overlap, "keys")).Stores);

        stores.Remove("old");
        var head = new HeadStores(["old"], "old");
        Assert.Equal(
            ["main"],
            RotationPlanner.Plan(
                policy,
                Samples.Snapshot(moved),
                Samples.By(RotationTrigger.Schedule),
                Samples.Descriptors,
                Samples.Hash,
                stores,
                head).Stores!.Keys);
        Assert.Contains(
            "the store \"old\", which the catalog does not define",
            Assert.Throws<ArgumentException>(() => Plan(Samples.Snapshot(moved))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("in-place", "env, with write: in-place: One.", "env, with write: in-place: Any.")]
    [InlineData("replace", "env, with write: replace: Any.")]
    [InlineData(null, "env, without write: None.")]
    public void What_a_choice_brings_with_it_is_in_the_plan(string? write, params string[] told)
    {
        var file = Samples.Describe("cheap-file", "File", Abilities.DeliverValues, []) with
        {
            Costs = [new("write", "in-place", "One."), new("write", SettingCost.Any, "Any."), new("write", null, "None.")],
        };
        var settings = new JsonObject { ["write"] = write };
        var policy = Samples.Policy(Strategy.Overlap, "keys") with
        {
            Targets = [new("env", new("cheap-file", settings), 0, TimeSpan.Zero)],
        };
        var warnings = RotationPlanner.Plan(
            policy,
            Samples.Known,
            Samples.By(RotationTrigger.Manual),
            Samples.Descriptors.Values.Append(file).ToDictionary(d => d.Id, StringComparer.Ordinal),
            Samples.Hash).Warnings;
        Assert.Equal(told, warnings.Where(warning => warning.StartsWith("env, ", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_a_provider_brings_with_it_is_in_the_plan_too()
    {
        var issuer = Samples.Describe(
            "keys", "Keys", Abilities.IssueCredentials | Abilities.RevokeCredentials, [Strategy.Overlap]) with
        {
            Costs = [SettingCost.Always("Always."), new("legacy", SettingCost.Any, "Any."), new("other", SettingCost.Any, "No.")],
        };
        var policy = Samples.Policy(Strategy.Overlap, "keys") with
        {
            Provider = new("keys", new JsonObject { ["legacy"] = "ci", ["lifetime"] = "90d" }),
        };

        var plan = RotationPlanner.Plan(
            policy,
            Samples.Known,
            Samples.By(RotationTrigger.Manual),
            Samples.Descriptors.Values.Where(known => known.Id != "keys").Append(issuer).ToDictionary(d => d.Id, StringComparer.Ordinal),
            Samples.Hash);

        Assert.Equal(
            ["keys: Always.", "keys, with legacy: ci: Any."],
            plan.Warnings.Where(warning => warning.StartsWith("keys:", StringComparison.Ordinal)
                || warning.StartsWith("keys,", StringComparison.Ordinal)));
        Assert.Contains(plan.Warnings, warning => warning.StartsWith("keys cannot report use", StringComparison.Ordinal));
        Assert.Contains(plan.Steps, step => step.Title.Contains("ends by itself after 90d", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Strategy.InPlace, true)]
    [InlineData(Strategy.Alternate, false)]
    public void A_value_that_is_replaced_in_place_leaves_a_time_without_logins(Strategy strategy, bool told) => Assert.Equal(
        told,
        RotationPlanner.Plan(
            Samples.Policy(strategy, "postgres"), Samples.Known, Samples.By(RotationTrigger.Manual), Samples.Descriptors, Samples.Hash)
            .Warnings.Any(warning => warning.Contains("cannot log in anew", StringComparison.Ordinal)));

    [Fact]
    public void Rows_that_move_before_anyone_knows_that_the_application_has_its_keys_are_warned_of()
    {
        const string Alone = "No consumer is restarted or checked: rows are moved as soon as the keys are delivered";
        const string Unchecked = "No consumer is checked before rows are moved";
        var restarter = Samples.Describe("restarter", "Restarter", Abilities.RestartConsumers, []);
        var descriptors = Samples.Descriptors.Values.Append(restarter).ToDictionary(d => d.Id, StringComparer.Ordinal);
        IReadOnlyList<string> Warnings(params string[] consumers) => RotationPlanner.Plan(
            Samples.Policy(Strategy.ReEncrypt, "rows") with
            {
                Consumers = [.. consumers.Select(type => new ConsumerBinding(type, new ProviderBinding(type, [])))],
            },
            Samples.Known, Samples.By(RotationTrigger.Manual), descriptors, Samples.Hash).Warnings;

        // Targets that confirm, as those of the samples do, tell nothing of the application.
        Assert.Single(Warnings(), w => w.StartsWith(Alone, StringComparison.Ordinal));
        Assert.Contains(Warnings("restarter"), w => w.StartsWith(Unchecked, StringComparison.Ordinal));
        Assert.DoesNotContain(Warnings("restarter", "http"), w => w.StartsWith("No consumer", StringComparison.Ordinal));
        Assert.DoesNotContain(
            Samples.Plan(PlanCases.Offline(Samples.Policy(Strategy.ReEncrypt, "rows"))).Warnings,
            w => w.StartsWith("No consumer", StringComparison.Ordinal));
    }

    [Fact]
    public void A_consumer_that_is_down_stops_a_rotation_unless_the_policy_the_consumer_or_an_emergency_goes_on()
    {
        string? WhenDownOf(WhenDown policy, WhenDown? consumer, RotationTrigger trigger = RotationTrigger.Schedule) =>
            Step(
                RotationPlanner.Plan(
                    Samples.Policy(Strategy.Overlap, "keys") with
                    {
                        WhenDown = policy,
                        Consumers = [new ConsumerBinding("api", new ProviderBinding("http", [])) { WhenDown = consumer }],
                    },
                    Samples.Known, Samples.By(trigger), Samples.Descriptors, Samples.Hash),
                "validate-api").Settings.GetValueOrDefault(StepSettings.WhenDown);

        Assert.Null(WhenDownOf(WhenDown.Refuse, null));
        Assert.Null(WhenDownOf(WhenDown.Proceed, WhenDown.Refuse));
        Assert.Equal(StepSettings.Proceed, WhenDownOf(WhenDown.Proceed, null));
        Assert.Equal(StepSettings.Proceed, WhenDownOf(WhenDown.Refuse, WhenDown.Proceed));
        Assert.Equal(StepSettings.Proceed, WhenDownOf(WhenDown.Refuse, null, RotationTrigger.Emergency));
    }

    [Fact]
    public void Whoever_moves_rows_is_told_of_backups_under_the_old_key() => Assert.All(PlanCases.Plans(), one => Assert.Equal(
        one.Plan.Strategy == Strategy.ReEncrypt ? 1 : 0,
        one.Plan.Warnings.Count(w => w.StartsWith("Backups of the data from before its end", StringComparison.Ordinal)
            && w.Contains("keep a copy of that key", StringComparison.Ordinal))));

    [Fact]
    public void What_cannot_be_read_gets_the_value_in_use_back_and_its_arrival_is_waited_for()
    {
        var policy = Samples.Policy(Strategy.Overlap, "keys") with { Targets = [PlanCases.Remote] };

        var deliver = Step(Samples.Plan(policy), "deliver-cloud-1");
        Assert.Equal("true", deliver.Settings[StepSettings.Unreadable]);
        Assert.Equal([StepKinds.Redeliver, StepKinds.ConfirmSync], deliver.Undo.Take(2).Select(u => u.Kind));
        Assert.Equal(
            (StepSettings.Old, "true"),
            (deliver.Undo[0].Settings[StepSettings.Primary], deliver.Undo[0].Settings[StepSettings.Unreadable]));
        Assert.Equal(StepSettings.Old, deliver.Undo[1].Settings[StepSettings.Primary]);
        Assert.True(deliver.Undo[1].Retry!.Attempts > policy.Retry.Attempts);
    }

    [Fact]
    public void Without_the_value_in_use_a_delivery_to_what_cannot_be_read_only_goes_forward()
    {
        var policy = Samples.Policy(Strategy.Overlap, "keys") with { Targets = [PlanCases.Remote] };

        var plan = Samples.Plan(policy, Samples.Snapshot(Samples.Credential(CredentialState.Active, stored: false)));

        Assert.Contains(plan.Warnings, w => w.StartsWith("What cloud holds cannot be read", StringComparison.Ordinal));
        Assert.Equal("true", Step(plan, "deliver-cloud-1").Settings[StepSettings.ForwardOnly]);
        Assert.Empty(Step(plan, "deliver-cloud-1").Undo);
        Assert.NotEmpty(Step(plan, "issue").Undo);
    }

    [Theory]
    [InlineData("app_a", "app_b")]
    [InlineData("app_b", "app_a")]
    public void Alternate_works_on_the_account_that_is_not_in_use(string active, string idle)
    {
        var byAccount = Samples.Plan(
            Samples.Policy(Strategy.Alternate, "postgres"),
            Samples.Snapshot(Samples.Credential(CredentialState.Active, active)));
        var byId = Samples.Plan(
            Samples.Policy(Strategy.Alternate, "postgres"),
            Samples.Snapshot(Samples.Credential(CredentialState.Active, null, providerId: active)));
        var told = Samples.Plan(
            Samples.Policy(Strategy.Alternate, "postgres") with { Current = new CurrentCredential(active, null) },
            Samples.Snapshot());

        foreach (var plan in new[] { byAccount, byId, told })
        {
            Assert.Equal(idle, Step(plan, "generate").Settings[StepSettings.Account]);
            Assert.Equal(idle, Step(plan, "apply").Settings[StepSettings.Account]);
            Assert.Equal([StepKinds.RevokeNew], Step(plan, "apply").Undo.Select(u => u.Kind));
            Assert.Equal(idle, Step(plan, "apply").Undo[0].Settings[StepSettings.Account]);
            Assert.DoesNotContain(plan.Warnings, w => w.Contains("which of the accounts", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Alternate_without_a_known_account_takes_the_second_and_says_so()
    {
        var plan = Samples.Plan(Samples.Policy(Strategy.Alternate, "postgres"), Samples.Snapshot());
        Assert.Equal("app_b", Step(plan, "apply").Settings[StepSettings.Account]);
        Assert.Contains(
            plan.Warnings,
            w => w.Contains("Nothing tells which of the accounts app_a and app_b is in use", StringComparison.Ordinal));
    }

    [Fact]
    public void A_live_credential_on_the_idle_account_is_warned_of()
    {
        var plan = Samples.Plan(
            Samples.Policy(Strategy.Alternate, "postgres"),
            Samples.Snapshot(Samples.Credential(CredentialState.Previous, "app_a"), Samples.Credential(CredentialState.Active, "app_b", 2)),
            Samples.By(RotationTrigger.Emergency, supersedes: true));
        Assert.Contains(plan.Warnings, w => w.Contains("may still be live on app_a", StringComparison.Ordinal));
    }

    [Fact]
    public void Apply_and_take_over_know_which_credential_was_active()
    {
        var plan =
            Samples.Plan(Samples.Policy(Strategy.Alternate, "postgres"), request: Samples.By(RotationTrigger.Emergency, supersedes: true));
        Assert.Equal("take-over", plan.Steps[0].Id);
        Assert.Equal("1", plan.Steps[0].Settings[StepSettings.ExpectedActive]);
        Assert.Equal("1", Step(plan, "apply").Settings[StepSettings.ExpectedActive]);
    }

    [Theory]
    [InlineData(CredentialState.Minting, true)]
    [InlineData(CredentialState.Pending, true)]
    [InlineData(CredentialState.Previous, false)]
    public void What_was_left_half_done_is_taken_over_by_any_rotation(CredentialState left, bool takesOver)
    {
        var snapshot = Samples.Snapshot(Samples.Credential(CredentialState.Active), Samples.Credential(left, null, 2, providerId: null));
        Assert.Equal(takesOver, Samples.Plan(Samples.Policy(Strategy.Overlap, "keys"), snapshot).Steps[0].Kind == StepKinds.TakeOver);
    }

    [Fact]
    public void Dual_key_delivers_old_new_then_new_old_then_new()
    {
        var plan = Samples.Plan(Samples.Policy(Strategy.DualKey, "generated") with { TokenLifetime = TimeSpan.FromDays(3) });
        var delivered = plan.Steps.Where(s => s is { Kind: StepKinds.Deliver, Target: "app-env" })
            .Select(s => $"{s.Settings[StepSettings.Primary]}+{s.Settings.GetValueOrDefault(StepSettings.Secondary)}");
        Assert.Equal(["old+new", "new+old", "new+"], delivered);
        Assert.Equal("3d", Step(plan, "grace").Settings[StepSettings.Duration]);
        Assert.Equal(
            ("old", "new"),
            (Step(plan, "deliver-app-env-2").Undo[0].Settings["primary"], Step(plan, "deliver-app-env-2").Undo[0].Settings["secondary"]));
        Assert.True(Index(plan, "grace") < Index(plan, "deliver-app-env-3"));
        Assert.Empty(Step(plan, "deliver-app-env-3").Undo);
    }

    [Fact]
    public void Dual_key_without_a_known_key_delivers_once_and_warns()
    {
        var plan = Samples.Plan(Samples.Policy(Strategy.DualKey, "generated"), Samples.Snapshot());
        Assert.Single(plan.Steps, s => s is { Kind: StepKinds.Deliver, Target: "app-env" });
        Assert.Contains(plan.Warnings, w => w.Contains("is not known, so the new one is delivered alone", StringComparison.Ordinal));
    }

    [Fact]
    public void In_place_puts_the_old_value_back_before_consumers_are_restarted()
    {
        var plan = Samples.Plan(Samples.Policy(Strategy.InPlace, "postgres"));
        var started = plan.Steps.Take(Index(plan, "promote")).Reverse().SelectMany(s => s.Undo).Select(u => u.Kind);
        Assert.Equal(
            [
                StepKinds.Redeliver, StepKinds.Redeliver, StepKinds.Redeliver, StepKinds.ReapplyOld, StepKinds.RestartConsumers,
                StepKinds.VerifyConsumers, StepKinds.ReapplyOld, StepKinds.DiscardPending,
            ],
            started);
        Assert.Equal("true", Step(plan, "revoke").Settings[StepSettings.InPlace]);
    }

    [Fact]
    public void In_place_without_the_old_value_goes_forward_only()
    {
        var plan = Samples.Plan(Samples.Policy(Strategy.InPlace, "postgres"), Samples.Snapshot());
        Assert.NotEmpty(Step(plan, "generate").Undo);
        Assert.Equal("Put the old value of app back by hand, if the new one was applied", Assert.Single(Step(plan, "apply").Undo).Title);
        Assert.All(plan.Steps.Skip(Index(plan, "apply") + 1), s => Assert.Empty(s.Undo));
        Assert.Equal("true", Step(plan, "deliver-app-env-1").Settings[StepSettings.ForwardOnly]);
        Assert.Contains(plan.Warnings, w => w.Contains("only goes forward", StringComparison.Ordinal));
    }

    [Fact]
    public void In_place_of_generated_values_applies_nothing() =>
        Assert.DoesNotContain(
            Samples.Plan(Samples.Policy(Strategy.InPlace, "generated")).Steps,
            s => s.Kind == StepKinds.Apply || s.Undo.Any(u => u.Kind == StepKinds.ReapplyOld));

    [Fact]
    public void Issuing_is_undone_by_revoking_and_then_forgetting() =>
        Assert.Equal(
            [StepKinds.RevokeNew, StepKinds.DiscardPending],
            Step(Samples.Plan(Samples.Policy(Strategy.Overlap, "keys")), "issue").Undo.Select(u => u.Kind));

    [Fact]
    public void Abilities_decide_what_is_in_the_plan()
    {
        var plan = Samples.Plan(Samples.Policy(Strategy.Overlap, "legacy-keys"));
        Assert.DoesNotContain(plan.Steps, s => s.Kind == StepKinds.Verify);
        Assert.DoesNotContain(plan.Steps, s => s is { Kind: StepKinds.ConfirmSync, Target: "late" });
        Assert.Equal("true", Step(plan, "revoke").Settings[StepSettings.ByHand]);
        Assert.Contains(plan.Warnings, w => w.Contains("to be revoked by hand", StringComparison.Ordinal));
        Assert.False(Step(Samples.Plan(Samples.Policy(Strategy.Overlap, "generated")), "revoke").Settings.ContainsKey(StepSettings.ByHand));
    }

    [Fact]
    public void An_old_credential_without_an_id_is_to_be_revoked_by_hand()
    {
        var plan = Samples.Plan(
            Samples.Policy(Strategy.Overlap, "keys"),
            Samples.Snapshot(Samples.Credential(CredentialState.Active, providerId: null)));
        Assert.Contains(plan.Warnings, w => w.StartsWith("Nothing tells the provider's id", StringComparison.Ordinal));
    }

    [Fact]
    public void Targets_are_delivered_group_after_group()
    {
        var plan = Samples.Plan(Samples.Policy(Strategy.Overlap, "keys"));
        Assert.Equal(
            [
                "deliver-app-env-1", "deliver-job-env-1", "confirm-app-env-1", "confirm-job-env-1", "deliver-late-1", "restart-api-1",
                "check-api-1",
            ],
            plan.Steps.Skip(Index(plan, "verify") + 1).TakeWhile(s => s.Kind != StepKinds.Promote).Select(s => s.Id));
        Assert.Equal("deliver-1-0", Step(plan, "deliver-app-env-1").Group);
        Assert.Equal("deliver-1-1", Step(plan, "deliver-late-1").Group);
    }

    [Fact]
    public void A_consumer_with_a_group_is_a_canary()
    {
        var policy = Samples.Policy(Strategy.Overlap, "keys");
        var plan = Samples.Plan(policy with { Consumers = [policy.Consumers[0], policy.Consumers[0] with { Name = "canary", Group = 0 }] });
        Assert.Equal(
            [
                "deliver-app-env-1", "deliver-job-env-1", "confirm-app-env-1", "confirm-job-env-1", "restart-canary-1", "check-canary-1",
                "deliver-late-1", "restart-api-1", "check-api-1",
            ],
            plan.Steps.Skip(Index(plan, "verify") + 1).TakeWhile(s => s.Kind != StepKinds.Promote).Select(s => s.Id));
    }

    [Fact]
    public void A_consumer_has_its_own_time_to_come_back_there_and_on_the_way_back()
    {
        var policy = Samples.Policy(Strategy.Overlap, "keys");
        var plan = Samples.Plan(policy with { Consumers = [policy.Consumers[0] with { CheckTimeout = TimeSpan.FromMinutes(20) }] });
        Assert.Equal(TimeSpan.FromMinutes(20), Step(plan, "check-api-1").Retry.Within);
        Assert.Equal(TimeSpan.FromMinutes(20), plan.Steps.SelectMany(s => s.Undo).Single(u => u.Id == "undo-check-api-1").Retry!.Within);
        Assert.Null(Step(plan, "restart-api-1").Retry.Within);
        Assert.Null(Step(Samples.Plan(policy), "check-api-1").Retry.Within);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(300)]
    [InlineData(86400)]
    public void Waiting_for_arrival_lasts_as_long_as_it_may(int seconds)
    {
        var target = new TargetBinding("t", new ProviderBinding("dotenv", new JsonObject()), 0, TimeSpan.FromSeconds(seconds));
        var step = Step(Samples.Plan(Samples.Policy(Strategy.Overlap, "keys") with { Targets = [target] }), "confirm-t-1");

        var (spent, pause) = (TimeSpan.Zero, step.Retry.First);
        for (var i = 1; i < step.Retry.Attempts; i++)
        {
            spent += pause;
            pause = pause * step.Retry.Factor < step.Retry.Max ? pause * step.Retry.Factor : step.Retry.Max;
        }
        Assert.InRange(spent, target.ConfirmTimeout, (target.ConfirmTimeout * 1.1) + TimeSpan.FromSeconds(1));
        Assert.Equal(target.ConfirmTimeout, step.Timeout);
    }

    [Fact]
    public void A_trial_cut_off_comes_behind_all_gates_and_can_be_taken_back()
    {
        var policy = PlanCases.Guarded(Strategy.Overlap, "keys") with { DisableFor = TimeSpan.FromHours(12) };

        var plan = Samples.Plan(policy, Samples.Known);
        Assert.Equal(
            ["promote", "grace", "evidence", "approve-revoke", "hold", "disable", "trial", "hold-again", "revoke", "finish"],
            plan.Steps.Skip(Index(plan, "promote")).Select(s => s.Id));
        Assert.Equal((StepKinds.Enable, "keys"), (Step(plan, "disable").Undo[0].Kind, Step(plan, "disable").Undo[0].Provider!.Type));
        Assert.Equal(
            ("12h", StepSettings.Here),
            (Step(plan, "trial").Settings[StepSettings.Duration], Step(plan, "trial").Settings[StepSettings.From]));

        Assert.DoesNotContain(
            Samples.Plan(policy, Samples.Known, Samples.By(RotationTrigger.Emergency)).Steps,
            s => s.Kind == StepKinds.Disable);
        var nameless =
            Samples.Plan(policy, Samples.Snapshot(Samples.Credential(CredentialState.Active) with { ProviderCredentialId = null }));
        Assert.DoesNotContain(nameless.Steps, s => s.Kind == StepKinds.Disable);
        Assert.Contains(nameless.Warnings, w => w.Contains("no trial cut-off", StringComparison.Ordinal));

        var end = Samples.Plan(policy, Samples.Known, Samples.By(RotationTrigger.Manual) with { Instead = Strategy.Retire });
        Assert.Equal("true", Step(end, "disable").Settings[StepSettings.Retire]);
        Assert.True(Index(end, "trial") == Index(end, "revoke") - 2);
    }

    [Fact]
    public void Gates_carry_their_own_times()
    {
        var plan = Samples.Plan(PlanCases.Guarded(Strategy.Overlap, "keys"));
        Assert.Equal(TimeSpan.FromDays(2), Step(plan, "evidence").Timeout);
        Assert.Equal(
            ("10m", "stuck"),
            (Step(plan, "evidence").Settings[StepSettings.QuietFor], Step(plan, "evidence").Settings[StepSettings.OnTimeout]));
        Assert.Equal(
            (TimeSpan.FromDays(7), "revoke"),
            (Step(plan, "approve-revoke").Timeout, Step(plan, "approve-revoke").Settings[StepSettings.ApproveWhat]));
        Assert.Null(Step(plan, "grace").Timeout);
    }

    [Fact]
    public void In_place_asks_before_the_start_even_if_the_policy_says_before_the_revoke() =>
        Assert.Equal(
            "start",
            Step(Samples.Plan(PlanCases.Guarded(Strategy.InPlace, "postgres")), "approve-start").Settings[StepSettings.ApproveWhat]);

    [Theory]
    [InlineData(Strategy.InPlace, "postgres")]
    [InlineData(Strategy.ReEncrypt, "rows")]
    public void Behind_an_approval_to_start_all_is_checked_again_before_anything_else(Strategy strategy, string provider)
    {
        var steps = Samples.Plan(PlanCases.Guarded(strategy, provider)).Steps.ToList();
        var behind = steps.Skip(steps.FindIndex(step => step.Id == "approve-start") + 1)
            .TakeWhile(step => step.Kind == StepKinds.Validate)
            .ToList();

        var before = steps.Where(step => step.Kind == StepKinds.Validate).Except(behind).ToList();
        Assert.Equal(before.Select(step => step.Target), behind.Select(step => step.Target));
        Assert.All(behind, step => Assert.Equal("1h", step.Settings[StepSettings.Within]));
        Assert.All(before, step => Assert.DoesNotContain(StepSettings.Within, step.Settings.Keys));
        Assert.Single(behind.Select(step => step.Group).Distinct());
    }

    [Fact]
    public void Without_an_approval_to_start_all_is_checked_once() =>
        Assert.DoesNotContain(
            Samples.Plan(PlanCases.Guarded(Strategy.Overlap, "keys")).Steps,
            step => step.Settings.ContainsKey(StepSettings.Within));

    [Fact]
    public void An_emergency_lists_all_it_skips()
    {
        var plan = Samples.Plan(PlanCases.Guarded(Strategy.Overlap, "keys"), request: Samples.By(RotationTrigger.Emergency));
        foreach (var skipped in new[] { "approval", "grace of 1d", "evidence", "window" })
        {
            Assert.Contains(
                plan.Warnings,
                w => w.StartsWith("Emergency INC-1", StringComparison.Ordinal) && w.Contains(skipped, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(Strategy.Overlap, "keys", true)]
    [InlineData(Strategy.Alternate, "postgres", true)]
    [InlineData(Strategy.Overlap, "legacy-keys", false)]
    [InlineData(Strategy.InPlace, "postgres", false)]
    [InlineData(Strategy.DualKey, "generated", false)]
    public void Revoking_first_happens_only_where_it_can(Strategy strategy, string provider, bool can)
    {
        var plan = Samples.Plan(Samples.Policy(strategy, provider), request: Samples.By(RotationTrigger.Emergency, revokeFirst: true));
        Assert.Equal(can, plan.Steps.Any(s => s.Id == "revoke-first"));
        Assert.Equal(!can, plan.Warnings.Any(w => w.StartsWith("Revoking first is not possible", StringComparison.Ordinal)));
        if (can)
        {
            // What is left takes a refused value back, so that another can be made; it leads nowhere else.
            Assert.All(plan.Steps.Where(s => s.Undo.Count > 0), s => Assert.Equal("true", s.Settings[StepSettings.ForwardOnly]));
            Assert.All(
                plan.Steps.SelectMany(s => s.Undo),
                u => Assert.Contains(u.Kind, new[] { StepKinds.RevokeNew, StepKinds.DiscardPending }));
            Assert.Equal(StepKinds.DiscardPending, plan.Steps.First(s => s.Undo.Count > 0).Undo[^1].Kind);
            Assert.True(
                Index(plan, "revoke-first") < plan.Steps.Index().First(s => s.Item.Kind is StepKinds.Issue or StepKinds.Generate).Index);
        }
    }

    [Theory]
    [InlineData(Strategy.Overlap, "keys", null)]
    [InlineData(Strategy.Alternate, "postgres", "old+")]
    [InlineData(Strategy.DualKey, "generated", "old+taken-over")]
    [InlineData(Strategy.InPlace, "postgres", null)]
    [InlineData(Strategy.InPlace, "generated", "old+")]
    public void Half_delivered_targets_are_put_back_on_what_keeps_working(Strategy strategy, string provider, string? level)
    {
        var left = Samples.Snapshot(
            Samples.Credential(CredentialState.Active),
            Samples.Credential(CredentialState.Pending, "app_b", 2, providerId: null));
        var plan = Samples.Plan(Samples.Policy(strategy, provider), left);
        var delivered = plan.Steps.Where(s => s.Settings.ContainsKey(StepSettings.Level))
            .Select(s => $"{s.Settings[StepSettings.Primary]}+{s.Settings.GetValueOrDefault(StepSettings.Secondary)}").ToList();
        Assert.Equal(level is null ? [] : [level, level, level], delivered);
        Assert.Equal(level is not null, plan.Steps.Any(s => s.Id == "check-api-0"));
    }

    [Fact]
    public void In_place_the_way_back_of_a_take_over_levels_account_and_targets()
    {
        var left = Samples.Snapshot(
            Samples.Credential(CredentialState.Active),
            Samples.Credential(CredentialState.Pending, "app", 2, providerId: null));
        var plan = Samples.Plan(Samples.Policy(Strategy.InPlace, "postgres"), left);
        var undo = Step(plan, "apply").Undo;
        Assert.Equal(
            ["undo-apply-late", "undo-apply-app-env", "undo-apply-job-env", "undo-apply", "undo-restart-api-1", "undo-check-api-1"],
            undo.Select(u => u.Id));
        Assert.All(undo.Take(4), u => Assert.Equal("true", u.Settings[StepSettings.Level]));
        Assert.Equal("true", Assert.Single(Step(plan, "deliver-late-1").Undo).Settings[StepSettings.Level]);
        Assert.Contains(plan.Warnings, w => w.Contains("may have set its value already", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_targets_cannot_be_put_back_the_plan_says_so()
    {
        var left = Samples.Credential(CredentialState.Pending, "app_b", 2, providerId: null);
        var notStored = Samples.Plan(
            Samples.Policy(Strategy.Alternate, "postgres"),
            Samples.Snapshot(Samples.Credential(CredentialState.Active, stored: false), left));
        var revoked = Samples.Plan(
            Samples.Policy(Strategy.Alternate, "postgres"),
            Samples.Snapshot(Samples.Credential(CredentialState.Active), left),
            Samples.By(RotationTrigger.Emergency, revokeFirst: true, supersedes: true));
        Assert.Contains(notStored.Warnings, w => w.Contains("cannot be put back first", StringComparison.Ordinal));
        Assert.Contains(revoked.Warnings, w => w.Contains("are not put back first", StringComparison.Ordinal));
    }

    [Fact]
    public void Requests_that_contradict_themselves_are_refused()
    {
        var policy = Samples.Policy(Strategy.Overlap, "keys");
        Assert.Throws<ArgumentException>(() => Samples.Plan(
            policy,
            request: Samples.By(RotationTrigger.Emergency) with { Incident = " " }));
        Assert.Throws<ArgumentException>(() => Samples.Plan(policy, request: Samples.By(RotationTrigger.Manual, revokeFirst: true)));
        Assert.Throws<ArgumentException>(() => Samples.Plan(policy, request: Samples.By(RotationTrigger.Schedule, supersedes: true)));
        Assert.Throws<ArgumentException>(() => Samples.Plan(policy with { Name = "other" }));
        Assert.Throws<ArgumentException>(() => Samples.Plan(Samples.Policy(Strategy.Overlap, "nobody")));
    }

    private static PlannedStep Step(RotationPlan plan, string id) => Assert.Single(plan.Steps, s => s.Id == id);

    private static int Index(RotationPlan plan, string id) => plan.Steps.Index().Single(s => s.Item.Id == id).Index;
}
