using Rotunda.Files;
using Rotunda.Ledger.Postgres;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>
/// Whole rotations, forward and back, with the process dying at every crash point, every answer lost, and every step run twice:
/// each ends as the undisturbed one does, with everything accounted for and nobody locked out on the way.
/// </summary>
public sealed class CrashMatrixTests
{
    private static readonly (string, string)[] OldThenNew =
        [(StepSettings.Primary, StepSettings.Old), (StepSettings.Secondary, StepSettings.New)];
    private static readonly (string, string)[] NewThenOld =
        [(StepSettings.Primary, StepSettings.New), (StepSettings.Secondary, StepSettings.Old)];

    public static TheoryData<string> Names() => [.. Scenarios.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_crash_anywhere_changes_nothing_in_the_end(string name)
    {
        var (points, expected) = await RunAsync(name);
        Assert.NotEmpty(points);
        for (var crashAt = 1; crashAt <= points.Count; crashAt++)
        {
            var (_, end) = await RunAsync(name, crashAt: crashAt);
            Assert.True(expected == end, $"Crash {crashAt} at {points[crashAt - 1]}: {end}, expected {expected}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_lost_answer_changes_nothing_in_the_end(string name)
    {
        var (points, expected) = await RunAsync(name);
        var calls = points.Count(point => point.StartsWith("outside.before", StringComparison.Ordinal));
        for (var lost = 1; lost <= calls; lost++)
        {
            var (_, end) = await RunAsync(name, loseAnswerOf: lost);
            Assert.True(expected == end, $"Answer {lost} lost: {end}, expected {expected}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_step_run_twice_changes_nothing_in_the_end(string name)
    {
        var (_, expected) = await RunAsync(name);
        Assert.Equal(expected, (await RunAsync(name, twice: true)).End);
    }

    /// <param name="store">Where the values are kept; null for the embedded store.</param>
    /// <param name="begin">Called when the secret is adopted and the rotation about to take its first step.</param>
    /// <param name="end">Called after its last step.</param>
    /// <param name="ledger">On PostgreSQL; null for SQLite.</param>
    internal static async Task<(List<string> Points, string End)> RunAsync(
        string name,
        int crashAt = 0,
        int loseAnswerOf = 0,
        bool twice = false,
        StepStore? store = null,
        Action? begin = null,
        Action? end = null,
        PostgresLedgerOptions? ledger = null)
    {
        var scenario = Scenarios[name];
        using var harness = new StepHarness(store, ledger);
        await scenario.AdoptAsync(harness);
        await harness.StartAsync(scenario.Strategy, steps: [.. scenario.Steps.Select(s => s.Step)]);
        var points = new List<string>();
        var lockedOut = new List<string>();
        harness.World.LoseAnswerOf = loseAnswerOf;
        begin?.Invoke();
        harness.Crashes.Handler = point =>
        {
            points.Add(point);
            if (scenario.NeverLocked && !Authenticates(harness.World))
            {
                lockedOut.Add(point);
            }

            if (points.Count == crashAt)
            {
                throw new SimulatedCrashException(point);
            }
        };
        foreach (var (step, undo) in scenario.Steps)
        {
            for (var run = 0; run < (twice ? 2 : 1); run++)
            {
                var outcome = await harness.RunThroughAsync(step, undo);
                Assert.True(
                    outcome.Succeeded,
                    $"{undo?.Kind ?? step.Kind}, crash {crashAt}, lost {loseAnswerOf}: {outcome.Kind}: {outcome.Reason}");
            }
        }

        harness.Crashes.Handler = null;
        end?.Invoke();
        Assert.Empty(lockedOut);
        return (points, await EndAsync(harness));
    }

    private static bool Authenticates(FakeWorld world) =>
        world.Target is null
            || world.Keys.Exists(key => key.Works && key.Value == world.Target)
            || world.Accounts.ContainsValue(world.Target);

    /// <summary>The end as text. The old credential, the new and the rest by role, since ids and generations may differ.</summary>
    private static async Task<string> EndAsync(StepHarness harness)
    {
        var world = harness.World;
        var current = await harness.CurrentValueAsync();
        var all = await harness.Ledger.ListCredentialsAsync("app", default);
        var active = Assert.Single(all, c => c.State == CredentialState.Active);
        var unsettled =
            string.Join(",", all.Where(c => c.State is not (CredentialState.Active or CredentialState.Revoked)).Select(c => c.State));
        // Promise 4: what is live out there is on record as such.
        Assert.All(world.Keys.Where(key => key.Live), key => Assert.Contains(all, c => c.ProviderCredentialId == key.Id && c.MayBeLive));
        Assert.Equal(current, harness.World.Target);
        Assert.True((await harness.Ledger.VerifyAuditAsync(default)).Intact);
        var accounts = world.Accounts.OrderBy(a => a.Key)
            .Select(a => $"{a.Key}={(a.Value is null ? "locked" : a.Value == current ? "current" : "other")}");
        var kept = harness.CountKept();
        return $"active is {(active.RotationNumber == 0 ? "old" : "new")}, target is active {Fingerprints(current, active)}, live keys "
            + $"{world.Keys.Count(k => k.Works)}, "
            + $"accounts {string.Join(",", accounts)}, "
            + $"unsettled [{unsettled}], values kept {kept}";
    }

    private static bool Fingerprints(string current, CredentialRecord active)
    {
        using var value = SecretValue.FromText(current);
        return Fingerprint.Of(value, "salt") == active.Fingerprint;
    }

    private static (PlannedStep, PlannedUndo?) Do(
        string kind,
        string? provider,
        string? target = null,
        string? id = null,
        params (string, string)[] settings) =>
        (Plans.Step(kind, provider, target, id, settings), null);

    private static (PlannedStep, PlannedUndo?) Back(
        string kind,
        string of,
        string provider,
        string? target = null,
        params (string Name, string Value)[] settings) =>
        (
            Plans.Step(of, provider, target),
            Plans.Undo(kind, provider, target) with { Settings = settings.ToDictionary(s => s.Name, s => s.Value) });

    private static readonly (PlannedStep, PlannedUndo?)[] Out =
    [
        Do("Deliver", "target", "env"), Do("ConfirmSync", "target", "env"), Do("RestartConsumers", "target", "env"),
        Do("VerifyConsumers", "target", "env"),
    ];

    private static readonly Dictionary<string, Scenario> Scenarios = new()
    {
        ["overlap"] = new(Strategy.Overlap, true, IssuedAsync,
            [
                Do("Validate", "listing"), Do("Issue", "listing"), Do("Verify", "listing"), .. Out, Do("Promote", "listing"),
                Do("Evidence", "listing"), Do("Disable", "listing"), Do("Revoke", "listing"), Do("Finish", null),
            ]),
        ["overlap back"] = new(Strategy.Overlap, true, IssuedAsync,
            [Do("Issue", "listing"), Do("Verify", "listing"), .. Out, Do("Promote", "listing"),
                Do("Disable", "listing"), Back("Enable", "Disable", "listing"), Back("Unpromote", "Promote", "listing"),
                Back("Redeliver", "Deliver", "target", "env"),
                Back("RevokeNew", "Issue", "listing"), Back("DiscardPending", "Issue", "listing")]),
        ["alternate"] = new(Strategy.Alternate, true, AccountAsync,
            [
                Do("Generate", "accounts"), Do("Apply", "accounts", settings: ("account", "b")), Do("Verify", "accounts"), .. Out,
                Do("Promote", "accounts"), Do("Revoke", "accounts"), Do("Finish", null),
            ]),
        ["alternate back"] = new(Strategy.Alternate, true, AccountAsync,
            [Do("Generate", "accounts"), Do("Apply", "accounts", settings: ("account", "b")), .. Out, Do("Promote", "accounts"),
                Back("Unpromote", "Promote", "accounts"), Back("Redeliver", "Deliver", "target", "env"),
                Back("RevokeNew", "Apply", "accounts", null, ("account", "b")),
                Back("DiscardPending", "Generate", "accounts")]),
        ["in place"] = new(Strategy.InPlace, false, AccountAsync,
            [Do(
                "Generate",
                "accounts"), Do(
                    "Apply",
                    "accounts",
                    settings: ("account", "a")), Do("Verify", "accounts"), .. Out, Do("Promote", "accounts"),
                Do("Revoke", "accounts", settings: ("inPlace", "true")), Do("Finish", null)]),
        ["in place back"] = new(Strategy.InPlace, false, AccountAsync,
            [Do("Generate", "accounts"), Do("Apply", "accounts", settings: ("account", "a")), .. Out, Do("Promote", "accounts"),
                Back("Unpromote", "Promote", "accounts"), Back("Redeliver", "Deliver", "target", "env"),
                Back("ReapplyOld", "Deliver", "accounts", null, ("account", "a")),
                Back("ReapplyOld", "Apply", "accounts", null, ("account", "a")), Back("DiscardPending", "Generate", "accounts")]),
        ["dual key"] = new(Strategy.DualKey, false, GeneratedAsync,
            [Do(
                "Generate",
                "generated"), Do(
                    "Deliver",
                    "target",
                    "env",
                    "d1",
                    OldThenNew), Do("Deliver", "target", "env", "d2", NewThenOld), Do("Promote", "generated"),
                Do("Deliver", "target", "env", "d3"), Do("Revoke", "generated"), Do("Finish", null)]),
        ["dual key back"] = new(Strategy.DualKey, false, GeneratedAsync,
            [Do(
                "Generate",
                "generated"), Do(
                    "Deliver",
                    "target",
                    "env",
                    "d1",
                    OldThenNew), Do("Deliver", "target", "env", "d2", NewThenOld), Do("Promote", "generated"),
                Back("Unpromote", "Promote", "generated"), Back("Redeliver", "Deliver", "target", "env", OldThenNew),
                Back("Redeliver", "Deliver", "target", "env"),
                Back("DiscardPending", "Generate", "generated")]),
    };

    private static Task IssuedAsync(StepHarness harness)
    {
        var key = harness.World.Add(null);
        return harness.AdoptAsync(key.Value, key.Id, null);
    }

    private static Task AccountAsync(StepHarness harness)
    {
        harness.World.Accounts["a"] = "the-old-password";
        return harness.AdoptAsync("the-old-password", "a", "a");
    }

    private static Task GeneratedAsync(StepHarness harness) => harness.AdoptAsync("the-old-signing-key", null, null);

    private sealed record Scenario(
        Strategy Strategy,
        bool NeverLocked,
        Func<StepHarness, Task> AdoptAsync,
        IReadOnlyList<(PlannedStep Step, PlannedUndo? Undo)> Steps);
}
