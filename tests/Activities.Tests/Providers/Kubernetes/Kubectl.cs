using System.Diagnostics;
using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Kubernetes;
using Rotunda.Providers.Consumers.KubernetesWorkloads;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.Kubernetes;

/// <summary>The real kubectl, and as much of an API server as it asks for.</summary>
internal sealed class Kubectl : IAsyncDisposable
{
    private static readonly string[] Plurals = ["deployments", "statefulsets", "daemonsets"];
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("rotunda-test-kubectl-");
    private readonly Dictionary<string, JsonObject> _workloads = new(StringComparer.Ordinal);
    private readonly FakeVendor _server;

    private Kubectl(FakeVendor server) => _server = server;

    /// <summary>Where kubectl is; null if it is not installed here.</summary>
    public static string? Program { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "kubectl"))
            .FirstOrDefault(File.Exists);

    /// <summary>The body and content type of the last patch.</summary>
    public (string ContentType, JsonNode Body)? Patched { get; private set; }

    public static async Task<Kubectl> StartAsync()
    {
        var kubectl = new Kubectl(await FakeVendor.StartAsync(https: true));
        kubectl.Serve();
        await File.WriteAllTextAsync(Path.Combine(kubectl._home.FullName, "config"), $$"""
            apiVersion: v1
            kind: Config
            current-context: test
            contexts: [{ name: test, context: { cluster: fake, user: u, namespace: {{FakeCluster.Namespace}} } }]
            clusters:
            - name: fake
              cluster: { server: "{{kubectl._server.Address}}", certificate-authority: "{{kubectl._server.AuthorityFile}}" }
            users: [{ name: u, user: { token: abc } }]
            """);
        return kubectl;
    }

    public void Put(string plural, JsonObject workload) => _workloads[$"{plural}/{workload.Name()}"] = workload;

    public async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(
            Program!,
            [.. arguments, "--kubeconfig", Path.Combine(_home.FullName, "config")])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
        start.Environment["HOME"] = _home.FullName;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>What kubectl rollout status says of the workload now.</summary>
    public async Task<(RolloutState State, string Said)> StatusAsync(string plural, string name)
    {
        var (exit, output, errors) = await RunAsync("rollout", "status", $"{plural}/{name}", "--watch=false");
        return (
            exit != 0
                ? RolloutState.Failed
                : output.StartsWith("waiting", StringComparison.OrdinalIgnoreCase) ? RolloutState.Waiting : RolloutState.Done,
            $"{exit} {output} {errors}");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _home.Delete(recursive: true);
    }

    private void Serve()
    {
        On("GET", "/version", _ => """{ "major": "1", "minor": "32", "gitVersion": "v1.32.4" }""");
        On("GET", "/api", _ => """{ "kind": "APIVersions", "versions": ["v1"] }""");
        On("GET", "/api/v1", _ => """{ "kind": "APIResourceList", "groupVersion": "v1", "resources": [] }""");
        On("GET", "/apis", _ => """
            { "kind": "APIGroupList", "apiVersion": "v1", "groups": [{
                "name": "apps",
                "versions": [{ "groupVersion": "apps/v1", "version": "v1" }],
                "preferredVersion": { "groupVersion": "apps/v1", "version": "v1" } }] }
            """);
        On("GET", "/apis/apps/v1", _ => $$"""
            { "kind": "APIResourceList", "groupVersion": "apps/v1", "resources": [
                {{Resource("Deployment", "deployment")}},
                {{Resource("StatefulSet", "statefulset")}},
                {{Resource("DaemonSet", "daemonset")}}] }
            """);
        foreach (var plural in Plurals)
        {
            var path = $"/apis/apps/v1/namespaces/{FakeCluster.Namespace}/{plural}";
            On("GET", path + "/{name}", request => _workloads[$"{plural}/{request.Part("name")}"].ToJsonString());
            On("GET", path, request => request.Query("watch") == "true" ? "" : new JsonObject
            {
                ["kind"] = "List",
                ["apiVersion"] = "v1",
                ["metadata"] = new JsonObject { ["resourceVersion"] = "7" },
                ["items"] = new JsonArray(_workloads[$"{plural}/{request.RequiredQuery("fieldSelector").Split('=')[1]}"].DeepClone()),
            }.ToJsonString());
            On("PATCH", path + "/{name}", request =>
            {
                Patched = (request.ContentType!, JsonNode.Parse(request.Body)!);
                return _workloads[$"{plural}/{request.Part("name")}"].ToJsonString();
            });
        }
    }

    private static string Resource(string kind, string singular) => $$"""
        { "name": "{{singular}}s", "singularName": "{{singular}}", "namespaced": true, "kind": "{{kind}}",
          "verbs": ["get", "list", "watch", "patch"] }
        """;

    private void On(string method, string path, Func<FakeRequest, string> answer) =>
        _server.On(method, path, request => FakeReply.Text(200, answer(request), "application/json"));
}
