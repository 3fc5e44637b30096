using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;
using static Rotunda.Schemas.CatalogSchemaParts;

namespace Rotunda.Schemas;

/// <summary>The part of the schema about notices.</summary>
internal static class NoticesSchema
{
    public static IReadOnlyDictionary<string, JsonObject> OwnKeysOfChannel => new Dictionary<string, JsonObject>(StringComparer.Ordinal)
    {
        ["quietHours"] = Window("When only urgent notices are sent; the others wait for its end. Left out: never."),
        ["digest"] = Closed("The calm notices of a day as one message. Left out: each by itself.", ["at"], new JsonObject
        {
            ["at"] = Time("Local time of day."),
            ["timeZone"] = Text("An IANA id such as Europe/Berlin. Default: UTC."),
        }),
    };

    public static JsonObject Notices() => Closed("Who is told what, and how.", ["channels", "routes"], new JsonObject
    {
        ["link"] = new JsonObject
        {
            ["type"] = "string", ["pattern"] = "^https?://",
            ["description"] = "Where people reach Rotunda's page, for the links in notices. Left out: no links.",
        },
        ["people"] = new JsonObject
        {
            ["type"] = "object",
            ["description"] = "The mail address of each person who may be asked, by the name that approvals know them by: what asks "
                + "them goes to them alone, with a link by which they answer once.",
            ["additionalProperties"] = new JsonObject { ["type"] = "string", ["pattern"] = "^[^@\\s]+@[^@\\s]+$" },
        },
        ["before"] = Duration("How long before a scheduled rotation it is told that it comes. Left out: not told."),
        ["contact"] = Text("Whom people ask about a scheduled rotation, beside the secret's owner."),
        ["texts"] = new JsonObject
        {
            ["type"] = "object",
            ["description"] = "Your own words for notices, by kind. In braces: " + string.Join(", ", NoticeText.Facts) + ".",
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject(NoticeKinds.All.Select(facts =>
                KeyValuePair.Create(facts.Name, (JsonNode?)Closed("At least one of them.", [], new JsonObject
                {
                    ["title"] = Text("One line. Left out: Rotunda's own."), ["text"] = Text("Left out: Rotunda's own."),
                })))),
        },
        ["channels"] = CatalogSchema.Named("The ways to tell people something, by name.", CatalogSchema.Ref("channel")),
        ["routes"] = CatalogSchema.Named("Which notices go to which channels, by name.", Route()),
    });

    private static JsonObject Route() => Closed("The notices that fit all that it says.", ["to"], new JsonObject
    {
        ["to"] = TextList("The names of channels."),
        ["owner"] = Text("Only of secrets of this owner."),
        ["tags"] = TextList("Only of secrets with one of these tags."),
        ["severity"] = Choice("Only those that press at least so much. Default: calm.", NoticeKinds.Severities.Keys),
        ["kinds"] = new JsonObject
        {
            ["type"] = "array",
            ["description"] = "Only these. Left out: all.",
            ["minItems"] = 1,
            ["uniqueItems"] = true,
            ["items"] = new JsonObject { ["enum"] = CatalogSchema.Strings(NoticeKinds.All.Select(facts => facts.Name)) },
        },
    });
}
