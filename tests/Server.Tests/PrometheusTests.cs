using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rotunda.Testing.RealServers;

namespace Rotunda.Server.Tests;

/// <summary>A real Prometheus scrapes a real server: every panel of the dashboard has data, every rule can be evaluated, and
/// docs/metrics.md lists what is there.</summary>
public sealed partial class PrometheusTests
{
    private const string Catalog = """
        version: 1
        secrets:
          a-key:
            strategy: dual-key
            provider: { type: generated }
            interval: 20d
            tags: [watched]
            tokenLifetime: 1s
            grace: 1s
            targets:
              env: { type: dotenv, path: app.env, keys: { KEY: "{primary}", OLD_KEY: "{secondary}" } }
          b-key:
            strategy: dual-key
            provider: { type: generated }
            interval: 10d
            owner: shop
            tokenLifetime: 1s
            approval: { before: start }
            targets:
              env: { type: dotenv, path: b.env, keys: { KEY: "{primary}", OLD_KEY: "{secondary}" } }

        """;

    internal static string Root { get; } = RootOf();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_panel_has_data_every_rule_works_and_the_docs_list_what_is_measured()
    {
        using var folder = new ServerFolder();
        await File.WriteAllTextAsync(folder.Catalog, Catalog, Cancelled);
        await using var server = await ServerProcess.StartAsync(folder.Settings with
        {
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ROTUNDA_METRICS_TAGS"] = "watched" },
        });
        using var client = server.Client();
        await CampaignAsync(client);
        var rules = Path.Combine(Root, "infra", "prometheus", "rotunda.rules.yml");
        await using var prometheus = await PrometheusServer.StartAsync(new Uri(server.Url).Authority, server.AdminToken, rules);
        await prometheus.UntilAsync(
            async () => (await prometheus.QueryAsync("rotunda_secrets")).Count > 0, () => "the first scrape is there");

        var (queries, missing) = (Queries(), new List<string>());
        Assert.True(queries.Count > 30);
        var rotation = 0;
        await prometheus.UntilAsync(
            async () =>
            {
                // What is told by the minute has data only while something happens.
                rotation = await RotateAsync(client, rotation);
                missing.Clear();
                foreach (var query in queries)
                {
                    if (!HasData(await prometheus.QueryAsync(query)))
                    {
                        missing.Add(query);
                    }
                }

                return missing.Count == 0;
            },
            () => $"these panels have data: {string.Join(" | ", missing)}");

        var evaluated = (await prometheus.GetAsync("/api/v1/rules"))["data"]!["groups"]!.AsArray().SelectMany(g => g!["rules"]!.AsArray());
        Assert.All(evaluated, rule => Assert.True((string?)rule!["health"] == "ok", $"{rule!["name"]}: {rule["lastError"]}"));
        Assert.Empty(
            Unknown(await client.GetStringAsync("/metrics", Cancelled), queries.Append(await File.ReadAllTextAsync(rules, Cancelled))));
        await DocsHoldAsync(await client.GetStringAsync("/metrics", Cancelled));
    }

    /// <summary>A plain campaign over what needs an approval stays open.</summary>
    private static async Task CampaignAsync(HttpClient client)
    {
        using var seen = await client.PostAsJsonAsync("/api/campaigns/preview", new { select = "name=b-key", reason = "test" }, Cancelled);
        var hash = (string)JsonNode.Parse(await seen.Content.ReadAsStringAsync(Cancelled))!["hash"]!;
        using var started = await client.PostAsJsonAsync(
            "/api/campaigns", new { select = "name=b-key", reason = "test", preview = hash }, Cancelled);
        Assert.True(started.IsSuccessStatusCode, await started.Content.ReadAsStringAsync(Cancelled));
    }

    /// <summary>Starts another rotation when the last one has ended.</summary>
    private static async Task<int> RotateAsync(HttpClient client, int last)
    {
        using var started = await client.PostAsJsonAsync("/api/rotations", new { secret = "a-key", reason = "test" }, Cancelled);
        return started.IsSuccessStatusCode ? last + 1 : last;
    }

    private static bool HasData(JsonArray result) => result.Any(one => (string?)one!["value"]![1] != "NaN");

    /// <summary>The queries of all panels, with a value for what Grafana puts in.</summary>
    private static List<string> Queries() => [.. Panels().SelectMany(panel => panel["targets"]?.AsArray() ?? [])
        .Select(target => ((string)target!["expr"]!).Replace("$__rate_interval", "30s", StringComparison.Ordinal))];

    internal static IEnumerable<JsonNode> Panels() => JsonNode.Parse(File.ReadAllText(
        Path.Combine(Root, "infra", "grafana", "rotunda.json")))!["panels"]!.AsArray().Select(panel => panel!);

    /// <summary>Names of metrics in queries and rules that the server does not have.</summary>
    private static IEnumerable<string> Unknown(string metrics, IEnumerable<string> texts)
    {
        var known = Measured(metrics).Select(one => one.Name).ToHashSet(StringComparer.Ordinal);
        return texts.SelectMany(text => MetricName().Matches(text).Select(match => match.Value)).Distinct(StringComparer.Ordinal)
            .Where(name => !known.Contains(name) && !known.Contains(Part().Replace(name, "")));
    }

    private static async Task DocsHoldAsync(string metrics)
    {
        var file = Path.Combine(Root, "docs", "metrics.md");
        var docs = await File.ReadAllTextAsync(file, Cancelled);
        var (before, after) = (docs.IndexOf("<!-- metrics -->", StringComparison.Ordinal),
            docs.IndexOf("<!-- end -->", StringComparison.Ordinal));
        var table = string.Join('\n', Measured(metrics).OrderBy(one => one.Name, StringComparer.Ordinal).Select(one =>
            $"| `{one.Name}` | {one.Type} | {string.Join(", ", one.Labels.Select(label => $"`{label}`"))} | {one.Help} |"));
        var wanted = $"{docs[..before]}<!-- metrics -->\n| name | type | labels | |\n|---|---|---|---|\n{table}\n{docs[after..]}";
        if (Environment.GetEnvironmentVariable("ROTUNDA_UPDATE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(file, wanted, Cancelled);
            docs = wanted;
        }

        Assert.True(wanted == docs, $"docs/metrics.md is not what the server measures: run this test with ROTUNDA_UPDATE_DOCS=1.\n{table}");
    }

    /// <summary>Every metric of a scrape that is Rotunda's own.</summary>
    private static IEnumerable<(string Name, string Type, string Help, IReadOnlyList<string> Labels)> Measured(string metrics)
    {
        var lines = metrics.Split('\n');
        foreach (var (name, type) in lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal))
            .Select(line => line.Split(' ')).Select(parts => (parts[2], parts[3])).Where(one => one.Item1 != "target_info"))
        {
            var help = lines.First(line => line.StartsWith($"# HELP {name} ", StringComparison.Ordinal))[$"# HELP {name} ".Length..];
            var labels = lines.Where(line => line.StartsWith(name, StringComparison.Ordinal) && line[0] != '#'
                    && (line[name.Length] is '{' or ' ' || line[name.Length..].StartsWith("_bucket{", StringComparison.Ordinal)))
                .SelectMany(line => Label().Matches(line).Select(match => match.Groups[1].Value))
                .Where(label => label != "le").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
            yield return (name, type, help, [.. labels]);
        }
    }

    private static string RootOf()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Rotunda.slnx")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"\b(rotunda|secret)_[a-z_]+\b(?!:)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MetricName();

    [GeneratedRegex("_(bucket|count|sum)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Part();

    [GeneratedRegex("[{,](?<name>[a-z_]+)=\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Label();
}
