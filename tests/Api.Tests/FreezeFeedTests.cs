using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Rotunda.Activities;
using Rotunda.Api.Head;
using Rotunda.Calendar.Due;
using Rotunda.Calendar.Feeds;
using Rotunda.CatalogFiles;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Time;

namespace Rotunda.Api.Tests;

/// <summary>Change freezes that iCalendar feeds tell.</summary>
public sealed class FreezeFeedTests : IDisposable
{
    private const string Weekly = """
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//test//EN
        X-WR-TIMEZONE:Europe/Berlin
        BEGIN:VEVENT
        UID:1
        DTSTART;TZID=Europe/Berlin:20261001T220000
        DTEND;TZID=Europe/Berlin:20261002T020000
        RRULE:FREQ=WEEKLY;COUNT=6
        EXDATE;TZID=Europe/Berlin:20261008T220000
        SUMMARY:Release
        END:VEVENT
        BEGIN:VEVENT
        UID:1
        RECURRENCE-ID;TZID=Europe/Berlin:20261015T220000
        DTSTART;TZID=Europe/Berlin:20261016T220000
        DTEND;TZID=Europe/Berlin:20261017T020000
        SUMMARY:Release, moved
        END:VEVENT
        BEGIN:VEVENT
        UID:1
        RECURRENCE-ID;TZID=Europe/Berlin:20261022T220000
        DTSTART;TZID=Europe/Berlin:20261022T220000
        DTEND;TZID=Europe/Berlin:20261023T020000
        STATUS:CANCELLED
        SUMMARY:Release
        END:VEVENT
        BEGIN:VEVENT
        UID:2
        DTSTART;VALUE=DATE:20261218
        DTEND;VALUE=DATE:20270104
        SUMMARY:Year end
        END:VEVENT
        BEGIN:VEVENT
        UID:3
        DTSTART:20261101T100000
        DURATION:PT2H
        SUMMARY:Floating
        END:VEVENT
        BEGIN:VEVENT
        UID:4
        DTSTART:20261105T100000Z
        DTEND:20261105T110000Z
        STATUS:CANCELLED
        SUMMARY:Called off
        END:VEVENT
        END:VCALENDAR
        """;

    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ManualTimeProvider _time = new(At("2026-10-10 00:00"));
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-feeds-");

    private string Feed => Path.Combine(_folder.FullName, "freezes.ics");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Recurring_moved_cancelled_and_whole_day_events_are_read_in_their_time_zones()
    {
        var freezes = FeedText.Read(Weekly, "company", "UTC", At("2026-10-01 21:00"), At("2027-10-01 00:00"));

        Assert.Equal(
            [
                // Still on, over the end of summer time, and 22:00 in winter.
                ("company: Release", At("2026-10-01 20:00"), At("2026-10-02 00:00")),
                ("company: Release, moved", At("2026-10-16 20:00"), At("2026-10-17 00:00")),
                ("company: Release", At("2026-10-29 21:00"), At("2026-10-30 01:00")),
                ("company: Floating", At("2026-11-01 09:00"), At("2026-11-01 11:00")),
                ("company: Release", At("2026-11-05 21:00"), At("2026-11-06 01:00")),
                ("company: Year end", At("2026-12-17 23:00"), At("2027-01-03 23:00")),
            ],
            freezes.Select(freeze => (freeze.Name, freeze.From, freeze.Until)));
    }

