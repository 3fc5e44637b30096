using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Kubernetes;
using Rotunda.Providers.Consumers.KubernetesWorkloads;

namespace Rotunda.Activities.Tests.Providers.Kubernetes;

/// <summary>What the provider and its fake say, compared with what the real kubectl says.</summary>
public sealed class KubectlTests
{
    public static TheoryData<string> KnownCases => [.. RolloutCases.Known.Select(known => known.Name)];

    [Theory]
    [MemberData(nameof(KnownCases))]
    public void Rollouts_are_judged_rightly(string name)
    {
        var (_, _, workload, expected) = RolloutCases.Known.Single(known => known.Name == name);

        Assert.Equal(expected, Rollout.Of(workload).State);
    }

    [Fact]
    public async Task Rollouts_are_judged_as_kubectl_judges_them()
    {
        Assert.SkipWhen(Kubectl.Program is null, "kubectl is not installed here.");
        await using var kubectl = await Kubectl.StartAsync();
        var differences = new List<string>();
        var states = new HashSet<(string, RolloutState)>();
        foreach (var (name, plural, workload) in RolloutCases.Known.Select(known => (known.Name, known.Plural, known.Workload))
            .Concat(RolloutCases.Random(seed: 20, count: 30)))
        {
            kubectl.Put(plural, workload);
            var (state, said) = await kubectl.StatusAsync(plural, name);
            var ours = Rollout.Of(workload);
            states.Add((plural, state));
            if (ours.State != state)
            {
                differences.Add(
                    $"{name}: {ours.State} ({ours.Detail}), kubectl: {state} ({said}): "
                        + $"{workload["spec"]!["updateStrategy"]?.ToJsonString()} {workload["status"]!.ToJsonString()}");
            }
        }

        Assert.Empty(differences);
        Assert.Equal(9, states.Count);
    }

    [Fact]
    public async Task A_restart_is_what_kubectl_sends()
    {
        Assert.SkipWhen(Kubectl.Program is null, "kubectl is not installed here.");
        await using var kubectl = await Kubectl.StartAsync();
        var (_, plural, workload, _) = RolloutCases.Known[0];
        kubectl.Put(plural, workload);
        Assert.Equal(0, (await kubectl.RunAsync("rollout", "restart", $"deployment/{workload.Name()}")).ExitCode);

        await using var cluster = await FakeCluster.StartAsync();
        new FakeControllers(cluster).Deployment("api");
        await using var bench = new KubernetesBench(cluster);
        JsonObject? ours = null;
        string? type = null;
        cluster.Sent = (_, contentType, body) => (type, ours) = (contentType, body as JsonObject);
        Assert.True((await bench.RestartAsync(new() { ["workloads"] = new JsonArray("deployment/api") })).Succeeded);

        var theirs = kubectl.Patched!.Value;
        var annotations = ours!["spec"]!["template"]!["metadata"]!["annotations"]!.AsObject();
        Assert.Equal(theirs.ContentType, type);
        Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$", annotations.Text("kubectl.kubernetes.io/restartedAt"));
        annotations.Remove("rotunda.dev/restarted-by");
        annotations["kubectl.kubernetes.io/restartedAt"] = theirs.Body.Text(
            "spec",
            "template",
            "metadata",
            "annotations",
            "kubectl.kubernetes.io/restartedAt");
        ours.Remove("metadata");
        Assert.True(JsonNode.DeepEquals(theirs.Body, ours), $"{theirs.Body} {ours}");
    }

    [Fact]
    public async Task A_paused_deployment_is_refused_as_kubectl_does()
    {
        Assert.SkipWhen(Kubectl.Program is null, "kubectl is not installed here.");
        await using var kubectl = await Kubectl.StartAsync();
        var (name, plural, workload, _) = RolloutCases.Known.Single(known => known.Name == "deployment-paused");
        kubectl.Put(plural, workload);

        Assert.NotEqual(0, (await kubectl.RunAsync("rollout", "restart", $"deployment/{name}")).ExitCode);
        Assert.Contains("kubectl rollout resume", Rollout.Obstacle(WorkloadName.Parse($"deployment/{name}"), workload, false));
    }

    [Theory]
    [InlineData("merge", """{ "data": { "a": "eA==", "gone": null }, "metadata": { "annotations": { "n/x": "1", "mine": null } } }""")]
    [InlineData("merge", """{ "data": null, "immutable": true }""")]
    [InlineData("strategic", """{ "metadata": { "annotations": { "n/x": "1", "mine": null } }, "type": "Opaque" }""")]
    [InlineData(
        "json",
        """
        [{ "op": "test", "path": "/data/gone", "value": "eA==" },
         { "op": "replace", "path": "/data/gone", "value": "eQ==" },
         { "op": "replace", "path": "/metadata/annotations/n~1y", "value": "2" }]
        """)]
    [InlineData("json", """[{ "op": "test", "path": "/data/gone", "value": "eQ==" }]""")]
    [InlineData("json", """[{ "op": "replace", "path": "/data/nothing", "value": "eQ==" }]""")]
    public async Task The_fake_patches_as_kubectl_does(string type, string patch)
    {
        Assert.SkipWhen(Kubectl.Program is null, "kubectl is not installed here.");
        await using var kubectl = await Kubectl.StartAsync();
        var secret = JsonNode.Parse("""
            { "apiVersion": "v1", "kind": "Secret",
              "metadata": { "name": "s", "namespace": "shop", "annotations": { "mine": "m", "n/y": "1" } },
              "type": "Opaque", "data": { "gone": "eA==", "stays": "eA==" } }
            """)!.AsObject();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, secret.ToJsonString());
        var (exit, output, _) = await kubectl.RunAsync("patch", "--local", "-f", file, "--type", type, "-p", patch, "-o", "json");
        File.Delete(file);

        var contentType = type switch { "merge" =>
            "application/merge-patch+json", "json" => "application/json-patch+json", _ => "application/strategic-merge-patch+json" };
        JsonObject? ours = null;
        try
        {
            ours = FakePatch.Apply(secret, contentType, JsonNode.Parse(patch)!);
        }
        catch (FakePatchException refusal)
        {
            Assert.Equal(422, refusal.Status);
        }

        Assert.Equal(exit == 0, ours is not null);
        Assert.True(ours is null || JsonNode.DeepEquals(JsonNode.Parse(output), ours), $"{output} {ours}");
    }
}
