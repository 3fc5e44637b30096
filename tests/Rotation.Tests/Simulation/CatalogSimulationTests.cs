using System.Globalization;
using System.Text.Json;
using Rotunda.Calendar.Due;
using Rotunda.Calendar.Simulation;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;

namespace Rotunda.Rotation.Tests.Simulation;

/// <summary>Two years of 500 secrets on the virtual clock, and that the simulation would find what it looks for.</summary>
public sealed class CatalogSimulationTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Start = new(2026, 11, 28, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How many seeds: ROTUNDA_SIMULATE_SEEDS, 3 otherwise.</summary>
    private static int Seeds =>
        int.TryParse(Environment.GetEnvironmentVariable("ROTUNDA_SIMULATE_SEEDS"), CultureInfo.InvariantCulture, out var n) ? n : 3;

    [Fact]
    public void Two_years_of_500_secrets_break_no_promise()
    {
        var broken = new List<string>();
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var report = CatalogSimulation.Run(Options(500, seed), TestContext.Current.CancellationToken);
            output.WriteLine($"seed {seed}: {report.Looks} looks, {report.Months.Sum(month => month.Scheduled)} scheduled starts");

            Assert.InRange(report.Months.Sum(month => month.Scheduled), 3000, 100_000);
            broken.AddRange(report.Broken.Select(one => $"{seed}: {one.At:u} {one.Secret}: {one.Promise} ({one.What})"));
        }

        output.WriteLine(string.Join(Environment.NewLine, broken.Take(100)));
        Assert.Empty(broken);
    }

    [Fact]
    public void The_same_seed_plays_the_same()
    {
        var (one, again, other) = (CatalogSimulation.Run(Options(40, 7, 200)), CatalogSimulation.Run(Options(40, 7, 200)),
            CatalogSimulation.Run(Options(40, 8, 200)));

        Assert.Equal(Text(one), Text(again));
        Assert.NotEqual(Text(one), Text(other));
    }

    [Fact]
    public void Without_faults_everything_succeeds()
    {
        var report = CatalogSimulation.Run(Options(60, 3) with { Faults = false });

        Assert.Empty(report.Broken);
        Assert.Equal((0, 0), (report.Months.Sum(month => month.Failed), report.Downtimes));
        Assert.Equal(report.Months.Sum(month => month.Scheduled), report.ByHour.Sum());
    }

    /// <summary>Rules that are broken on purpose: the simulation tells which promise that breaks.</summary>
    public static TheoryData<string, Decide> Wrong { get; } = new()
    {
        { Promises.Window, (policy, schedule, now) => RotationSchedule.Decide(policy with { Window = null }, schedule, now) },
        { Promises.Freeze, (policy, schedule, now) => RotationSchedule.Decide(policy with { Freezes = [] }, schedule, now) },
        { Promises.Pause, (policy, schedule, now) => RotationSchedule.Decide(policy with { Paused = null }, schedule, now) },
        { Promises.Due, (policy, schedule, now) => RotationSchedule.Decide(policy, schedule, now.AddHours(3)) },
        {
            Promises.Pauses,
            (policy, schedule, now) => RotationSchedule.Decide(
                policy,
                schedule with { LastFailedAt = schedule.LastFailedAt?.AddHours(-2) },
                now)
        },
        { Promises.OneOfASecret, (policy, schedule, now) => RotationSchedule.Decide(
            policy,
            schedule with { ActiveRotationId = null },
            now) },
        {
            Promises.Group,
            (policy, schedule, now) => RotationSchedule.Decide(
                policy,
                policy.Group is null ? schedule : schedule with { HeldBy = null },
                now)
        },
        {
            Promises.Staging,
            (policy, schedule, now) => RotationSchedule.Decide(
                policy,
                policy.After is null ? schedule : schedule with { HeldBy = null },
                now)
        },
        {
            Promises.OnceForADue,
            (policy, schedule, now) => RotationSchedule.Decide(policy, schedule, now) with { StartKey = "the same each time" }
        },
        {
            Promises.Cron,
            (policy, schedule, now) => RotationSchedule.Decide(
                policy.Cron is { } cron ? policy with { Cron = cron with { TimeZone = "UTC" } } : policy, schedule, now)
        },
        { Promises.Late, (policy, schedule, now) => RotationSchedule.Decide(policy, schedule, now.AddHours(-3)) },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void A_scheduler_that_breaks_a_promise_is_found_out(string promise, Decide decide)
    {
        var report = CatalogSimulation.Run(Options(120, 5, 400) with { Decide = decide });

        Assert.Contains(report.Broken, one => one.Promise == promise);
    }

    /// <summary>All in one group, so that people often come while another one is under way.</summary>
    [Fact]
    public void A_desk_that_starts_beside_a_full_group_is_found_out()
    {
        var made = MadeCatalog.Of(60, Start, 5);
        var group = new RotationGroup("all", 2, []);
        var policies = made.Policies.Values.Select(policy => new Policy
        {
            Name = policy.Name, Strategy = policy.Strategy, Provider = policy.Provider, Interval = TimeSpan.FromDays(40), Group = group,
            Grace = TimeSpan.FromDays(1),
        }).ToDictionary(policy => policy.Name, StringComparer.Ordinal);
        var options = new SimulationOptions(made with { Policies = policies }, Start, 730, 5);

        Assert.DoesNotContain(CatalogSimulation.Run(options).Broken, one => one.Promise == Promises.Group);
        Assert.Contains(CatalogSimulation.Run(options with { HandsKeep = null }).Broken, one => one.Promise == Promises.Group);
    }

    [Fact]
    public void A_door_and_what_lies_behind_it_do_not_move_side_by_side()
    {
        var made = MadeCatalog.Of(2, Start, 1);
        var policies = made.Policies.Values.Select(policy => new Policy
        {
            Name = policy.Name, Strategy = policy.Strategy, Provider = policy.Provider, Interval = TimeSpan.FromDays(10),
        }).ToDictionary(policy => policy.Name, StringComparer.Ordinal);
        var (door, behind) = (policies.Keys.First(), policies.Keys.Last());
        var options = new SimulationOptions(made with { Policies = policies }, Start, 365, 1)
        {
            Doors = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { [behind] = [door] },
        };

        Assert.Empty(CatalogSimulation.Run(options).Broken);
    }

    private static string Text(SimulationReport report) => JsonSerializer.Serialize(report);

    private static SimulationOptions Options(int secrets, long seed, int days = 730) =>
        new(MadeCatalog.Of(secrets, Start, seed), Start, days, seed);
}
