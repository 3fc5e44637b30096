using Cronos;
using Rotunda.Rotation.Words;
using Rotunda.Yaml;

namespace Rotunda.Rotation.Catalog;

/// <summary>How often a secret rotates by schedule: what it says itself, else by its risk, else by the defaults.</summary>
internal sealed record HowOften(TimeSpan? Interval, CronRule? Cron, RiskClass? Risk, bool OnCompromise)
{
    public const string Never = "never";
    public const string OnlyOnCompromise = "on-compromise";

    public static HowOften Read(CatalogMap map, ScheduleDefaults defaults)
    {
        var risk = map.Choice("risk", CatalogWords.Risks);
        var cron = ReadCron(map);
        if (cron is null && map.Has("timeZone") && !map.Has("cron"))
        {
            map.Problem("timeZone", "has no effect without cron. Remove it.");
        }
        if (map.Has("cron"))
        {
            if (map.Has("interval"))
            {
                map.Problem("cron", "and interval say both how often. Remove one of them.");
            }
            return new HowOften(null, cron, risk, OnCompromise: false);
        }
        var (isTold, interval, onCompromise) = ReadInterval(map, "interval");
        return isTold ? new HowOften(interval, null, risk, onCompromise)
            : risk is { } given ? new HowOften(defaults.Frequencies[given], null, risk, OnCompromise: false)
            : new HowOften(defaults.Interval, null, null, defaults.OnCompromise);
    }

    /// <summary>A duration, or one of the two words for none.</summary>
    public static (bool IsTold, TimeSpan? Interval, bool OnCompromise) ReadInterval(CatalogMap map, string key)
    {
        if (!map.Has(key))
        {
            return (false, null, false);
        }
        return map.Value(key) is { Kind: YamlNodeKind.Scalar, Text: Never or OnlyOnCompromise } word
            ? (true, null, word.Text == OnlyOnCompromise)
            : (true, map.Duration(key), false);
    }

    private static CronRule? ReadCron(CatalogMap map)
    {
        var text = map.Text("cron");
        var zone = ScheduleParts.TimeZone(map);
        if (text is null)
        {
            return null;
        }
        if (!CronExpression.TryParse(text, CronFormat.Standard, out _))
        {
            map.Problem(
                "cron",
                $"\"{Text.Short(text)}\" is not a cron expression. Write minute, hour, day of month, month and day of week in quotes: "
                    + "\"0 3 1 * *\" is 03:00 on the first of each month.");
            return null;
        }
        return new CronRule(text, zone);
    }
}
