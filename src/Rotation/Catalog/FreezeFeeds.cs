
namespace Rotunda.Rotation.Catalog;

/// <summary>Reads where an iCalendar feed of change freezes is, and what holds while it cannot be read.</summary>
internal static class FreezeFeeds
{
    public static ChangeFreeze? Read(string name, CatalogMap map, string folder)
    {
        foreach (var key in new[] { "from", "to" }.Where(map.Has))
        {
            map.Problem(key, "has no effect beside feed: the feed tells the times. Remove it.");
        }
        var authorization = map.Get("authorization", (node, path) => map.Reference(node, path, folder));
        var every = map.Duration("every") ?? TimeSpan.FromHours(1);
        if (every < TimeSpan.FromMinutes(1))
        {
            map.Problem("every", "is too often for the feed's server. Give a minute or more.");
        }
        return map.Text("feed") is { } text && Source(text, map, folder) is { } source
            ? new ChangeFreeze(name, DateTimeOffset.MinValue, DateTimeOffset.MaxValue)
            {
                Feed = new FreezeFeed(
                    source, authorization, ScheduleParts.TimeZone(map), every, map.Duration("trustFor") ?? TimeSpan.FromDays(7),
                    map.Choice("whenUnread", CatalogWords.WhenUnread) ?? true),
            }
            : null;
    }

    private static string? Source(string text, CatalogMap map, string folder)
    {
        if (SecretReference.TryParse(text, out var reference))
        {
            return reference.In(folder).ToString();
        }
        if (!text.Contains("://", StringComparison.Ordinal))
        {
            return Path.GetFullPath(text, folder);
        }
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && FreezeFeed.MayBeRead(address))
        {
            return text;
        }
        map.Problem("feed", "is no address that it may be read from. Give one that starts with https:// and has no password in it, a path, "
            + "or a reference to an address (env:NAME).");
        return null;
    }
}
