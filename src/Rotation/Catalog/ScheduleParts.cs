using System.Globalization;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>Reads the parts that say when a rotation may not start, and before or beside which other one.</summary>
internal static class ScheduleParts
{
    private const string DayFormat = "yyyy-MM-dd";

    public static string TimeZone(CatalogMap map)
    {
        var zone = map.Text("timeZone") ?? "UTC";
        if (map.IsGood("timeZone") && !IsTimeZone(zone))
        {
            map.Problem("timeZone", $"\"{zone}\" is not a time zone known here. Use an IANA id such as Europe/Berlin, or UTC.");
            return "UTC";
        }
        return zone;
    }

    /// <summary>Whole local days, the last one included.</summary>
    public static IReadOnlyList<ChangeFreeze> Freezes(CatalogMap parent, string folder)
    {
        var freezes = new List<ChangeFreeze>();
        parent.Track("freezes", () =>
        {
            var all = parent.Map("freezes", known: null);
            foreach (var key in all?.Keys ?? [])
            {
                if (all!.Map(key.Text, CatalogWords.Freeze) is { } map
                    && (map.Has("feed") ? FreezeFeeds.Read(key.Text, map, folder) : Freeze(key.Text, map)) is { } freeze)
                {
                    freezes.Add(freeze);
                }
            }
        });
        return freezes;
    }

    public static PrecedingSecret? After(CatalogMap parent) => parent.Map("after", CatalogWords.After) is { } map
        && map.Text("secret", required: true) is { } secret
            ? new PrecedingSecret(secret, map.Duration("soak", allowZero: true) ?? TimeSpan.Zero)
            : null;

    public static IReadOnlyDictionary<string, RotationGroup> Groups(CatalogMap root)
    {
        var groups = new Dictionary<string, RotationGroup>(StringComparer.Ordinal);
        var all = root.Map("groups", known: null);
        foreach (var key in all?.Keys ?? [])
        {
            if (!CatalogWords.IsName(key.Text))
            {
                all!.Problem(key.Text, "a group's name has lower-case letters, digits and hyphens inside, at most 63. Rename it.");
            }
            if (all!.Map(key.Text, CatalogWords.Group) is { } map)
            {
                groups[key.Text] = new RotationGroup(key.Text, map.Integer("atOnce", 1, 1000) ?? 1, map.Texts("order") ?? []);
            }
        }
        return groups;
    }

    public static RotationGroup? Group(CatalogMap map, IReadOnlyDictionary<string, RotationGroup> groups)
    {
        if (map.Text("group") is not { } name)
        {
            return null;
        }
        if (groups.TryGetValue(name, out var group))
        {
            return group;
        }
        map.Problem("group", $"there is no group \"{name}\". {Suggestion.For(name, groups.Keys)} Groups are defined under \"groups\".");
        return null;
    }

    public static SchedulePause? Paused(CatalogMap parent)
    {
        SchedulePause? pause = null;
        parent.Track("paused", () =>
        {
            if (parent.Map("paused", CatalogWords.Paused) is { } map)
            {
                var (zone, day, reason) = (TimeZone(map), Day(map, "until"), map.Text("reason", required: true));
                pause = day is { } until && reason is not null ? new SchedulePause(Midnight(until, zone), reason) : null;
            }
        });
        return pause;
    }

    private static ChangeFreeze? Freeze(string name, CatalogMap map)
    {
        var (zone, from, to) = (TimeZone(map), Day(map, "from"), Day(map, "to"));
        if (from is not { } first || to is not { } last)
        {
            return null;
        }
        if (last < first)
        {
            map.Problem("to", $"{last.ToString(DayFormat, CultureInfo.InvariantCulture)} is before \"from\". Exchange them.");
            return null;
        }
        return new ChangeFreeze(name, Midnight(first, zone), Midnight(last.AddDays(1), zone));
    }

    private static DateOnly? Day(CatalogMap map, string key)
    {
        if (map.Text(key, required: true) is not { } text)
        {
            return null;
        }
        if (DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day;
        }
        map.Problem(key, $"\"{Text.Short(text)}\" is not a day. Write year, month and day: 2026-12-24.");
        return null;
    }

    /// <summary>The first moment of a local day.</summary>
    private static DateTimeOffset Midnight(DateOnly day, string zone) =>
        LocalTime.At(TimeZoneInfo.FindSystemTimeZoneById(zone), day.ToDateTime(TimeOnly.MinValue));

    /// <summary>"Local" would mean another day on each machine.</summary>
    private static bool IsTimeZone(string id) =>
        (id == "UTC" || id.Contains('/', StringComparison.Ordinal)) && TimeZoneInfo.TryFindSystemTimeZoneById(id, out _);
}
