using Rotunda.Rotation.Catalog;

namespace Rotunda.Calendar.Simulation;

/// <summary>How the years begin, and what comes from outside.</summary>
internal static class Beginnings
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Adopted some time within the last interval: not all are due on one day, and none is due yet.</summary>
    public static SimulatedSecret Of(Policy policy, int place, SimulationOptions options, Dice dice)
    {
        var most = policy.Interval is { } interval && interval < TimeSpan.FromDays(options.Days) ? interval : TimeSpan.FromDays(30);
        var life = policy.RenewBefore is { } lead ? dice.Between(2 * lead, 2 * (lead + most)) : (TimeSpan?)null;
        var adopted = policy.Cron is null ? options.From - dice.Between(TimeSpan.Zero, life < most ? life.Value / 2 : most) : options.From;
        return new SimulatedSecret(policy, place, adopted, life);
    }

    /// <summary>The looks of each week, and what people do of themselves.</summary>
    public static IEnumerable<(DateTimeOffset At, AgendaItem Item)> Agenda(
        IEnumerable<SimulatedSecret> secrets, SimulationOptions options, Faults faults, IReadOnlyDictionary<string, Dice> dice)
    {
        var all = new AgendaItem(Happening.LookAtAll, null);
        for (var day = 0; day < options.Days; day += 7)
        {
            yield return (options.From.AddDays(day).AddMinutes(1), all);
        }
        foreach (var turn in faults.Turns)
        {
            yield return (turn, all);
        }
        if (!options.Faults)
        {
            yield break;
        }
        foreach (var secret in secrets)
        {
            var chance = dice[secret.Name];
            for (var from = options.From; from < options.Until; from = from.AddDays(91))
            {
                if (chance.Chance(0.06))
                {
                    yield return (from + chance.Between(Hour, 90 * 24 * Hour), new AgendaItem(Happening.ByPerson, secret));
                }
                if (chance.Chance(0.02))
                {
                    yield return (from + chance.Between(Hour, 90 * 24 * Hour), new AgendaItem(Happening.Emergency, secret));
                }
            }
        }
    }
}
