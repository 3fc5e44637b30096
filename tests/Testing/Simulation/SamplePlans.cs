using System.Text.Json.Nodes;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Testing.Simulation;

/// <summary>How a sample plan is to be shaped.</summary>
public sealed record SamplePlanOptions
{
    public Strategy Strategy { get; init; } = Strategy.Overlap;
    public int Number { get; init; } = 1;

    /// <summary>A run that makes no new value, of a secret of that strategy. For the planner's own plans.</summary>
    public Strategy? Instead { get; init; }

    public RotationTrigger Trigger { get; init; } = RotationTrigger.Manual;

    /// <summary>Delivered to side by side.</summary>
    public IReadOnlyList<string> Targets { get; init; } = ["app-1", "app-2"];

    public bool ApproveStart { get; init; }
    public bool ApproveRevoke { get; init; }
    public TimeSpan? ApprovalTimeout { get; init; } = TimeSpan.FromDays(2);
    public TimeSpan Grace { get; init; } = TimeSpan.FromHours(24);
    /// <summary>With overlap: a trial cut-off; null for none.</summary>
    public TimeSpan? DisableFor { get; init; }

    public bool Evidence { get; init; }
    public string OnTimeout { get; init; } = "stuck";

    /// <summary>A last look before the old credential ends.</summary>
    public bool Hold { get; init; }

    /// <summary>Dual-key: the wait between the first and the second delivery.</summary>
    public TimeSpan VerifierCache { get; init; }

    public bool TakesOver { get; init; }
    public RetryBudget Retry { get; init; } = new(4, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1));
}

/// <summary>
/// Plans of every strategy, built by hand in the shapes of the design's table, so that the interpreter is tested apart
/// from the planner. What runs on the model world is drawn by the planner itself: <see cref="ModelPlans"/>.
/// </summary>
public static class SamplePlans
{
    /// <summary>Those that make a new value.</summary>
    public static IReadOnlyList<Strategy> Rotations { get; } =
        [.. Enum.GetValues<Strategy>().Where(strategy => strategy is not (Strategy.Deliver or Strategy.Retire))];

    public static RotationPlan Make(SamplePlanOptions options)
    {
        var builder = new Builder(options);
        builder.Opening();
        switch (options.Strategy)
        {
            case Strategy.Overlap:
                builder.Overlap();
                break;
            case Strategy.Alternate:
                builder.Alternate();
                break;
            case Strategy.InPlace:
                builder.InPlace();
                break;
            case Strategy.ReEncrypt:
                builder.ReEncrypt();
                break;
            case Strategy.Deliver:
                builder.Deliver();
                break;
            case Strategy.Retire:
                builder.Retire();
                break;
            case Strategy.Supplied:
                builder.Supplied();
                break;
            default:
                builder.DualKey();
                break;
        }

        return builder.Plan();
    }

    private sealed class Builder(SamplePlanOptions options)
    {
        private readonly List<PlannedStep> _steps = [];

        public RotationPlan Plan() => new(
            RotationPlan.CurrentInterpreterVersion, $"sample-{options.Number}", "sample", options.Number, options.Strategy, options.Trigger,
            "because", "requester", options.Trigger == RotationTrigger.Emergency ? "INC-1" : null,
            new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero), "embedded", ValueRule.Default, _steps, [], "hash");

        public void Opening()
        {
            Add(StepKinds.Validate);
            if (options.TakesOver)
            {
                Add(StepKinds.TakeOver);
            }

            // Of a re-encryption it comes after the rehearsal, and shows what that found.
            if (options.ApproveStart && options.Strategy != Strategy.ReEncrypt)
            {
                ApproveStart();
            }
        }

        public void Overlap()
        {
            Add(StepKinds.Issue, undo: [StepKinds.RevokeNew, StepKinds.DiscardPending]);
            Add(StepKinds.Verify);
            DeliverAndCheck("", StepSettings.New, null);
            Add(StepKinds.Promote, undo: [StepKinds.Unpromote]);
            Gates();
            Add(StepKinds.Revoke);
            Add(StepKinds.Finish);
        }

        public void Supplied()
        {
            Add(
                StepKinds.Ask,
                settings: [(StepSettings.AskExpires, "14d"), (StepSettings.AskDue, "7d"), (StepSettings.RemindEvery, "1d")],
                undo: [StepKinds.RevokeNew, StepKinds.DiscardPending]);
            DeliverAndCheck("", StepSettings.New, null);
            Add(StepKinds.Promote, undo: [StepKinds.Unpromote]);
            Gates();
            Add(StepKinds.Revoke);
            Add(StepKinds.ConfirmRevoked, "confirm-revoked", settings: [(StepSettings.RemindEvery, "1d")]);
            Add(StepKinds.Finish);
        }

        public void Alternate()
        {
            Add(StepKinds.Generate, undo: [StepKinds.DiscardPending]);
            Add(StepKinds.Apply, settings: [(StepSettings.Account, "idle")], undo: [StepKinds.RevokeNew]);
            Add(StepKinds.Verify);
            DeliverAndCheck("", StepSettings.New, null);
            Add(StepKinds.Promote, undo: [StepKinds.Unpromote]);
            Gates();
            Add(StepKinds.Revoke);
            Add(StepKinds.Finish);
        }

        public void InPlace()
        {
            Add(StepKinds.Generate, undo: [StepKinds.DiscardPending]);
            Add(StepKinds.Apply, settings: [(StepSettings.Account, "only")], undo: [StepKinds.ReapplyOld]);
            Add(StepKinds.Verify);
            DeliverAndCheck("", StepSettings.New, null);
            Add(StepKinds.Promote, undo: [StepKinds.Unpromote]);
            Add(StepKinds.Finish);
        }

