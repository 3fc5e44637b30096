using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;
using static Rotunda.Schemas.CatalogSchemaParts;

namespace Rotunda.Schemas;

/// <summary>The parts of the schema about when rotations start.</summary>
internal static class ScheduleSchema
{
    public static JsonObject Frequency() => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "string", ["pattern"] = DurationText.Pattern },
            new JsonObject { ["enum"] = CatalogSchema.Strings([HowOften.Never, HowOften.OnlyOnCompromise]) }),
    };

    public static JsonObject Frequencies()
    {
        var properties = new JsonObject();
        foreach (var risk in CatalogWords.Risks.Keys)
        {
            properties[risk] = CatalogSchema.Ref("frequency");
        }
        return Closed("How often secrets of a risk class rotate, where they do not say themselves.", [], properties);
    }

    public static JsonObject Freeze() => Closed("Whole days, the last one included; or a feed that tells the times.", [], new JsonObject
    {
        ["feed"] = Text("An iCalendar feed (.ics): an https address, a path, or a reference to an address."),
        ["authorization"] = Text("A reference to the Authorization header that the feed wants."),
        ["every"] = Duration("How often the feed is read. Default: 1h."),
        ["trustFor"] = Duration("How long the last good copy counts while the feed cannot be read. Default: 7d."),
        ["whenUnread"] = Choice(
            "What becomes of scheduled rotations while nobody knows what the feed says: hold them, or proceed. Default: hold.",
            CatalogWords.WhenUnread.Keys),
        ["from"] = Day("The first day."),
        ["to"] = Day("The last day."),
        ["timeZone"] = Text("An IANA id such as Europe/Berlin. Default: UTC."),
    });

    public static JsonObject After() => Closed(
        "A secret whose rotation must have succeeded since this one's last, before this one starts by schedule: mostly the same in "
            + "staging.",
        ["secret"],
        new JsonObject
        {
            ["secret"] = Text("Its name."),
            ["soak"] = Duration("How long its rotation must have been over by then. Default: 0s."),
        });

    public static JsonObject Group() => Closed("Secrets of which only some may rotate at once.", [], new JsonObject
    {
        ["atOnce"] = Number("How many may be under way at once. Default: 1.", 1, 1000),
        ["order"] = TextList("Where several are due, these go first, in this order."),
    });

    public static JsonObject Paused() => Closed(
        "No scheduled rotation starts until then; emergencies and people do as always.",
        ["until", "reason"],
        new JsonObject
        {
            ["until"] = Day("The first day on which it goes on."),
            ["timeZone"] = Text("An IANA id such as Europe/Berlin. Default: UTC."),
            ["reason"] = Text("Why; shown wherever the secret is."),
        });

    private static JsonObject Day(string description) =>
        new() { ["type"] = "string", ["pattern"] = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", ["description"] = description };
}
