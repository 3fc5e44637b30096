using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Calendar.Simulation;

/// <summary>Makes a catalog of any size, with everything in it that says when rotations start.</summary>
public static class MadeCatalog
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly string[] Zones =
    [
        "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Santiago", "Pacific/Auckland",
        "Africa/Cairo", "Europe/London",
    ];

    private static readonly string[] Crons =
    [
        "30 2 * * 1", "0 3 1 * *", "15 2 15 * *", "0 0 * * 0", "30 1 * * 0", "45 2 * * 0,3", "0 4 1 1,4,7,10 *", "59 23 28 * *",
    ];

    /// <summary>Windows around midnight, in and across the hours that daylight saving takes and gives, and in working hours.</summary>
    private static readonly (string From, string To)[] Windows =
    [
        ("02:00", "03:00"), ("01:30", "03:30"), ("23:00", "01:30"), ("22:00", "04:00"), ("09:00", "16:00"), ("00:00", "00:45"),
        ("02:30", "05:00"), ("12:00", "13:00"),
    ];

    private static readonly DayOfWeek[][] Days =
    [
        [], [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday],
        [DayOfWeek.Saturday, DayOfWeek.Sunday], [DayOfWeek.Sunday], [DayOfWeek.Tuesday, DayOfWeek.Thursday],
    ];

    /// <param name="secrets">How many.</param>
    /// <param name="from">Freezes and pauses are laid from then on.</param>
    /// <param name="seed">The same seed makes the same catalog.</param>
    public static RotationCatalog Of(int secrets, DateTimeOffset from, long seed)
    {
        var policies = new Dictionary<string, Policy>(StringComparer.Ordinal);
        var general = Dice.For(seed, -2);
        var groups = Enumerable.Range(0, Math.Max(1, secrets / 12)).Select(number => Group(number, secrets, general)).ToList();
        for (var number = 0; number < secrets; number++)
        {
            var dice = Dice.For(seed, number + 1_000_000);
            var policy = Policy(number, from, dice);
            policy = policy with
            {
                Group = dice.Chance(0.35) ? groups[number % groups.Count] : null,
                After = number % 8 == 7 && policies[Name(number - 1)] is { } first && Rotates(first)
                    ? new PrecedingSecret(first.Name, dice.Between(TimeSpan.Zero, 5 * Day))
                    : null,
            };
            policies.Add(policy.Name, policy);
        }
        return new RotationCatalog(policies, $"made-{secrets}-{seed}", "/");
    }

    private static string Name(int number) => $"secret-{number:D4}";

    private static bool Rotates(Policy policy) => policy is not { Interval: null, Cron: null };

    private static RotationGroup Group(int number, int secrets, Dice dice) => new(
        $"group-{number}",
        dice.Of(1, 1, 2, 3),
        dice.Chance(0.5) ? [Name(dice.Below(secrets)), Name(number)] : []);

    private static Policy Policy(int number, DateTimeOffset from, Dice dice)
    {
        var (interval, cron, risk) = HowOften(dice);
        var room = (interval ?? 7 * Day) / 6;
        var strategy = dice.Of(
            Strategy.Overlap, Strategy.Overlap, Strategy.Alternate, Strategy.InPlace, Strategy.DualKey, Strategy.Supplied);
        return new Policy
        {
            Name = Name(number),
            Strategy = number % 50 == 49 ? Strategy.ReEncrypt : strategy,
            Provider = new ProviderBinding("generated", new JsonObject()),
            Interval = interval,
            Cron = cron,
            Risk = risk,
            OnCompromise = interval is null && cron is null && dice.Chance(0.5),
            Jitter = dice.Chance(0.4) ? dice.Between(TimeSpan.Zero, room < 12 * Hour ? room : 12 * Hour) : TimeSpan.Zero,
            RenewBefore = interval is not null && dice.Chance(0.12) ? dice.Between(Day, room) : null,
            Window = dice.Chance(0.6) ? Window(dice) : null,
            Freezes = Freezes(from, dice),
            Missed = dice.Of(MissedRun.NextWindow, MissedRun.NextWindow, MissedRun.AtOnce, MissedRun.Ask),
            Paused = dice.Chance(0.05)
                ? new SchedulePause(from + dice.Between(10 * Day, 90 * Day), "database migration")
                : null,
            Grace = strategy == Strategy.InPlace ? TimeSpan.Zero : dice.Between(TimeSpan.Zero, room < 7 * Day ? room : 7 * Day),
            VerifierCache = strategy == Strategy.DualKey ? dice.Between(TimeSpan.Zero, 2 * Hour) : null,
            Approval = dice.Chance(0.15)
                ? new ApprovalPolicy(dice.Of(ApprovalMoment.Start, ApprovalMoment.Revoke), dice.Chance(0.5) ? 7 * Day : null)
                : null,
            Evidence = strategy == Strategy.Overlap && dice.Chance(0.2) ? new EvidencePolicy(10 * TimeSpan.FromMinutes(1), Day) : null,
            DisableFor = strategy == Strategy.Overlap && dice.Chance(0.1) ? Day : null,
        };
    }

    private static (TimeSpan? Interval, CronRule? Cron, RiskClass? Risk) HowOften(Dice dice) => dice.Below(20) switch
    {
        < 3 => (30 * Day, null, RiskClass.High),
        < 6 => (60 * Day, null, RiskClass.Database),
        < 10 => (90 * Day, null, RiskClass.Key),
        < 12 => (180 * Day, null, RiskClass.Low),
        < 13 => (365 * Day, null, RiskClass.Infrastructure),
        < 17 => (null, new CronRule(dice.Of<string>(Crons), dice.Of<string>(Zones)), null),
        < 19 => (dice.Between(7 * Day, 45 * Day), null, null),
        _ => (null, null, null),
    };

    private static RotationWindow Window(Dice dice)
    {
        var (from, to) = dice.Of<(string, string)>(Windows);
        return new RotationWindow(
            dice.Of<DayOfWeek[]>(Days),
            TimeOnly.Parse(from, System.Globalization.CultureInfo.InvariantCulture),
            TimeOnly.Parse(to, System.Globalization.CultureInfo.InvariantCulture),
            dice.Of<string>(Zones));
    }

    private static List<ChangeFreeze> Freezes(DateTimeOffset from, Dice dice)
    {
        var (freezes, zone, local) = (new List<ChangeFreeze>(), dice.Of<string>(Zones), dice.Chance(0.2));
        for (var year = from.Year; year <= from.Year + 10; year++)
        {
            freezes.Add(Freeze("year-end", new DateTime(year, 12, 18), 18, zone));
            if (local)
            {
                freezes.Add(Freeze("easter-sale", new DateTime(year, 3, 25), 9, zone));
                freezes.Add(Freeze("autumn-sale", new DateTime(year, 10, 24), 3, zone));
            }
        }
        return freezes;
    }

    private static ChangeFreeze Freeze(string name, DateTime day, int days, string zone)
    {
        var id = TimeZoneInfo.FindSystemTimeZoneById(zone);
        return new ChangeFreeze(name, LocalTime.At(id, day), LocalTime.At(id, day.AddDays(days)));
    }
}