        public void Deliver()
        {
            Add(StepKinds.Verify, settings: [(StepSettings.Primary, StepSettings.Old)]);
            DeliverAndCheck("", StepSettings.Old, null);
            Add(StepKinds.Finish);
        }

        public void Retire()
        {
            foreach (var target in options.Targets)
            {
                Add(
                    StepKinds.Deliver,
                    $"withdraw-{target}",
                    group: "withdraw",
                    target: target,
                    settings: [(StepSettings.Withdraw, "true")],
                    undo: [StepKinds.Redeliver]);
            }

            Gates();
            Add(StepKinds.Revoke, settings: [(StepSettings.Retire, "true")]);
            Add(StepKinds.Finish);
        }

        public void DualKey()
        {
            Add(StepKinds.Generate, undo: [StepKinds.DiscardPending]);
            DeliverAndCheck("first-", StepSettings.Old, StepSettings.New);
            if (options.VerifierCache > TimeSpan.Zero)
            {
                Add(StepKinds.Wait, settings: [(StepSettings.Duration, $"{(int)options.VerifierCache.TotalSeconds}s")]);
            }

            DeliverAndCheck("second-", StepSettings.New, StepSettings.Old);
            Add(StepKinds.Promote, undo: [StepKinds.Unpromote]);
            Gates();
            foreach (var target in options.Targets)
            {
                Add(StepKinds.Deliver, $"retire-old-{target}", target, [(StepSettings.Primary, StepSettings.New)], group: "retire-old");
            }

            Add(StepKinds.Revoke);
            Add(StepKinds.Finish);
        }

        public void ReEncrypt()
        {
            Add(StepKinds.Rehearse);
            if (options.ApproveStart)
            {
                ApproveStart((StepSettings.Shows, "rehearse"));
            }

            Add(StepKinds.Generate, undo: [StepKinds.DiscardPending]);
            Add(StepKinds.Backup, undo: [StepKinds.DropBackup]);
            DeliverAndCheck("first-", StepSettings.Old, StepSettings.New);
            DeliverAndCheck("second-", StepSettings.New, StepSettings.Old);
            Add(StepKinds.Migrate, undo: [StepKinds.RestoreRows]);
            Add(StepKinds.VerifyRows);
            Add(StepKinds.Promote, undo: [StepKinds.Unpromote]);
            Gates();
            foreach (var target in options.Targets)
            {
                Add(StepKinds.Deliver, $"retire-old-{target}", target, [(StepSettings.Primary, StepSettings.New)], group: "retire-old");
            }

            Add(StepKinds.DropBackup);
            Add(StepKinds.Revoke);
            Add(StepKinds.Finish);
        }

        private void ApproveStart(params (string, string)[] more) =>
            Add(StepKinds.Approval, settings: [(StepSettings.ApproveWhat, "start"), .. more], timeout: options.ApprovalTimeout);

        private void DeliverAndCheck(string prefix, string primary, string? secondary)
        {
            (string, string)[] settings = secondary is null
                ? [(StepSettings.Primary, primary)]
                : [(StepSettings.Primary, primary), (StepSettings.Secondary, secondary)];
            foreach (var target in options.Targets)
            {
                Add(
                    StepKinds.Deliver,
                    $"{prefix}deliver-{target}",
                    target,
                    settings,
                    undo: [StepKinds.Redeliver],
                    group: $"{prefix}deliver");
            }

            foreach (var target in options.Targets)
            {
                Add(StepKinds.ConfirmSync, $"{prefix}sync-{target}", target, settings, group: $"{prefix}sync");
            }

            Add(StepKinds.VerifyConsumers, $"{prefix}verify-consumers", settings: settings);
        }

        private void Gates()
        {
            if (options.Grace > TimeSpan.Zero)
            {
                Add(StepKinds.Grace, settings: [(StepSettings.Duration, $"{(int)options.Grace.TotalSeconds}s")]);
            }

            if (options.Evidence)
            {
                Add(
                    StepKinds.Evidence,
                    settings: [(StepSettings.QuietFor, "1h"), (StepSettings.OnTimeout, options.OnTimeout)],
                    timeout: TimeSpan.FromHours(2));
            }

            if (options.ApproveRevoke)
            {
                Add(
                    StepKinds.Approval,
                    "approve-revoke",
                    settings: [(StepSettings.ApproveWhat, "revoke")],
                    timeout: options.ApprovalTimeout);
            }

            if (options.Hold)
            {
                Add(StepKinds.Hold);
            }

            if (options.DisableFor is { } time)
            {
                Add(StepKinds.Disable, undo: [StepKinds.Enable]);
                Add(
                    StepKinds.Grace,
                    "trial",
                    settings: [(StepSettings.Duration, $"{(int)time.TotalSeconds}s"), (StepSettings.From, StepSettings.Here)]);
            }
        }

        private void Add(
            string kind, string? id = null, string? target = null, (string Name, string Value)[]? settings = null, TimeSpan? timeout = null,
            string[]? undo = null, string? group = null)
        {
            id ??= kind.ToLowerInvariant();
            var own = (settings ?? []).ToDictionary(s => s.Name, s => s.Value, StringComparer.Ordinal);
            var provider = new ProviderBinding("model", new JsonObject { ["at"] = target ?? "provider" });
            _steps.Add(new PlannedStep(
                id, kind, $"{kind} {target}".Trim(), target, provider, own, timeout, options.Retry, group,
                [.. (undo
                    ?? []).Select(u => new PlannedUndo(
                        $"{u.ToLowerInvariant()}-{id}",
                        u,
                        $"{u} {target}".Trim(),
                        target,
                        provider,
                        own))]));
        }
    }
}
