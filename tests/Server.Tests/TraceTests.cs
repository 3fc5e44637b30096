using System.Text.Json.Nodes;
using Rotunda.Activities.Steps;
using Rotunda.Testing.RealServers;

namespace Rotunda.Server.Tests;

/// <summary>A rotation is one trace over a power cut, and nothing in it is more than it may tell.</summary>
public sealed class TraceTests
{
    private const string Canary = "canary-0123456789abcdef";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_rotation_is_one_trace_over_a_power_cut_and_holds_no_value_and_no_address()
    {
        using var collector = TraceCollector.Start();
        using var folder = new ServerFolder();
        await File.WriteAllTextAsync(folder.Catalog, $$"""
            version: 1
            secrets:
              a-key:
                strategy: dual-key
                provider: { type: generated }
                tokenLifetime: 8s
                grace: 8s
                targets:
                  env: { type: dotenv, path: app.env, keys: { KEY: "{primary}", OLD_KEY: "{secondary}" } }
                consumers:
                  app: { type: http, instances: ["{{collector.Url}}"], reloadPath: "/reload/{{Canary}}", token: "env:{{nameof(Canary)}}" }

            """, Cancelled);
        await using var server = await ServerProcess.StartAsync(folder.Settings with
        {
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                [nameof(Canary)] = $"{Canary}-token",
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "300",
                ["OTEL_SERVICE_NAME"] = "rotunda-test",
            },
        });
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ROTUNDA_URL"] = server.Url, ["ROTUNDA_DATA"] = folder.Data,
        };
        collector.Hold("/reload/");
        var started = await ServerProcess.RunAsync(["rotate", "a-key", "--reason", "test"], environment);
        Assert.True(started.ExitCode == 0, started.Output + started.Error);
        // The consumer does not answer, so that the power cut falls into the middle of the rotation.
        await server.UntilAsync(
            () => Task.FromResult(collector.Spans.Any(span => span.Name == "Deliver")), "the delivery is in the trace");
        await server.UntilAsync(
            () => Task.FromResult(collector.Others.Any(other => other.Path.StartsWith("/reload/", StringComparison.Ordinal))),
            "the consumer is asked");
        await server.KillAsync();
        collector.Release();
        await server.RestartAsync();
        var root = RotationTrace.RootOf("a-key-1").ToHexString();
        await server.UntilAsync(() => Task.FromResult(collector.Spans.Any(span => span.Id == root)), "the whole rotation is in the trace");
        using var client = server.Client();
        var shown = JsonNode.Parse(await client.GetStringAsync("/api/rotations/a-key-1", Cancelled))!;
        Assert.Equal("succeeded", (string?)shown["rotation"]!["state"]);

        var spans = collector.Spans.Where(span => span.Trace == RotationTrace.IdOf("a-key-1").ToHexString()).ToList();
        var steps = spans.Where(span => span.Parent == root).ToList();
        foreach (var kind in new[] { "Validate", "Generate", "Deliver", "Promote", "Finish" })
        {
            Assert.True(
                steps.Any(step => step.Name == kind && step.Tags["rotunda.rotation"] == "a-key-1"),
                $"{kind} is not among {string.Join(", ", spans.Select(span => span.Name))}\n{server.Output}");
        }

        Assert.Equal("succeeded", Assert.Single(spans, span => span.Id == root).Tags["rotunda.outcome"]);
        Assert.Equal("", spans.Single(span => span.Id == root).Parent);
        var ids = spans.Select(span => span.Id).ToHashSet(StringComparer.Ordinal);
        Assert.All(spans.Where(span => span.Parent.Length > 0), span => Assert.Contains(span.Parent, ids));
        // The consumer was called, and all that is told of it is whom.
        Assert.Contains(collector.Others, other => other.Path.Contains(Canary, StringComparison.Ordinal));
        var calls = spans.Where(span => span.Tags.ContainsKey("server.address")).ToList();
        Assert.NotEmpty(calls);
        Assert.All(calls, call => Assert.Equal($"{collector.Url}", call.Tags["url.full"]));
        Assert.All(collector.Others, other => Assert.DoesNotContain("traceparent", other.Headers, StringComparison.OrdinalIgnoreCase));
        Assert.Contains("/v1/metrics", collector.Kinds.Keys);
        var everything = collector.Everything;
        Assert.Contains("rotunda-test", everything, StringComparison.Ordinal);
        Assert.Contains("rotunda.secrets", everything, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, everything, StringComparison.Ordinal);
        foreach (var line in await File.ReadAllLinesAsync(folder.In("app.env"), Cancelled))
        {
            var value = line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim('"', '\'');
            Assert.True(value.Length < 8 || !everything.Contains(value, StringComparison.Ordinal), "a value is in the telemetry");
        }
    }

    [Fact]
    public async Task Wrong_settings_are_told_at_the_start()
    {
        using var folder = new ServerFolder();
        await using var server = ServerProcess.Launch(folder.Settings with
        {
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ROTUNDA_METRICS_DAYS"] = "soon" },
        });

        Assert.NotEqual(0, await server.WaitForExitAsync());
        Assert.Contains("ROTUNDA_METRICS_DAYS", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at Rotunda", server.Output, StringComparison.Ordinal);
    }
}
