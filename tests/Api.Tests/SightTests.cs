using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Head;
using Rotunda.Campaigns.Selection;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Telemetry.Numbers;

namespace Rotunda.Api.Tests;

/// <summary>What monitors read: whether the secrets are well, and everything that is measured.</summary>
public sealed class SightTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(
        ApiHost.Policy("alpha") with { Owner = "platform" },
        ApiHost.Policy("beta") with { Owner = "shop", Tags = ["watched"] },
        ApiHost.Policy("gamma") with { Interval = TimeSpan.FromDays(90) });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Health_is_a_warning_before_the_adoption_well_after_it_and_failing_where_one_is_overdue()
    {
        using var viewer = _host.Client(Role.Viewer);
        var (before, _) = await HealthAsync(viewer);
        await _host.Get<CatalogAdoption>().AdoptAllAsync(_host.Catalog, Cancelled);
        var (well, code) = await HealthAsync(viewer);
        Age("alpha", TimeSpan.FromDays(60));
        var (late, failing) = await HealthAsync(viewer);

        Assert.Equal(("warning", "ok", "failing"), ((string?)before["status"], (string?)well["status"], (string?)late["status"]));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (code, failing));
        Assert.Equal(["alpha", "beta", "gamma"], before["warnings"]!.AsArray().Select(name => (string)name!).Order(StringComparer.Ordinal));
        Assert.Equal("alpha", (string?)Assert.Single(late["failing"]!.AsArray()));
        Assert.Equal(3, (int)late["secrets"]!);
        Assert.Equal(1, (int)late["groups"]!.AsArray().Single(one => (string?)one!["group"] == "overdue")!["secrets"]!);
    }

    [Fact]
    public async Task Who_sees_some_secrets_alone_gets_no_other_s_name_and_no_metrics()
    {
        await _host.Get<CatalogAdoption>().AdoptAllAsync(_host.Catalog, Cancelled);
        Age("alpha", TimeSpan.FromDays(60));
        Age("beta", TimeSpan.FromDays(60));
        ((ApiHost.FixedCatalog)_host.Get<ICatalogSource>()).Current = _host.Catalog with { ReadersSeeOwn = true };
        using var shop = _host.Client(null);
        shop.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", _host.Tokens.Create(new NewToken("shop", Role.Viewer) { On = [Selector.TryParse("owner=shop")!] }).Item2);

        var (health, _) = await HealthAsync(shop);
        using var metrics = await shop.GetAsync("/metrics", Cancelled);

        Assert.Equal("beta", (string?)Assert.Single(health["failing"]!.AsArray()));
        Assert.Equal(HttpStatusCode.Forbidden, metrics.StatusCode);
        Assert.DoesNotContain("alpha", await metrics.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_in_doubt_and_a_broken_catalog_are_told()
    {
        await _host.Get<CatalogAdoption>().AdoptAllAsync(_host.Catalog, Cancelled);
        _host.BreakCatalog("catalog.yaml:3:1: no such key");
        using var viewer = _host.Client(Role.Viewer);

        var (health, code) = await HealthAsync(viewer);
        var metrics = await ScrapeAsync(viewer);

        Assert.Equal(("warning", HttpStatusCode.OK), ((string?)health["status"], code));
        Assert.Equal("catalog.yaml:3:1: no such key", (string?)Assert.Single(health["problems"]!.AsArray()));
        Assert.Equal(0, metrics["rotunda_catalog_in_force"]);
        Assert.Equal(1, metrics["rotunda_clock_believed"]);
    }

    [Fact]
    public async Task Secrets_near_their_end_and_those_with_a_tag_are_told_by_name_until_they_are_rotated()
    {
        await _host.Get<CatalogAdoption>().AdoptAllAsync(_host.Catalog, Cancelled);
        Age("alpha", TimeSpan.FromDays(20));
        using var viewer = _host.Client(Role.Viewer);

        var before = await ScrapeAsync(viewer);
        Age("alpha", TimeSpan.Zero);
        var after = await ScrapeAsync(viewer);

        Assert.InRange(before["""secret_expiry_days{owner="platform",secret="alpha"}"""], 9.9, 10.1);
        Assert.InRange(before["""secret_rotation_age_days{owner="platform",secret="alpha"}"""], 19.9, 20.1);
        Assert.InRange(before["""secret_expiry_days{owner="shop",secret="beta"}"""], 29.9, 30.1);
        Assert.DoesNotContain(before.Keys, key => key.Contains("gamma", StringComparison.Ordinal));
        Assert.Equal(
            (3, 3, 0),
            (before["rotunda_secrets_with_interval"], before["rotunda_secrets_within_interval"], before["rotunda_secrets_past_due"]));
        Assert.Equal(1, before["""rotunda_secrets_by_age{age="0.6-0.7"}"""]);
        Assert.Equal(1, before["""rotunda_secrets_coming{day="09"}"""]);
        // A series that ended is not told on: an old number would keep an alert firing.
        Assert.DoesNotContain(after.Keys, key => key.Contains("alpha", StringComparison.Ordinal));
        Assert.Contains(after.Keys, key => key.Contains("beta", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("application/openmetrics-text; version=1.0.0", "application/openmetrics-text")]
    [InlineData("text/plain", "text/plain")]
    [InlineData("*/*", "text/plain")]
    public async Task Each_scraper_gets_the_form_it_asks_for(string accept, string type)
    {
        using var viewer = _host.Client(Role.Viewer);
        viewer.DefaultRequestHeaders.TryAddWithoutValidation("Accept", accept);

        using var answer = await viewer.GetAsync("/metrics", Cancelled);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);

        Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("\nrotunda_rotations_total{", text, StringComparison.Ordinal);
        Assert.Equal(type == "application/openmetrics-text", text.EndsWith("# EOF\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refused_requests_are_counted_by_code_and_starts_by_what_started_them()
    {
        using var viewer = _host.Client(Role.Viewer);
        using var stranger = _host.Client(null);
        using var admin = _host.Client(Role.Admin);
        var before = await ScrapeAsync(viewer);
        using var one = await stranger.GetAsync("/api/secrets", Cancelled);
        using var two = await viewer.PostAsJsonAsync("/api/rotations", new { secret = "alpha", reason = "x" }, Cancelled);
        await _host.Get<CatalogAdoption>().AdoptAllAsync(_host.Catalog, Cancelled);
        using var three = await admin.PostAsJsonAsync("/api/rotations", new { secret = "alpha", reason = "x" }, Cancelled);

        var after = await ScrapeAsync(viewer);

        foreach (var series in new[]
        {
            """rotunda_requests_refused_total{caller="stranger",code="token-missing"}""",
            """rotunda_requests_refused_total{caller="known",code="role-missing"}""",
            """rotunda_rotations_started_total{trigger="manual"}""",
        })
        {
            // Other tests of this process are counted too.
            Assert.True(after[series] > before[series], series);
        }

        Assert.Equal(1, after["""rotunda_rotations_open{state="planned"}"""]);
        Assert.True(after["""rotunda_rotations_open_oldest_seconds{state="planned"}"""] >= 0);
    }

    [Fact]
    public async Task Where_the_numbers_cannot_be_read_the_scrape_still_answers()
    {
        using var viewer = _host.Client(Role.Viewer);
        _ = await ScrapeAsync(viewer);
        Run("ALTER TABLE campaigns RENAME TO campaigns_away");

        Assert.Equal(1, (await ScrapeAsync(viewer))["""rotunda_ready{part="all"}"""]);
    }

    [Fact]
    public void A_job_that_was_never_done_counts_from_the_start()
    {
        var time = new Testing.Time.ManualTimeProvider();
        var jobs = new JobTimes(time);
        var began = time.GetUtcNow();
        time.Advance(TimeSpan.FromMinutes(10));

        jobs.Failed("report");
        Assert.Equal((began, began, 1), (jobs.All["sweep"].DoneAt, jobs.All["report"].DoneAt, jobs.All["report"].Failures));
        jobs.Done("report");
        Assert.Equal((began.AddMinutes(10), 1), (jobs.All["report"].DoneAt, jobs.All["report"].Failures));
    }

    [Fact]
    public void Wrong_settings_are_all_told_at_once()
    {
        var problem = Assert.Throws<TelemetrySettingsException>(() => TelemetryOptions.Read(name => name switch
        {
            "ROTUNDA_METRICS_DAYS" => "soon",
            "OTEL_TRACES_EXPORTER" => "zipkin",
            "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT" => "127.0.0.1:4318",
            _ => null,
        }));

        foreach (var name in new[] { "ROTUNDA_METRICS_DAYS", "OTEL_TRACES_EXPORTER", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT" })
        {
            Assert.Contains(name, problem.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("", false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://a:1", true, true)]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://a:1", false, true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://a:1 OTEL_METRICS_EXPORTER=none", false, true)]
    [InlineData("OTEL_METRICS_EXPORTER=otlp", true, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://a:1 OTEL_SDK_DISABLED=true", false, false)]
    public void Something_is_sent_only_where_somebody_said_where_to(string environment, bool metrics, bool traces)
    {
        var set = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('='))
            .ToDictionary(one => one[0], one => one[1], StringComparer.Ordinal);

        var options = TelemetryOptions.Read(set.GetValueOrDefault);

        Assert.Equal((metrics, traces), (options.SendMetrics, options.SendTraces));
    }

    private async Task<(JsonNode Health, HttpStatusCode Code)> HealthAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/health/secrets", Cancelled);
        return (JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!, answer.StatusCode);
    }

    /// <summary>The numbers by series; its labels in the order of their names.</summary>
    internal static async Task<Dictionary<string, double>> ScrapeAsync(HttpClient client) =>
        Read(await client.GetStringAsync("/metrics", Cancelled));

    internal static Dictionary<string, double> Read(string text)
    {
        var series = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            var end = line.LastIndexOf('}');
            var at = line.IndexOf(' ', Math.Max(end, 0));
            var open = line.IndexOf('{', StringComparison.Ordinal);
            var labels = open < 0 || end == open + 1 ? [] : line[(open + 1)..end].Split("\",").Select(label => label.TrimEnd('"') + '"');
            var name = open < 0 || end == open + 1
                ? line[..(open < 0 ? at : open)] : $"{line[..open]}{{{string.Join(',', labels.Order(StringComparer.Ordinal))}}}";
            series.Add(name, double.Parse(line[at..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture));
        }

        return series;
    }

    /// <summary>Lets the secret's credential in use be known for so long.</summary>
    private void Age(string secret, TimeSpan by)
    {
        var at = LedgerWords.Of(DateTimeOffset.UtcNow - by);
        Run($"UPDATE secrets SET adopted_at = '{at}' WHERE name = '{secret}'");
    }

    private void Run(string sql)
    {
        using var file = SqliteFile.Open(Path.Combine(_host.Folder, "ledger.db"), durable: false);
        using var command = file.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
