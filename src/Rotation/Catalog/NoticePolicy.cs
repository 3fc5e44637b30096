using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>Who is told what, and how.</summary>
/// <param name="Channels">By name.</param>
/// <param name="Routes">A notice goes to the channels of each route that takes it.</param>
public sealed record NoticePolicy(IReadOnlyDictionary<string, NoticeChannel> Channels, IReadOnlyList<NoticeRoute> Routes)
{
    /// <summary>Where people reach Rotunda's page, for the links in notices; null for none.</summary>
    public string? Link { get; init; }

    /// <summary>The mail address of each person, by the name that approvals know them by: what asks such a person goes to them alone,
    /// with a link by which they answer.</summary>
    public IReadOnlyDictionary<string, string> People { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>How long before a scheduled rotation it is told that it comes; null for never.</summary>
    public TimeSpan? Before { get; init; }

    /// <summary>Whom people ask about a scheduled rotation, beside the secret's owner; null for nobody else.</summary>
    public string? Contact { get; init; }

    /// <summary>A team's own words for notices, by kind; Rotunda's own for the others.</summary>
    public IReadOnlyDictionary<NoticeKind, NoticeText> Texts { get; init; } = new Dictionary<NoticeKind, NoticeText>();

    /// <summary>The channels that a notice goes to, each once, in the order of the catalog.</summary>
    public IReadOnlyList<NoticeChannel> ChannelsFor(NoticeKind kind, Policy? secret)
    {
        var to = Routes.Where(route => route.Takes(kind, secret)).SelectMany(route => route.To).ToHashSet(StringComparer.Ordinal);
        return [.. Channels.Values.Where(channel => to.Contains(channel.Name))];
    }
}

/// <summary>A way to tell people something.</summary>
/// <param name="Provider">What sends it, with its settings.</param>
public sealed record NoticeChannel(string Name, ProviderBinding Provider)
{
    /// <summary>It can write to one person alone.</summary>
    public bool ReachesPeople { get; init; }

    /// <summary>When only urgent notices are sent; the others wait for its end. Null for never.</summary>
    public RotationWindow? QuietHours { get; init; }

    /// <summary>When the calm notices of a day are sent as one message; null: each by itself.</summary>
    public NoticeDigest? Digest { get; init; }
}

/// <param name="At">Local time of day.</param>
/// <param name="TimeZone">An IANA id.</param>
public sealed record NoticeDigest(TimeOnly At, string TimeZone);

/// <summary>Which notices go to which channels: those that fit all that it says.</summary>
/// <param name="To">Names of channels.</param>
public sealed record NoticeRoute(string Name, IReadOnlyList<string> To)
{
    /// <summary>Only of secrets of this owner; null for all.</summary>
    public string? Owner { get; init; }

    /// <summary>Only of secrets with one of these tags; empty for all.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Only those that press at least so much.</summary>
    public NoticeSeverity Severity { get; init; }

    /// <summary>Only these; empty for all.</summary>
    public IReadOnlyList<NoticeKind> Kinds { get; init; } = [];

    /// <param name="secret">Null for a secret that is not in the catalog.</param>
    public bool Takes(NoticeKind kind, Policy? secret) =>
        (Owner is null || secret?.Owner == Owner)
        && (Tags.Count == 0 || (secret?.Tags ?? []).Intersect(Tags, StringComparer.Ordinal).Any())
        && NoticeKinds.SeverityOf(kind) >= Severity
        && (Kinds.Count == 0 || Kinds.Contains(kind));
}