    [Fact]
    public void Days_without_a_time_zone_are_of_the_zone_that_the_catalog_names()
    {
        var text = Weekly.Replace("X-WR-TIMEZONE:Europe/Berlin\n", "", StringComparison.Ordinal);

        var yearEnd = FeedText.Read(text, "company", "America/New_York", At("2026-12-01 00:00"), At("2027-10-01 00:00"));

        Assert.Equal((At("2026-12-18 05:00"), At("2027-01-04 05:00")), (yearEnd[0].From, yearEnd[0].Until));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>hunter2</html>")]
    [InlineData("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:2026hunter2\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")]
    [InlineData("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=hunter2/Here:20261101T100000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")]
    [InlineData(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n"
            + "DTSTART:20261101T100000Z\r\nRRULE:FREQ=hunter2\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")]
    [InlineData(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n"
            + "DTSTART:20261101T100000Z\r\nRRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")]
    [InlineData(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n"
            + "DTSTART:20261101T100000Z\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")]
    public void What_is_no_calendar_of_freezes_is_refused_and_not_repeated(string text)
    {
        var problem = Assert.Throws<FeedUnreadableException>(
            () => FeedText.Read(text, "company", "UTC", At("2026-10-10 00:00"), At("2027-10-01 00:00")));

        Assert.DoesNotContain("hunter2", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_good_copy_counts_across_restarts_until_it_is_too_old()
    {
        var catalog = Catalog(OfFile(hold: true));
        using (var calendar = Open())
        {
            Assert.True(Assert.Single(Freezes(calendar, catalog)).IsUnknown);
            await calendar.RefreshAsync(catalog, None);
            Assert.True(Assert.Single(Freezes(calendar, catalog)).IsUnknown);
            Assert.Contains(
                "There is no good copy",
                FeedWords.Of(Assert.Single(calendar.States()), _time.GetUtcNow()),
                StringComparison.Ordinal);

            await File.WriteAllTextAsync(Feed, Weekly, None);
            _time.Advance(TimeSpan.FromMinutes(6));
            await calendar.RefreshAsync(catalog, None);
            Assert.Equal(5, Freezes(calendar, catalog).Count);
            Assert.Null(Assert.Single(calendar.States()).Problem);
        }

        await File.WriteAllTextAsync(Feed, "<html>Sign in</html>", None);
        using var again = Open();
        await again.RefreshAsync(catalog, None);
        Assert.Equal(5, Freezes(again, catalog).Count);
        var state = Assert.Single(again.States());
        Assert.True(state is { IsTrusted: true, Problem: not null });
        Assert.Contains("It counts until a newer one is there.", FeedWords.Of(state, _time.GetUtcNow()), StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromDays(8));
        await again.RefreshAsync(catalog, None);
        Assert.Contains(Freezes(again, catalog), freeze => freeze.IsUnknown);
        Assert.Equal(4, Freezes(again, Catalog(OfFile(hold: false))).Count);
    }

    [Fact]
    public async Task A_feed_is_read_when_its_turn_comes_and_sooner_where_it_failed()
    {
        await File.WriteAllTextAsync(Feed, Weekly, None);
        var catalog = Catalog(OfFile(hold: true));
        using var calendar = Open();
        await calendar.RefreshAsync(catalog, None);

        await File.WriteAllTextAsync(Feed, "broken", None);
        _time.Advance(TimeSpan.FromMinutes(59));
        await calendar.RefreshAsync(catalog, None);
        Assert.Null(Assert.Single(calendar.States()).Problem);
        _time.Advance(TimeSpan.FromMinutes(1));
        await calendar.RefreshAsync(catalog, None);
        Assert.NotNull(Assert.Single(calendar.States()).Problem);

        await File.WriteAllTextAsync(Feed, Weekly, None);
        _time.Advance(TimeSpan.FromMinutes(5));
        await calendar.RefreshAsync(catalog, None);
        Assert.Null(Assert.Single(calendar.States()).Problem);
    }

    [Fact]
    public async Task A_server_is_asked_with_the_authorization_and_is_not_followed_elsewhere()
    {
        await using var server = await ServeAsync();
        var address = server.Urls.First();

        Assert.Equal(5, (await ReadAsync(new FreezeFeed($"{address}/ok", "env:AUTH", "UTC", Hour, Hour, true))).Count);
        Assert.Equal(5, (await ReadAsync(new FreezeFeed("env:ADDRESS", "env:AUTH", "UTC", Hour, Hour, true), $"{address}/ok")).Count);
        Assert.Contains(
            "answered 401",
            await ProblemAsync(new FreezeFeed($"{address}/ok", null, "UTC", Hour, Hour, true)),
            StringComparison.Ordinal);
        Assert.Contains(
            "Redirects are not followed",
            await ProblemAsync(new FreezeFeed($"{address}/away", null, "UTC", Hour, Hour, true)),
            StringComparison.Ordinal);
        Assert.Contains(
            "larger than 2 MB",
            await ProblemAsync(new FreezeFeed($"{address}/large", null, "UTC", Hour, Hour, true)),
            StringComparison.Ordinal);
        var secret = await ProblemAsync(new FreezeFeed("env:ADDRESS", null, "UTC", Hour, Hour, true), "http://10.0.0.1/hunter2.ics");
        Assert.Contains("none that starts with https://", secret, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", secret, StringComparison.Ordinal);
        Assert.Contains(
            "cannot be resolved",
            await ProblemAsync(new FreezeFeed("env:MISSING", null, "UTC", Hour, Hour, true)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_catalog_in_force_has_what_its_feeds_tell()
    {
        await File.WriteAllTextAsync(Feed, Weekly, None);
        var path = Path.Combine(_folder.FullName, "catalog.yaml");
        await File.WriteAllTextAsync(
            path,
            """
            version: 1
            defaults: { freezes: { company: { feed: ./freezes.ics } } }
            secrets:
              app: { provider: { type: generated }, interval: 30d, freezes: { own: { from: 2026-12-01, to: 2026-12-02 } } }
            """,
            None);
        using var freezes = Open();
        using var catalog = new RefreshingCatalog(
            new FileCatalogText(path), new ActivitiesOptions { DataDirectory = _folder.FullName }, _time,
            NullLogger<RefreshingCatalog>.Instance, freezes);

        await catalog.RefreshAsync(TimeSpan.Zero, None);
        var policy = catalog.Current!.Policies["app"];
        var run = ComingRuns.Of(policy, new SecretSchedule(_time.GetUtcNow(), null), _time.GetUtcNow()).First();
        Assert.Equal((null, "change freeze company, whose times are not known"), (run.StartsAt, run.Why.Single()));

        await catalog.ReadFeedsAsync(None);
        policy = catalog.Current!.Policies["app"];
        run = ComingRuns.Of(policy, new SecretSchedule(At("2026-11-25 00:00"), null), At("2026-11-25 00:00")).First();
        Assert.Equal(At("2027-01-03 23:00"), run.StartsAt);
        Assert.Equal("change freeze company: Year end until 2027-01-03 23:00 UTC", run.Why.Single());
        Assert.True(RotationSchedule.Decide(policy, new SecretSchedule(At("2026-10-01 00:00"), null), At("2026-11-10 00:00")).Rotate);
        Assert.Equal(6, policy.Freezes.Count);
    }

    [Theory]
    [InlineData("{ feed: 'http://example.com/a.ics' }", "is no address that it may be read from")]
    [InlineData("{ feed: 'https://anna:hunter2@example.com/a.ics' }", "is no address that it may be read from")]
    [InlineData("{ feed: ./a.ics, from: 2026-12-01 }", "the feed tells the times")]
    [InlineData("{ feed: ./a.ics, every: 5s }", "too often")]
    [InlineData("{ feed: ./a.ics, authorization: hunter2 }", "secrets are never written into the catalog")]
    [InlineData("{ feed: ./a.ics, whenUnread: perhaps }", "whenUnread")]
    [InlineData("{ from: 2026-12-01 }", "to")]
    public void A_wrong_feed_is_told_with_its_place(string freeze, string expected)
    {
        var reading = Read($"defaults: {{ freezes: {{ company: {freeze} }} }}");

        Assert.Null(reading.Catalog);
        Assert.Contains(reading.Problems, problem => problem.Contains(expected, StringComparison.Ordinal));
        Assert.DoesNotContain(reading.Problems, problem => problem.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void Windows_and_freezes_that_leave_no_room_are_told()
    {
        var next = DateTime.UtcNow.AddYears(1).Year;
        var reading = Read($"defaults: {{ freezes: {{ big: {{ from: {next}-01-01, to: {next}-05-01 }} }} }}");

        Assert.NotNull(reading.Catalog);
        Assert.Contains(reading.Warnings, warning => warning.Contains("they leave no room", StringComparison.Ordinal));
    }

    private static TimeSpan Hour => TimeSpan.FromHours(1);

    private static DateTimeOffset At(string text) =>
        DateTimeOffset.Parse(text + "Z", System.Globalization.CultureInfo.InvariantCulture);

    private CatalogReading Read(string defaults) => CatalogLoader.Read(
        new CatalogText($"version: 1\n{defaults}\nsecrets:\n  app: {{ provider: {{ type: generated }}, interval: 30d }}\n", "1"),
        "catalog.yaml", _folder.FullName, HeadStores.Embedded);

    private ChangeFreeze OfFile(bool hold) => Unread(new FreezeFeed(Feed, null, "UTC", Hour, TimeSpan.FromDays(7), hold));

    private static ChangeFreeze Unread(FreezeFeed feed) => new("company", DateTimeOffset.MinValue, DateTimeOffset.MaxValue) { Feed = feed };

    private static RotationCatalog Catalog(ChangeFreeze freeze) => new(
        new Dictionary<string, Policy>(StringComparer.Ordinal) { ["app"] = ApiHost.Policy("app") with { Freezes = [freeze] } },
        "hash",
        "/");

    private static IReadOnlyList<ChangeFreeze> Freezes(FreezeCalendar calendar, RotationCatalog catalog) =>
        calendar.Resolve(catalog)!.Policies["app"].Freezes;

    private FreezeCalendar Open(string? address = null) =>
        new(new Lazy<IReferenceResolver>(() => new Given(address)), _folder.FullName, _time);

    private async Task<IReadOnlyList<ChangeFreeze>> ReadAsync(FreezeFeed feed, string? address = null)
    {
        using var calendar = Open(address);
        await calendar.RefreshAsync(Catalog(Unread(feed)), None);
        return Freezes(calendar, Catalog(Unread(feed)));
    }

    private async Task<string?> ProblemAsync(FreezeFeed feed, string? address = null)
    {
        using var calendar = Open(address);
        await calendar.RefreshAsync(Catalog(Unread(feed)), None);
        return Assert.Single(calendar.States()).Problem;
    }

    private static async Task<WebApplication> ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet(
            "/ok",
            (HttpRequest request) => request.Headers.Authorization == "Bearer hunter2" ? Results.Text(Weekly) : Results.StatusCode(401));
        app.MapGet("/away", () => Results.Redirect("/ok"));
        app.MapGet("/large", () => Results.Text(new string('x', FeedText.Largest + 1)));
        await app.StartAsync();
        return app;
    }

    private sealed class Given(string? address) : IReferenceResolver
    {
        public Task<SecretValue> ResolveAsync(string reference, CancellationToken cancellationToken) => reference switch
        {
            "env:AUTH" => Task.FromResult(SecretValue.FromText("Bearer hunter2")),
            "env:ADDRESS" => Task.FromResult(SecretValue.FromText(address!)),
            _ => throw new ReferenceUnresolvedException(reference, "it is not set."),
        };
    }
}
