using Rotunda.Providers.Contract;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Calendar.Feeds;

/// <summary>
/// The change freezes that feeds tell. Each feed is read on its own schedule, and its last good copy stays while it cannot be. While
/// nobody knows what it says, the freeze holds, unless the catalog says otherwise: emergencies and people start as always.
/// </summary>
/// <param name="references">Asked for when a feed needs one: it opens the stores, whose faults are told when the server has begun.</param>
/// <param name="dataDirectory">Where the last good copies are kept; null: in memory alone.</param>
public sealed class FreezeCalendar(Lazy<IReferenceResolver> references, string? dataDirectory, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);

    /// <summary>As far as openings are looked for.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(760);
    private readonly FeedFetch _fetch = new(references, time);
    private readonly FeedCopies _copies = new(dataDirectory);
    private readonly SemaphoreSlim _one = new(1);
    private volatile IReadOnlyDictionary<string, Known> _known = new Dictionary<string, Known>(StringComparer.Ordinal);
    private volatile IReadOnlyList<(string Name, FreezeFeed Feed)> _feeds = [];
    private volatile Told? _told;

    /// <summary>The catalog without a feed that was asked for last: it is asked for all the time, and may have very many secrets.</summary>
    private volatile RotationCatalog? _feedless;

    private sealed record Known(FreezeFeed Feed, FeedCopy? Copy, string? Problem, DateTimeOffset LookedAt)
    {
        public DateTimeOffset NextAt => LookedAt + (Problem is null || Feed.Every < LongestRetry ? Feed.Every : LongestRetry);
    }

    private sealed record Told(RotationCatalog Catalog, object Known, DateTimeOffset At, RotationCatalog Resolved);

    /// <summary>Reads the feeds of the catalog whose turn it is, side by side. Never throws because of what it finds.</summary>
    public async Task RefreshAsync(RotationCatalog? catalog, CancellationToken cancellationToken)
    {
        _feeds = [.. FeedsOf(catalog).DistinctBy(one => (one.Name, KeyOf(one.Feed)))];
        var feeds = _feeds.DistinctBy(one => KeyOf(one.Feed), StringComparer.Ordinal).ToList();
        if (feeds.Count == 0)
        {
            return;
        }
        await _one.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            var before = _known;
            var read = await Task.WhenAll(feeds.Select(one =>
                before.TryGetValue(KeyOf(one.Feed), out var known) && now < known.NextAt && now >= known.LookedAt && known.Feed == one.Feed
                    ? Task.FromResult(known)
                    : ReadAsync(one.Name, one.Feed, known?.Copy, now, cancellationToken)));
            if (read.Any(one => !before.Values.Contains(one)))
            {
                _known = read.ToDictionary(one => KeyOf(one.Feed), StringComparer.Ordinal);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>The catalog with what its feeds tell in their place.</summary>
    public RotationCatalog? Resolve(RotationCatalog? catalog)
    {
        var now = time.GetUtcNow();
        if (catalog is null || ReferenceEquals(catalog, _feedless))
        {
            return catalog;
        }
        if (!FeedsOf(catalog).Any())
        {
            return _feedless = catalog;
        }
        if (_told is { } told
            && told.Catalog == catalog
            && told.Known == _known
            && now - told.At < TimeSpan.FromMinutes(1)
            && now >= told.At)
        {
            return told.Resolved;
        }
        var known = _known;
        var times = new Dictionary<string, IReadOnlyList<ChangeFreeze>>(StringComparer.Ordinal);
        var resolved = catalog with
        {
            Policies = WithFreezes(catalog, own => [.. own.SelectMany(freeze => TimesOf(freeze, known, now, times))]),
        };
        _told = new Told(catalog, known, now, resolved);
        return resolved;
    }

    /// <summary>What is known of each feed of the catalog that was looked at last.</summary>
    public IReadOnlyList<FeedState> States()
    {
        var (now, known) = (time.GetUtcNow(), _known);
        return [.. _feeds.Select(one =>
        {
            var state = known.GetValueOrDefault(KeyOf(one.Feed));
            return new FeedState(
                one.Name, one.Feed, state?.Copy?.ReadAt, state is null ? "It has not been read yet." : state.Problem,
                IsTrusted(state?.Copy, one.Feed, now));
        })];
    }

    /// <summary>By the last good copies alone, for a look without a server.</summary>
    /// <param name="leftOut">The freezes of which there is none: they are not in it.</param>
    public static RotationCatalog FromCopies(
        RotationCatalog catalog, string? dataDirectory, DateTimeOffset now, out IReadOnlyList<string> leftOut)
    {
        var copies = new FeedCopies(dataDirectory);
        var known = FeedsOf(catalog).DistinctBy(one => KeyOf(one.Feed), StringComparer.Ordinal)
            .Select(one => (Name: one.Name, Known: new Known(one.Feed, copies.Read(one.Feed), null, now)))
            .ToDictionary(one => KeyOf(one.Known.Feed), StringComparer.Ordinal);
        leftOut = [.. known.Values.Where(one => one.Known.Copy is null).Select(one => one.Name)];
        var (times, all) = (new Dictionary<string, IReadOnlyList<ChangeFreeze>>(StringComparer.Ordinal),
            known.ToDictionary(pair => pair.Key, pair => pair.Value.Known, StringComparer.Ordinal));
        return catalog with
        {
            Policies = WithFreezes(
                catalog, own => [.. own.SelectMany(freeze => TimesOf(freeze, all, now, times)).Where(freeze => !freeze.IsUnknown)]),
        };
    }

    public void Dispose()
    {
        _fetch.Dispose();
        _one.Dispose();
    }

    /// <summary>What many secrets say alike stays alike.</summary>
    private static Dictionary<string, Policy> WithFreezes(
        RotationCatalog catalog, Func<IReadOnlyList<ChangeFreeze>, IReadOnlyList<ChangeFreeze>> freezes)
    {
        var known = new Dictionary<PolicyTerms, PolicyTerms>(ReferenceEqualityComparer.Instance);
        PolicyTerms Of(PolicyTerms terms) =>
            known.TryGetValue(terms, out var told) ? told : known[terms] = terms with { Freezes = freezes(terms.Freezes) };
        return catalog.Policies.ToDictionary(
            pair => pair.Key, pair => pair.Value with { Terms = Of(pair.Value.Terms) }, StringComparer.Ordinal);
    }

    private async Task<Known> ReadAsync(
        string name, FreezeFeed feed, FeedCopy? last, DateTimeOffset now, CancellationToken cancellationToken)
    {
        last ??= _copies.Read(feed);
        try
        {
            var copy = new FeedCopy(now, await _fetch.ReadAsync(feed, cancellationToken));
            _ = FeedText.Read(copy.Text, name, feed.TimeZone, now, now + Ahead);
            _copies.Write(feed, copy);
            return new Known(feed, copy, null, now);
        }
        catch (FeedUnreadableException problem)
        {
            return new Known(feed, last, problem.Message, now);
        }
    }

    private static IEnumerable<ChangeFreeze> TimesOf(
        ChangeFreeze freeze,
        IReadOnlyDictionary<string, Known> known,
        DateTimeOffset now,
        Dictionary<string, IReadOnlyList<ChangeFreeze>> times)
    {
        if (freeze.Feed is not { } feed)
        {
            return [freeze];
        }
        var key = $"{freeze.Name}\n{feed}";
        if (!times.TryGetValue(key, out var told))
        {
            var copy = known.GetValueOrDefault(KeyOf(feed))?.Copy;
            // What was told once is likelier than nothing, also where the copy is old.
            var read = TimesOf(copy, freeze.Name, feed, now);
            times[key] = told = feed.HoldUnread && (read is null || !IsTrusted(copy, feed, now)) ? [.. read ?? [], freeze] : read ?? [];
        }
        return told;
    }

    /// <summary>Null without a copy that can be read.</summary>
    private static IReadOnlyList<ChangeFreeze>? TimesOf(FeedCopy? copy, string name, FreezeFeed feed, DateTimeOffset now)
    {
        try
        {
            return copy is null ? null : FeedText.Read(copy.Text, name, feed.TimeZone, now.AddDays(-1), now + Ahead);
        }
        catch (FeedUnreadableException)
        {
            return null;
        }
    }

    private static bool IsTrusted(FeedCopy? copy, FreezeFeed feed, DateTimeOffset now) =>
        copy is not null && now - copy.ReadAt <= feed.TrustFor;

    /// <summary>Another login may be shown another calendar.</summary>
    private static string KeyOf(FreezeFeed feed) => $"{feed.Source}\n{feed.Authorization}";

    private static IEnumerable<(string Name, FreezeFeed Feed)> FeedsOf(RotationCatalog? catalog) =>
        (catalog?.Policies.Values ?? []).SelectMany(policy => policy.Freezes)
            .Where(freeze => freeze.Feed is not null).Select(freeze => (freeze.Name, freeze.Feed!));
}
