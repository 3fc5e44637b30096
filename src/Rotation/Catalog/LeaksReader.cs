using System.Text.Json.Nodes;
using static Rotunda.Rotation.Catalog.CatalogSchemaParts;

namespace Rotunda.Rotation.Catalog;

/// <summary>Reads what the catalog says of leaks.</summary>
internal static class LeaksReader
{
    /// <returns>Null if the catalog says nothing of it.</returns>
    public static LeakPolicy? Read(CatalogMap root, string folder)
    {
        if (root.Map("leaks", CatalogWords.Leaks) is not { } map)
        {
            return null;
        }
        return new LeakPolicy(map.Choice("policy", CatalogWords.LeakAnswers), GitHub(map, folder));
    }

    public static JsonObject Schema() => Closed("What becomes of values that are found outside.", [], new JsonObject
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

    private static GitHubAlertPolicy? GitHub(CatalogMap leaks, string folder)
    {
        if (leaks.Map("github", CatalogWords.LeaksGitHub) is not { } map)
        {
            return null;
        }
        var secret = map.Get("secret", (node, path) => map.Reference(node, path, folder), required: true);
        var token = map.Get("token", (node, path) => map.Reference(node, path, folder), required: true);
        var url = map.Text("apiUrl") ?? GitHubAlertPolicy.PublicApi;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.UserInfo.Length > 0
            || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
        {
            map.Problem(
                "apiUrl", "must be an address that starts with https://, without a user name or password in it (http:// on this machine).");
        }
        return secret is null || token is null ? null : new GitHubAlertPolicy(secret, token, url);
    }
}
