using System.Text.Json.Nodes;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>Reads who is told what.</summary>
internal static class NoticesReader
{
    private static readonly string[] s_kinds = [.. NoticeKinds.All.Select(facts => facts.Name)];

    /// <returns>Null if the catalog says nothing of it.</returns>
    public static NoticePolicy? Read(CatalogMap root, BindingReader bindings, IReadOnlyDictionary<string, Policy> policies)
    {
        if (root.Map("notices", CatalogWords.Notices) is not { } map)
        {
            return null;
        }
        var channels = Channels(map, bindings);
        var routes = Routes(map, channels, policies);
        foreach (var unused in channels.Keys.Except(routes.SelectMany(route => route.To), StringComparer.Ordinal))
        {
            map.Warn("channels", $"no route leads to {unused}, so nothing is sent there. Name it in a route, or remove it.");
        }
        var notices = new NoticePolicy(channels, routes)
        {
            Link = Link(map), Before = map.Duration("before"), Contact = map.Text("contact"), People = PeopleReader.Read(map),
            Texts = NoticeTextsReader.Read(map),
        };
        PeopleReader.CheckUse(notices, map, policies.Values);
        if (map.Has("contact") && !map.Has("before"))
        {
            map.Problem("contact", "has no effect without \"before\": it is told with what comes. Add that, or remove this.");
        }
        return notices;
    }

    private static Dictionary<string, NoticeChannel> Channels(CatalogMap map, BindingReader bindings)
    {
        var channels = new Dictionary<string, NoticeChannel>(StringComparer.Ordinal);
        var all = map.Map("channels", known: null, required: true);
        foreach (var key in all?.Keys ?? [])
        {
            bindings.CheckName(key, "A channel's name");
            RotationWindow? quiet = null;
            NoticeDigest? digest = null;
            var (binding, descriptor) = bindings.Read(
                all!, key.Text, CatalogWords.Channel, d => d.CanBeChannel, "send notices (a channel)",
                own =>
                {
                    (quiet, digest) = (PolicyParts.Window(own, "quietHours"), Digest(own));
                    CheckDigest(own, quiet, digest);
                });
            // A bad channel keeps its name, so that the routes to it are not blamed too.
            channels[key.Text] = new NoticeChannel(key.Text, binding ?? new ProviderBinding("", new JsonObject()))
            {
                QuietHours = quiet, Digest = digest, ReachesPeople = descriptor?.RecipientsSetting is not null,
            };
        }
        return channels;
    }

    /// <summary>Only where both go by one clock; elsewhere it changes over the year.</summary>
    private static void CheckDigest(CatalogMap channel, RotationWindow? quiet, NoticeDigest? digest)
    {
        if (quiet is not null && digest is not null && quiet.TimeZone == digest.TimeZone && quiet.Days.Count == 0
            && digest.At.IsBetween(quiet.From, quiet.To))
        {
            channel.Warn("digest", "its time lies in the quiet hours, so it always waits for their end. Choose another time.");
        }
    }

    private static NoticeDigest? Digest(CatalogMap channel) => channel.Map("digest", CatalogWords.Digest) is { } map
        ? new NoticeDigest(PolicyParts.Time(map, "at") ?? default, ScheduleParts.TimeZone(map))
        : null;

    private static List<NoticeRoute> Routes(
        CatalogMap map, Dictionary<string, NoticeChannel> channels, IReadOnlyDictionary<string, Policy> policies)
    {
        var routes = new List<NoticeRoute>();
        // Once for all routes: there may be very many of both.
        var owners = new Lazy<HashSet<string>>(() => policies.Values.Select(policy => policy.Owner).OfType<string>()
            .ToHashSet(StringComparer.Ordinal));
        var tags = new Lazy<HashSet<string>>(() => policies.Values.SelectMany(policy => policy.Tags).ToHashSet(StringComparer.Ordinal));
        var all = map.Map("routes", known: null, required: true);
        foreach (var key in all?.Keys ?? [])
        {
            if (!CatalogWords.IsName(key.Text))
            {
                all!.Problem(key.Text, "a route's name has lower-case letters, digits and hyphens inside, at most 63. Rename it.");
            }
            if (all!.Map(key.Text, CatalogWords.Route) is { } route)
            {
                routes.Add(Route(key.Text, route, channels, owners, tags));
            }
        }
        return routes;
    }

    private static NoticeRoute Route(
        string name, CatalogMap map, Dictionary<string, NoticeChannel> channels, Lazy<HashSet<string>> owners, Lazy<HashSet<string>> tags)
    {
        var to = map.Texts("to") ?? [];
        if (to.Count == 0 && map.IsGood("to"))
        {
            map.Problem("to", "names no channel. Name at least one.");
        }
        foreach (var unknown in to.Where(channel => !channels.ContainsKey(channel)))
        {
            map.Problem("to", $"there is no channel \"{Text.Short(unknown)}\". {Suggestion.For(unknown, channels.Keys)}");
        }
        var route = new NoticeRoute(name, to)
        {
            Owner = map.Text("owner"),
            Tags = map.Texts("tags") ?? [],
            Severity = map.Choice("severity", NoticeKinds.Severities) ?? NoticeSeverity.Calm,
            Kinds = Kinds(map),
        };
        CheckEffect(route, map, owners, tags);
        return route;
    }

    private static IReadOnlyList<NoticeKind> Kinds(CatalogMap map)
    {
        var names = map.Texts("kinds") ?? [];
        foreach (var unknown in names.Except(s_kinds, StringComparer.Ordinal))
        {
            map.Problem("kinds", $"there is no notice \"{Text.Short(unknown)}\". {Suggestion.For(unknown, s_kinds)}");
        }
        return [.. NoticeKinds.All.Where(facts => names.Contains(facts.Name, StringComparer.Ordinal)).Select(facts => facts.Kind)];
    }

    private static void CheckEffect(NoticeRoute route, CatalogMap map, Lazy<HashSet<string>> owners, Lazy<HashSet<string>> tags)
    {
        if (route.Kinds.Count > 0 && route.Kinds.All(kind => NoticeKinds.SeverityOf(kind) < route.Severity))
        {
            map.Problem("severity", "none of its kinds presses so much, so it would take nothing. Lower it, or remove one of the two.");
        }
        if (route.Owner is { } owner && !owners.Value.Contains(owner))
        {
            map.Warn(
                "owner", $"no secret has the owner \"{Text.Short(owner)}\", so the route takes nothing. Correct it, or remove the route.");
        }
        foreach (var tag in route.Tags.Except(tags.Value, StringComparer.Ordinal))
        {
            map.Warn("tags", $"no secret has the tag \"{Text.Short(tag)}\". Correct it, or remove it.");
        }
    }

    private static string? Link(CatalogMap map)
    {
        var link = map.Text("link");
        if (link is null || (Uri.TryCreate(link, UriKind.Absolute, out var address) && address.Scheme is "https" or "http"
            && address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0))
        {
            return link?.TrimEnd('/');
        }
        // Not repeated: a malformed address may hold a password.
        map.Problem("link", "must be an address that starts with https://, without a password, a query or a fragment.");
        return null;
    }
}
