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
