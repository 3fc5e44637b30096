using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Interpreter;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Tests;

/// <summary>What a page needs, in bounded answers.</summary>
public sealed class HomeTests : IAsyncLifetime
{
    private static readonly string[] Names = ["alpha", "beta", "delta", "gamma", "omega"];
    private ApiHost _host = null!;
    private HttpClient _viewer = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync([.. Names.Select(name => ApiHost.Policy(name) with
        {
            Owner = $"team-{name[0]}",
            Tags = ["all"],
        })]);
        await _host.Get<CatalogAdoption>().AdoptAllAsync(_host.Catalog, Cancelled);
        _viewer = _host.Client(Role.Viewer);
    }

    public async ValueTask DisposeAsync()
    {
        _viewer.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_catalog_that_cannot_be_used_is_told_where_people_look_first()
    {
        foreach (var path in (string[])["/api/secrets", "/api/secrets?limit=2", "/api/home"])
        {
            Assert.Null((await _viewer.GetFromJsonAsync<JsonObject>(path, Cancelled))!["catalog"]);
        }

        _host.BreakCatalog("catalog.yaml:3:1: no such key");

        foreach (var path in (string[])["/api/secrets", "/api/secrets?limit=2", "/api/home"])
        {
            var told = (await _viewer.GetFromJsonAsync<JsonObject>(path, Cancelled))!["catalog"];
            Assert.Equal("catalog.yaml:3:1: no such key", (string?)told);
        }
    }

    [Fact]
    public async Task Home_names_what_needs_a_person_and_what_runs_and_counts_all()
    {
        await StartAsync("beta", RotationState.WaitingForApproval);
        await StartAsync("gamma", RotationState.Stuck);
        await StartAsync("omega", RotationState.Grace);

        var home = (await _viewer.GetFromJsonAsync("api/home", ApiJson.Default.HomeView, Cancelled))!;

        Assert.Equal(
            [("gamma", ScheduleGroup.Stuck), ("beta", ScheduleGroup.WaitingForApproval)],
            home.Needs.Select(one => (one.Name, one.Group)));
        Assert.Equal(["omega"], home.Running.Select(one => one.Name));
        Assert.Equal((5, 2, 5), (home.Counts!.Secrets, home.Counts.Needs, home.Counts.Ages.Sum()));
        Assert.Equal(5, home.Counts.Groups.Sum(one => one.Secrets));
        Assert.Equal(["alpha", "delta"], home.Coming.Select(one => one.Secret).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Home_tells_which_emergencies_have_their_old_value_in_use_and_which_only_have_to_end_it()
    {
        foreach (var secret in Names.Take(3))
        {
            var request = new StartRequest(
                secret, secret == "delta" ? RotationTrigger.Manual : RotationTrigger.Emergency, "it was in a log", "ada", "INC-1");
            await _host.Get<RotationDesk>().StartAsync(request, Cancelled);
        }

        var minting = await _host.Ledger.BeginMintAsync("beta-1", null, Cancelled);
        await _host.Ledger.RecordMintedAsync(minting.Id, "new", null, "fp", new SecretRef("embedded", "beta", "1"), Cancelled);
        await _host.Ledger.PromoteAsync("beta-1", Cancelled);

        var exposure = (await _viewer.GetFromJsonAsync("api/home", ApiJson.Default.HomeView, Cancelled))!.Exposure;

        Assert.Equal(2, exposure.Count);
        Assert.Equal(
            [("alpha", false, "it was in a log", "INC-1"), ("beta", true, "it was in a log", "INC-1")],
            exposure.Secrets.OrderBy(one => one.Secret, StringComparer.Ordinal)
                .Select(one => (one.Secret, one.IsReplaced, one.Why, one.Incident)));
    }

    [Fact]
    public async Task Pages_of_secrets_have_each_once_and_the_most_urgent_first()
    {
        await StartAsync("gamma", RotationState.Stuck);
        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = (await _viewer.GetFromJsonAsync(
                $"api/secrets?limit=2{(after is null ? "" : $"&after={after}")}", ApiJson.Default.SecretList, Cancelled))!;
            Assert.Equal(5, page.Total);
            seen.AddRange(page.Secrets.Select(one => one.Name));
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(["gamma", "alpha", "beta", "delta", "omega"], seen);
    }

    [Theory]
    [InlineData("q=delt", "delta")]
    [InlineData("q=TEAM-G%20all", "gamma")]
    [InlineData("q=generated%20omega", "omega")]
    [InlineData("q=delta%20omega", "")]
    [InlineData("group=stuck", "")]
    public async Task A_search_finds_every_word_in_what_is_known_of_a_secret(string query, string found)
    {
        var page = (await _viewer.GetFromJsonAsync($"api/secrets?{query}", ApiJson.Default.SecretList, Cancelled))!;

        Assert.Equal(found, string.Join(' ', page.Secrets.Select(one => one.Name)));
    }

    [Theory]
    [InlineData("api/secrets?group=nice", "group")]
    [InlineData("api/secrets?limit=201", "limit")]
    [InlineData("api/secrets?query=a", "query")]
    [InlineData("api/calendar?days=0", "days")]
    [InlineData("api/calendar?days=32", "days")]
    [InlineData("api/audit?after=1&before=2", "before")]
    [InlineData("api/audit?before=start", "before")]
    [InlineData("api/rotations?trigger=luck", "trigger")]
    public async Task A_parameter_that_cannot_be_is_refused_by_its_name(string path, string field)
    {
        using var answer = await _viewer.GetAsync(path, Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(field, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!["field"]);
    }

    [Fact]
    public async Task The_calendar_has_every_day_and_each_run_on_its_own()
    {
        var calendar = (await _viewer.GetFromJsonAsync("api/calendar?days=31", ApiJson.Default.CalendarView, Cancelled))!;

        Assert.Equal(31, calendar.Days.Count);
        Assert.Equal(5, calendar.Days.Sum(day => day.Total));
        Assert.All(calendar.Days, day => Assert.All(day.Runs, run => Assert.Equal(day.Date, DateOnly.FromDateTime(run.At.UtcDateTime))));
    }

    [Fact]
    public async Task The_calendar_names_the_freezes_of_each_day_and_how_many_secrets_rest()
    {
        var today = new DateTimeOffset(_host.Get<TimeProvider>().GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        var release = new ChangeFreeze("release", today.AddDays(2).AddHours(6), today.AddDays(4));
        var over = new ChangeFreeze("over", today.AddDays(-9), today.AddDays(-8));
        _host.SetCatalog([.. Names.Select(name => ApiHost.Policy(name) with { Freezes = name == "beta" ? [over] : [over, release] })]);

        var calendar = (await _viewer.GetFromJsonAsync("api/calendar?days=7", ApiJson.Default.CalendarView, Cancelled))!;

        Assert.Equal(
            ["", "", "release 4", "release 4", "", "", ""],
            calendar.Days.Select(day => string.Join(' ', day.Freezes.Select(freeze => $"{freeze.Name} {freeze.Secrets}"))));
        Assert.Equal((release.From, release.Until), (calendar.Days[2].Freezes[0].From, calendar.Days[2].Freezes[0].Until));
    }

    [Fact]
    public async Task What_is_read_comes_compressed_to_who_takes_that_and_what_is_made_never_does()
    {
        using var admin = _host.Client(Role.Admin);
        var plain = await admin.GetByteArrayAsync("api/next?count=20", Cancelled);
        admin.DefaultRequestHeaders.Add("Accept-Encoding", "gzip, br");
        using var packed = await admin.GetAsync("api/next?count=20", Cancelled);
        using var small = await admin.GetAsync("healthz", Cancelled);
        using var made = await admin.PostAsJsonAsync("api/tokens", new { name = "ci", role = "viewer" }, Cancelled);

        Assert.Equal("br", Assert.Single(packed.Content.Headers.ContentEncoding));
        Assert.True(packed.Content.Headers.ContentLength < plain.Length / 2);
        using var unpacked = new BrotliStream(await packed.Content.ReadAsStreamAsync(Cancelled), CompressionMode.Decompress);
        Assert.Equal(20, (await JsonNode.ParseAsync(unpacked, cancellationToken: Cancelled))!["runs"]!.AsArray().Count);
        Assert.Empty(small.Content.Headers.ContentEncoding);
        Assert.Empty(made.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task The_calendar_shows_change_freezes_and_next_names_them_and_an_emergency_goes_all_the_same()
    {
        var now = DateTimeOffset.UtcNow;
        var feed = new FreezeFeed("/nowhere.ics", null, "UTC", TimeSpan.FromHours(1), TimeSpan.FromDays(7), HoldUnread: true);
        var due = ApiHost.Policy("told") with { Interval = TimeSpan.FromMilliseconds(1) };
        await using var host = await ApiHost.StartAsync(
            due with { Freezes = [new("year-end", now.AddDays(-1), now.AddDays(1))] },
            due with { Name = "unread", Freezes = [new("company", DateTimeOffset.MinValue, DateTimeOffset.MaxValue) { Feed = feed }] });
        using var client = host.Client(Role.Admin);

        await host.Get<ScheduleSweep>().RunOnceAsync(Cancelled);
        await host.Get<ScheduleSweep>().RunOnceAsync(Cancelled);

        Assert.Empty(await host.Ledger.ListRotationsAsync(new RotationFilter(), Cancelled));
        var calendar = (await client.GetFromJsonAsync("api/calendar?days=7", ApiJson.Default.CalendarView, Cancelled))!;
        Assert.Equal([("company", true), ("year-end", false)], calendar.Days[0].Freezes.Select(one => (one.Name, one.From is null)));
        Assert.Equal("company", Assert.Single(calendar.Days[6].Freezes).Name);
        var next = (await client.GetFromJsonAsync("api/next", ApiJson.Default.NextRuns, Cancelled))!.Runs;
        Assert.Contains(
            next,
            run => run.Secret == "told" && run.Why[0].StartsWith("change freeze year-end until", StringComparison.Ordinal));
        Assert.Contains(
            next,
            run => run is { Secret: "unread", StartsAt: null } && run.Why[0] == "change freeze company, whose times are not known");
        using var emergency = await client.PostAsJsonAsync(
            "api/rotations", new { secret = "unread", trigger = "emergency", reason = "it leaked", incident = "INC-1" }, Cancelled);
        Assert.Equal(HttpStatusCode.Accepted, emergency.StatusCode);
    }

    [Fact]
    public async Task The_audit_can_be_read_from_its_end()
    {
        var all = (await _viewer.GetFromJsonAsync("api/audit?limit=1000", ApiJson.Default.AuditPage, Cancelled))!.Rows;
        var newest = (await _viewer.GetFromJsonAsync("api/audit?before=end&limit=2", ApiJson.Default.AuditPage, Cancelled))!;
        var older = (await _viewer.GetFromJsonAsync(
            $"api/audit?before={newest.Rows[^1].Sequence}&secret=beta", ApiJson.Default.AuditPage, Cancelled))!.Rows;

        Assert.Equal(all.Reverse().Take(2).Select(row => row.Sequence), newest.Rows.Select(row => row.Sequence));
        Assert.Equal(all.Reverse().Skip(2).Where(row => row.Secret == "beta").Select(row => row.Hash), older.Select(row => row.Hash));
    }

    [Fact]
    public async Task A_rotation_says_what_each_may_do_with_it_and_why_not()
    {
        await StartAsync("beta", RotationState.WaitingForApproval);

        Assert.Equal([("approve", false), ("reject", false), ("rollback", false), ("cancel", false)], await CanAsync(Role.Viewer, "eve"));
        Assert.Equal([("approve", true), ("reject", true), ("rollback", false), ("cancel", false)], await CanAsync(Role.Approver, "bob"));
        Assert.Equal([("approve", false), ("reject", false), ("rollback", true), ("cancel", true)], await CanAsync(Role.Operator, "olga"));
        // Who asked may end it, and not approve it.
        Assert.Equal([("approve", false), ("reject", true), ("rollback", true), ("cancel", true)], await CanAsync(Role.Admin, "ada"));
    }

    [Fact]
    public async Task A_rotation_tells_its_plans_hash_and_where_its_steps_are()
    {
        await StartAsync("beta", RotationState.Running);
        var plan = (await _host.Ledger.GetRotationAsync("beta-1", Cancelled))!.Plan;
        var input = new StepInput("beta-1", 1, plan.Steps[0], null, 1);
        await _host.Ledger.BeginStepAsync(input, Cancelled);
        await _host.Ledger.EndStepAsync(input, StepOutcome.RetryLater("it is busy"), Cancelled);

        var view = (await _viewer.GetFromJsonAsync("api/rotations/beta-1", ApiJson.Default.RotationView, Cancelled))!;

        var planned = Assert.Single(view.Timeline, entry => entry.Action == AuditActions.RotationPlanned);
        Assert.Equal((string?)JsonNode.Parse(planned.Detail!)!["planHash"], view.PlanHash);
        Assert.Equal(plan.Steps.Select(step => step.Id), view.Steps.Select(step => step.Id));
        Assert.Equal((StepState.Waiting, 1, "it is busy"), (view.Steps[0].State, view.Steps[0].Attempts, view.Steps[0].Reason));
        Assert.All(view.Steps.Skip(1), step => Assert.Equal(StepState.ToCome, step.State));
        Assert.Null(view.Since);
    }

    private async Task<IEnumerable<(string Verb, bool Allowed)>> CanAsync(Role role, string name)
    {
        using var client = _host.Client(role, name);
        var view = (await client.GetFromJsonAsync("api/rotations/beta-1", ApiJson.Default.RotationView, Cancelled))!;
        Assert.All(view.Can, one => Assert.Equal(one.Allowed, one.WhyNot is null));
        return view.Can.Select(one => (one.Verb, one.Allowed));
    }

    private async Task StartAsync(string secret, RotationState state)
    {
        await _host.Get<RotationDesk>().StartAsync(new StartRequest(secret, RotationTrigger.Manual, "a reason", "ada"), Cancelled);
        await _host.Ledger.RecordStateAsync(
            new RecordInput($"{secret}-1", 1, 1, state, RotationActions.Started, "rotunda", null, null), Cancelled);
    }
}
