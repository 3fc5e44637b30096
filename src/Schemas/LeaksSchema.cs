using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using static Rotunda.Schemas.CatalogSchemaParts;

namespace Rotunda.Schemas;

/// <summary>The part of the schema about leaked values.</summary>
internal static class LeaksSchema
{
    public static JsonObject Of() => Closed("What becomes of values that are found outside.", [], new JsonObject
    {
        ["policy"] = Choice(
            "What a leaked value that works leads to: an emergency rotation at once (rotate), or a question to a person (ask). Left out: "
                + "what rotates without approval is rotated, and of the rest a person is asked.",
            CatalogWords.LeakAnswers.Keys),
        ["github"] = Closed("Where secret scanning alerts of GitHub come from.", ["secret", "token"], new JsonObject
        {
            ["secret"] = CatalogSchema.Ref("reference", "The webhook's secret."),
            ["token"] = CatalogSchema.Ref("reference", "A token that may read and close secret scanning alerts."),
            ["apiUrl"] = new JsonObject
            {
                ["type"] = "string", ["pattern"] = "^https?://",
                ["description"] = $"Where the API is, for GitHub Enterprise Server. Default: {GitHubAlertPolicy.PublicApi}.",
            },
        }),
    });
}
