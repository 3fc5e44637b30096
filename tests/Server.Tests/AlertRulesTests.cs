using System.Text.RegularExpressions;
using Rotunda.Testing.RealServers;

namespace Rotunda.Server.Tests;

/// <summary>The alerts and the dashboard that come with Rotunda, by Prometheus' own tool and by their form.</summary>
public sealed partial class AlertRulesTests
{
    private static string Folder { get; } = Path.Combine(PrometheusTests.Root, "infra", "prometheus");

    [Fact]
    public async Task Promtool_takes_the_rules_and_each_alert_fires_on_what_it_is_for()
    {
        foreach (var arguments in new[]
        {
            new[] { "check", "rules", Path.Combine(Folder, "rotunda.rules.yml") },
            ["test", "rules", Path.Combine(Folder, "rotunda.rules.test.yml")],
            ["check", "config", "--syntax-only", Path.Combine(Folder, "prometheus.yml")],
        })
        {
            var (code, output) = await PrometheusServer.ToolAsync(arguments);
            Assert.True(code == 0, output);
        }
    }

    [Fact]
    public async Task Each_alert_is_tested_has_a_severity_and_a_link_to_what_to_do()
    {
        var rules = await File.ReadAllTextAsync(Path.Combine(Folder, "rotunda.rules.yml"), TestContext.Current.CancellationToken);
        var tests = await File.ReadAllTextAsync(Path.Combine(Folder, "rotunda.rules.test.yml"), TestContext.Current.CancellationToken);
        var docs = await File.ReadAllLinesAsync(
            Path.Combine(PrometheusTests.Root, "docs", "alerts.md"), TestContext.Current.CancellationToken);
        var alerts = Alert().Matches(rules).Select(match => match.Groups[1].Value).ToList();

        Assert.True(alerts.Count > 20);
        foreach (var (alert, part) in alerts.Zip(rules.Split("- alert: ").Skip(1)))
        {
            Assert.Contains($"- name: {alert}\n", tests, StringComparison.Ordinal);
            Assert.Contains($"runbook_url: docs/alerts.md#{alert.ToLowerInvariant()}\n", part + "\n", StringComparison.Ordinal);
            Assert.Contains("severity: ", part, StringComparison.Ordinal);
            Assert.Contains("summary: ", part, StringComparison.Ordinal);
            Assert.Contains($"## {alert}", docs);
        }

        Assert.Equal(alerts.Order(StringComparer.Ordinal), docs.Where(line => line.StartsWith("## Rotunda", StringComparison.Ordinal))
            .Select(line => line[3..]).Order(StringComparer.Ordinal));
    }

    /// <summary>No Grafana runs here: what it needs of a dashboard is there, and nothing lies over anything else.</summary>
    [Fact]
    public void The_dashboard_has_the_form_that_Grafana_reads()
    {
        var panels = PrometheusTests.Panels().ToList();
        var cells = new HashSet<(int, int)>();
        Assert.Equal(panels.Count, panels.Select(panel => (int)panel["id"]!).Distinct().Count());
        foreach (var panel in panels)
        {
            var (title, place) = ((string)panel["title"]!, panel["gridPos"]!);
            var (x, y, w, h) = ((int)place["x"]!, (int)place["y"]!, (int)place["w"]!, (int)place["h"]!);
            Assert.True(x >= 0 && x + w <= 24, title);
            Assert.All(
                from column in Enumerable.Range(x, w) from line in Enumerable.Range(y, h) select (column, line),
                cell => Assert.True(cells.Add(cell), $"{title} lies over another panel"));
            if ((string)panel["type"]! == "row")
            {
                continue;
            }

            Assert.False(string.IsNullOrWhiteSpace((string?)panel["description"]), title);
            Assert.Contains(
                (string)panel["type"]!, new[] { "stat", "gauge", "bargauge", "barchart", "timeseries", "table" });
            Assert.Equal("${datasource}", (string?)panel["datasource"]!["uid"]);
            var targets = panel["targets"]!.AsArray();
            Assert.NotEmpty(targets);
            Assert.Equal(targets.Count, targets.Select(target => (string)target!["refId"]!).Distinct(StringComparer.Ordinal).Count());
        }

        foreach (var wanted in new[]
        {
            "Age of secrets", "Compliance", "Sync status", "Forecast", "Rotations by outcome", "Step durations", "Approvals waiting",
            "Remaining exposure by risk",
        })
        {
            Assert.Contains(panels, panel => (string?)panel["title"] == wanted);
        }
    }

    [GeneratedRegex("- alert: (?<name>[A-Za-z]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Alert();
}
