using System.Text.Json.Nodes;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Tests;

/// <summary>The whole catalog's preflight, and what the status makes of it.</summary>
public sealed class DoctorTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static ProviderBinding NoServer => new(
        "http",
        new JsonObject { ["instances"] = new JsonArray("http://127.0.0.1:1"), ["healthPath"] = "health" });

    [Fact]
    public async Task What_is_well_is_found_well()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        await host.Get<CatalogAdoption>().AdoptAllAsync(host.Catalog, None);

        var report = await host.Get<DoctorDesk>().RunAsync(None);

        Assert.True(report.Healthy, string.Join('\n', report.Findings));
        Assert.Equal(1, report.Secrets);
        Assert.Equal(ScheduleGroup.UpToDate, (await SummaryAsync(host, "a-key")).Group);
    }

    [Fact]
    public async Task A_reference_that_leads_nowhere_is_told_and_the_secret_is_not_up_to_date()
    {
        var provider = new ProviderBinding(
            "postgres",
            new JsonObject { ["connection"] = "env:NO_SUCH_VARIABLE_HERE", ["accounts"] = new JsonArray("a", "b") });
        await using var host = await ApiHost.StartAsync(
            ApiHost.Policy("orders-db") with { Strategy = Strategy.Alternate, Provider = provider },
            ApiHost.Policy("a-key"));
        await host.Get<CatalogAdoption>().AdoptAllAsync(host.Catalog, None);
        using var client = host.Client(Role.Viewer);

        var report = JsonNode.Parse(await client.GetStringAsync("/api/doctor"))!;

        Assert.False((bool)report["healthy"]!);
        var finding = Assert.Single(report["findings"]!.AsArray(), one => (string?)one!["secret"] == "orders-db")!;
        Assert.Equal(("problem", "provider"), ((string?)finding["level"], (string?)finding["area"]));
        Assert.Contains("NO_SUCH_VARIABLE_HERE is not set. Set it for the process", (string?)finding["message"]);
        var summary = await SummaryAsync(host, "orders-db");
        Assert.Equal(ScheduleGroup.NotReady, summary.Group);
        Assert.Contains("NO_SUCH_VARIABLE_HERE", summary.Message);
        Assert.Equal(ScheduleGroup.UpToDate, (await SummaryAsync(host, "a-key")).Group);
        Assert.Equal(report.ToJsonString(), JsonNode.Parse(await client.GetStringAsync("/api/doctor?last=true"))!.ToJsonString());
    }

    [Fact]
    public async Task A_target_or_a_consumer_that_cannot_be_reached_is_told_by_its_name_all_at_once()
    {
        var missing = new ProviderBinding(
            "dotenv",
            new JsonObject { ["path"] = "/no/such/folder/.env", ["keys"] = new JsonObject { ["KEY"] = "{value}" } });
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key") with
        {
            Targets = [new TargetBinding("app-env", missing, 0, TimeSpan.FromMinutes(1))],
            Consumers = [new ConsumerBinding("app", NoServer), new ConsumerBinding("batch", NoServer) { WhenDown = WhenDown.Proceed }],
        });

        var report = await host.Get<DoctorDesk>().RunAsync(None);

        var found = report.Findings.Where(finding => finding.Secret is not null).ToDictionary(finding => finding.Part!);
        Assert.Equal(["app", "app-env", "batch"], found.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("The folder /no/such/folder does not exist", found["app-env"].Message);
        Assert.Contains("It is down: GET http://127.0.0.1:1/health", found["app"].Message);
        Assert.Equal((FindingLevel.Problem, FindingLevel.Warning), (found["app"].Level, found["batch"].Level));
    }

    [Fact]
    public async Task A_ledger_without_its_values_names_each_that_is_missing_with_the_way_out()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        var elsewhere = new AdoptedCredential("key-1", null, "0123456789ab", new SecretRef("embedded", "a-key", "17"), "salt");
        await host.Ledger.AdoptAsync(new AdoptSecret("a-key", "import", elsewhere), None);

        var report = await host.Get<DoctorDesk>().RunAsync(None);

        var finding = Assert.Single(report.Findings, finding => finding.Secret == "a-key");
        Assert.Equal("values", finding.Area);
        Assert.Contains("fingerprint 0123456789ab", finding.Message);
        Assert.Contains("copy secrets.db and master.key", finding.Message);
        Assert.Equal(ScheduleGroup.NotReady, (await SummaryAsync(host, "a-key")).Group);
    }

    [Fact]
    public async Task What_could_not_be_adopted_is_not_up_to_date_although_it_has_no_interval()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key") with
        {
            Interval = null, Current = new CurrentCredential(null, "env:NO_SUCH_VARIABLE_HERE"),
        });
        await host.Get<CatalogAdoption>().AdoptAllAsync(host.Catalog, None);

        var summary = await SummaryAsync(host, "a-key");
        Assert.Equal(ScheduleGroup.NotAdopted, summary.Group);
        Assert.Contains("NO_SUCH_VARIABLE_HERE", summary.Message);
        var report = await host.Get<DoctorDesk>().RunAsync(None);
        Assert.Contains(report.Findings, finding => finding is { Area: "adoption", Secret: "a-key", Level: FindingLevel.Problem });
    }

    [Fact]
    public async Task While_a_rotation_acts_what_is_half_done_is_not_found()
    {
        await using var host = await ApiHost.StartAsync(
            ApiHost.Policy("a-key") with { Consumers = [new ConsumerBinding("app", NoServer)] });
        var started = await host.Get<RotationDesk>().StartAsync(
            new StartRequest("a-key", RotationTrigger.Manual, "test", "tester"),
            None);
        Assert.Equal(StartOutcomeKind.Started, started.Kind);
        Assert.DoesNotContain((await host.Get<DoctorDesk>().RunAsync(None)).Findings, finding => finding.Secret == "a-key");
    }

    [Fact]
    public async Task What_was_mended_is_looked_at_again_and_then_well()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"rotunda-{Guid.NewGuid():N}");
        var file = new ProviderBinding("file", new JsonObject { ["path"] = Path.Combine(folder, "key") });
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key") with
        {
            Targets = [new TargetBinding("app-env", file, 0, TimeSpan.FromMinutes(1))],
        });
        Assert.False((await host.Get<DoctorDesk>().RunAsync(None)).Healthy);
        Directory.CreateDirectory(folder);
        try
        {
            Assert.True((await host.Get<DoctorDesk>().RunAsync(None)).Healthy);
            Assert.Empty(Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<SecretSummary> SummaryAsync(ApiHost host, string name) =>
        (await host.Get<StatusReader>().ListAsync(None)).Single(summary => summary.Name == name);
}
