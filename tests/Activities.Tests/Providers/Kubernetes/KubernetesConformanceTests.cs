using System.Text.Json.Nodes;
using Rotunda.Files;
using Rotunda.Providers.Clients.Kubernetes;
using Rotunda.Providers.Consumers.KubernetesWorkloads;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Targets.ExternalSecrets;
using Rotunda.Providers.Targets.KubernetesSecrets;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.Kubernetes;

public sealed class KubernetesConformanceTests
{
    public static TheoryData<string> Environments => ["in-place", "new-name", "workload", "scalable", "external-secret"];

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task Conforms(string name)
    {
        await using var environment = await StartAsync(name);
        environment.Reset();
        await ProviderConformanceSuite.RunAsync(environment);
        environment.Vendor.AssertClean();
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task Survives_every_fault_on_every_call(string name)
    {
        await using var environment = await StartAsync(name);

        Assert.True(await VendorFaultSuite.RunAsync(environment) >= 8 * FakeFault.All.Count);
    }

    private static async Task<VendorEnvironment> StartAsync(string name)
    {
        var cluster = await FakeCluster.StartAsync();
        return name switch
        {
            "in-place" => new InPlaceEnvironment(cluster),
            "new-name" => new NewNameEnvironment(cluster),
            "workload" => new WorkloadEnvironment(cluster, isScalable: false),
            "scalable" => new WorkloadEnvironment(cluster, isScalable: true),
            _ => new ExternalSecretEnvironment(cluster),
        };
    }

    private abstract class ClusterEnvironment(FakeCluster cluster) : VendorEnvironment(cluster.Vendor)
    {
        protected FakeCluster Cluster { get; } = cluster;

        protected FakeControllers Controllers { get; } = new(cluster);

        public override IReadOnlyDictionary<string, string> References => new Dictionary<string, string>
        {
            ["env:KUBECONFIG"] = Cluster.Kubeconfig(),
            ["env:TOKEN"] = FakeCluster.Token,
            ["env:WRONG"] = Cluster.Kubeconfig("token: wrong-token-8842"),
            ["env:NOWHERE"] = Cluster.Kubeconfig().Replace(Vendor.Address, "https://127.0.0.1:1"),
            ["env:BROKEN"] = "clusters: [ token: broken-kubeconfig-1234",
        };

        public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
        [
            ("a token that the cluster does not know", With(("kubeconfig", "env:WRONG"))),
            ("a cluster that is not there", With(("kubeconfig", "env:NOWHERE"))),
            ("a kubeconfig that is none", With(("kubeconfig", "env:BROKEN"))),
            ("a reference to nothing", With(("kubeconfig", "env:MISSING"))),
            ("a context that is not there", With(("context", "other"))),
            ("a kubeconfig file that is not there", With(("kubeconfigFile", "/nowhere/kubeconfig"))),
        ];

        protected JsonObject With(params (string Name, JsonNode? Value)[] others)
        {
            var settings = Settings;
            foreach (var (name, value) in others)
            {
                settings[name] = value;
            }

            return settings;
        }
    }

    private sealed class InPlaceEnvironment(FakeCluster cluster) : ClusterEnvironment(cluster)
    {
        public override IProvider Provider { get; } = new KubernetesSecretProvider();

        public override JsonObject Settings => new()
        {
            ["kubeconfig"] = "env:KUBECONFIG",
            ["secret"] = "shop.keys",
            ["keys"] = new JsonObject
            {
                ["KEY_ONE"] = "{value}",
                ["url"] = "pg://{username}:{value:url}@h",
                ["second.key"] = "{secondary}",
            },
        };

        public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
        [
            .. base.BrokenSettings,
            ("a Secret that is not there", With(("secret", "nothing"))),
            ("a name that is none", With(("secret", "Not_A_Name"))),
            ("a key that is none", With(("keys", new JsonObject { ["a b"] = "{value}" }))),
            ("an unknown placeholder", With(("keys", new JsonObject { ["a"] = "{nothing}" }))),
            ("an immutable Secret", With(("secret", "fixed"))),
            ("a Secret that a controller owns", With(("secret", "owned"))),
            ("workloads, which are for new names", With(("workloads", new JsonArray("deployment/api")))),
        ];

        public override void Reset()
        {
            Cluster.Clear();
            Cluster.Put(
                "secrets",
                """
                { "metadata": { "name": "shop.keys", "annotations": { "mine": "stays" }, "labels": { "team": "shop" } }, "type": "Opaque",
                  "data": { "KEY_ONE": "b2xk", "OTHER": "c3RheXM=" } }
                """);
            Cluster.Put(
                "secrets",
                """{ "metadata": { "name": "fixed" }, "type": "Opaque", "immutable": true, "data": { "KEY_ONE": "b2xk" } }""");
            Cluster.Put(
                "secrets",
                """
                { "metadata": { "name": "owned", "ownerReferences": [{ "kind": "ExternalSecret", "name": "es", "controller": true }] },
                  "type": "Opaque" }
                """);
        }

        public override Task<string?> KeptAsync() => Task.FromResult<string?>(
            $"{Keys["type"]} {Keys["metadata"]!["labels"]?.ToJsonString()} {Keys["metadata"]!["annotations"]!["mine"]} "
                + $"{Keys["data"]!["OTHER"]}");

        /// <summary>As a pod sees it: decoded once.</summary>
        public override IReadOnlyList<TargetReader> Readers => [new(
            "a pod",
            () => Task.FromResult<string?>(
                System.Text.Encoding.UTF8.GetString(Convert.FromBase64String((string)Keys["data"]!["KEY_ONE"]!))))];

        private JsonObject Keys => Cluster.All("secrets").Single(secret => secret.Name() == "shop.keys");

        public override Task<string> StateAsync() => Task.FromResult(string.Join('\n', Cluster.All("secrets").Select(secret =>
            $"{secret.Name()} {Sorted(secret["metadata"]!["annotations"])} {Sorted(secret["data"])}")));
    }

    private sealed class NewNameEnvironment(FakeCluster cluster) : ClusterEnvironment(cluster)
    {
        public override IProvider Provider { get; } = new KubernetesSecretProvider();

        public override JsonObject Settings => new()
        {
            ["kubeconfig"] = "env:KUBECONFIG",
            ["secret"] = "jwt-secret",
            ["mode"] = "new-name",
            ["workloads"] = new JsonArray("deployment/api", "statefulset/worker", "ds/agent"),
            ["keys"] = new JsonObject { ["KEY_ONE"] = "{value}", ["KEY_TWO"] = "{secondary}" },
        };

        public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
        [
            .. base.BrokenSettings,
            ("a workload that is not there", With(("workloads", new JsonArray("deployment/nothing")))),
            ("a workload that does not use it", With(("secret", "another"))),
            ("no workloads", With(("workloads", new JsonArray()))),
            ("a workload of a kind that has no pods", With(("workloads", new JsonArray("service/api")))),
            ("a name with a number", With(("secret", "jwt-secret-v2"))),
        ];

        public override void Reset()
        {
            Cluster.Clear();
            Cluster.Put(
                "secrets",
                """
                { "metadata": { "name": "jwt-secret", "labels": { "team": "shop" } }, "type": "Opaque", "immutable": true,
                  "data": { "KEY_ONE": "b2xk", "OTHER": "c3RheXM=" } }
                """);
            // Left by an earlier rotation that went back: deleted by this one's first delivery.
            Cluster.Put("secrets", """
                { "metadata": {
                    "name": "jwt-secret-v2",
                    "labels": { "app.kubernetes.io/managed-by": "rotunda" },
                    "annotations": { "rotation.rotunda.dev/conformance": "conformance-0" } },
                  "type": "Opaque", "data": { "KEY_ONE": "b2xk" } }
                """);
            Controllers.Deployment("api");
            Controllers.StatefulSet("worker");
            Controllers.DaemonSet("agent");
        }

        /// <summary>What the workloads' pods are given. (The Secret of a delivery that was taken back stays until the next
        /// rotation.)</summary>
        public override Task<string> StateAsync()
        {
            var workloads = Cluster.All("deployments").Concat(Cluster.All("statefulsets")).Concat(Cluster.All("daemonsets"));
            return Task.FromResult(string.Join('\n', workloads.Select(workload =>
            {
                var names = SecretReferences.Of(workload["spec"]).Select(reference => reference.Secret).ToList();
                var data = names.Where(name => Cluster.Has("secrets", name)).Select(name => Sorted(Cluster["secrets", name]["data"]));
                return $"{workload.Name()} {string.Join(' ', names)} {string.Join(' ', data)}";
            })));
        }
    }

    private sealed class WorkloadEnvironment(FakeCluster cluster, bool isScalable) : ClusterEnvironment(cluster)
    {
        /// <summary>A DaemonSet is not.</summary>
        public override bool IsScalable => isScalable;

        public override IProvider Provider { get; } = new KubernetesWorkloadProvider();

        public override JsonObject Settings =>
            new()
            {
                ["kubeconfig"] = "env:KUBECONFIG",
                ["workloads"] = isScalable
                    ? new JsonArray("deployment/api", "sts/worker")
                    : new JsonArray("deployment/api", "sts/worker", "daemonset/agent"),
            };

        public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
        [
            .. base.BrokenSettings,
            ("a workload that is not there", With(("workloads", new JsonArray("deployment/nothing")))),
            ("no workloads", With(("workloads", new JsonArray()))),
            ("a workload without a kind", With(("workloads", new JsonArray("api")))),
        ];

        public override void Reset()
        {
            Cluster.Clear();
            Controllers.Deployment("api");
            Controllers.StatefulSet("worker");
            Controllers.DaemonSet("agent");
            foreach (var (plural, name) in new[] { ("deployments", "api"), ("statefulsets", "worker"), ("daemonsets", "agent") })
            {
                Controllers.MarkRestarted(plural, name);
            }
        }

        public override Task<string> StateAsync() =>
            Task.FromResult(string.Join('\n', Cluster.All("deployments").Concat(Cluster.All("statefulsets")).Concat(
                Cluster.All("daemonsets"))
                .Select(workload => $"{workload.Name()} {workload.Number("metadata", "generation")} "
                    + $"{workload.Number("spec", "replicas")} {workload.Annotation("rotunda.dev/replicas")} "
                    + $"{workload.Text("spec", "template", "metadata", "annotations", "rotunda.dev/restarted-by")}")));
    }

    private sealed class ExternalSecretEnvironment(FakeCluster cluster) : ClusterEnvironment(cluster)
    {
        private const string Salt = "00112233445566778899aabbccddeeff";
        private readonly List<string> _values = [];
        private string? _upstream;

        public override IProvider Provider { get; } = new ExternalSecretProvider();

        public override bool TakesSecondary => false;

        public override JsonObject Settings => new()
        {
            ["kubeconfig"] = "env:KUBECONFIG",
            ["externalSecret"] = "sessions",
            ["keys"] = new JsonObject { ["KEY"] = "{value}" },
        };

        public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
        [
            .. base.BrokenSettings,
            ("an ExternalSecret that is not there", With(("externalSecret", "nothing"))),
            ("one that is read once", With(("externalSecret", "once"))),
        ];

        public override string NewValue(int number) => Noted(base.NewValue(number));

        public override string NewFaultValue(int number) => Noted(base.NewFaultValue(number));

        public override void Reset()
        {
            _upstream = null;
            Cluster.Clear();
            Cluster.Changed = (plural, _) =>
            {
                // From its first look at the store on, the operator is quick.
                if (plural == "externalsecrets" && _upstream is not null)
                {
                    Sync();
                }
            };
            FakeOperator.ExternalSecret(Cluster, "sessions");
            FakeOperator.ExternalSecret(Cluster, "once", """, "refreshPolicy": "CreatedOnce" """);
            FakeOperator.Sync(Cluster, "sessions", new() { ["KEY"] = "old" });
        }

        /// <summary>The store has what was delivered to it (told by the fingerprint that the delivery noted), and the operator
        /// reads it.</summary>
        public override void Arrive()
        {
            var told = Cluster["externalsecrets", "sessions"].Annotation("delivery.rotunda.dev/conformance")!.Split('/')[1];
            _upstream = _values.First(value => FingerprintOf(value) == told);
            Sync();
        }

        public override Task<string> StateAsync() => Task.FromResult(
            $"{Cluster["externalsecrets", "sessions"].Annotation("delivery.rotunda.dev/conformance")} "
                + $"{Sorted(Cluster["secrets", "sessions"]["data"])}");

        private void Sync() => FakeOperator.Sync(Cluster, "sessions", new() { ["KEY"] = _upstream! });

        private static string FingerprintOf(string value)
        {
            using var secret = SecretValue.FromText(value);
            return Fingerprint.Of(secret, Salt);
        }

        private string Noted(string value)
        {
            _values.Add(value);
            return value;
        }
    }

    private static string Sorted(JsonNode? map) =>
        string.Join(
            ',',
            (map as JsonObject ?? []).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));
}
