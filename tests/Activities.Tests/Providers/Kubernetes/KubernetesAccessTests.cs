using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rotunda.Files;
using Rotunda.Providers.Clients.Kubernetes;
using Rotunda.Providers.Targets.KubernetesSecrets;
using Rotunda.Rotation.Words;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.Kubernetes;

/// <summary>How a cluster is found and logged in to.</summary>
public sealed class KubernetesAccessTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-test-kube-");
    private FakeCluster _cluster = null!;
    private KubernetesBench _bench = null!;

    /// <summary>In the place of a reference: none.</summary>
    private static readonly JsonNode? NotSet = JsonValue.Create(false);

    private static JsonObject Settings => new() { ["secret"] = "keys", ["keys"] = new JsonObject { ["ONE"] = "{value}" } };

    public async ValueTask InitializeAsync()
    {
        _cluster = await FakeCluster.StartAsync();
        _bench = new KubernetesBench(_cluster);
        _cluster.Put("secrets", """{ "metadata": { "name": "keys" }, "type": "Opaque", "data": { "ONE": "b2xk" } }""");
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _cluster.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task In_a_pod_the_service_account_is_used_and_its_token_is_read_anew()
    {
        await WriteAsync("token", FakeCluster.Token + "\n");
        await WriteAsync("namespace", FakeCluster.Namespace);
        File.Copy(_cluster.Vendor.AuthorityFile!, Path.Combine(_folder.FullName, "ca.crt"));
        using var provider = new KubernetesSecretProvider(InPod());
        var call = _bench.Call(new JsonObject
        {
            ["secret"] = "keys",
            ["keys"] = new JsonObject { ["ONE"] = "{value}" },
            ["kubeconfig"] = NotSet!.DeepClone(),
        });

        Assert.True((await provider.ValidateAsync(call, default)).Succeeded);

        _cluster.AcceptedToken = "rotated-token";
        Assert.Contains("HTTP 401", (await provider.ValidateAsync(call, default)).Reason);
        await WriteAsync("token", "rotated-token");
        Assert.True((await provider.ValidateAsync(call, default)).Succeeded);
    }

    [Fact]
    public async Task Outside_of_a_pod_or_without_a_service_account_it_is_said_what_to_do()
    {
        var settings =
            new JsonObject { ["secret"] = "keys", ["keys"] = new JsonObject { ["ONE"] = "{value}" }, ["kubeconfig"] = NotSet!.DeepClone() };
        using var outside = new KubernetesSecretProvider(new KubernetesSurroundings(_ => null, _folder.FullName));
        using var without = new KubernetesSecretProvider(InPod());

        Assert.Contains("Set 'kubeconfigFile'", (await outside.ValidateAsync(_bench.Call(settings), default)).Reason);
        Assert.Contains("automountServiceAccountToken", (await without.ValidateAsync(_bench.Call(settings), default)).Reason);
    }

    [Theory]
    [InlineData("10.0.0.1", "443", "https://10.0.0.1/")]
    [InlineData("fd00::1", "6443", "https://[fd00::1]:6443/")]
    public async Task The_pod_s_variables_are_the_address(string host, string port, string address)
    {
        await WriteAsync("token", "t");
        await WriteAsync("ca.crt", "c");

        Assert.Equal(
            address,
            new KubernetesSurroundings(
                name => name.EndsWith("HOST", StringComparison.Ordinal) ? host : port,
                _folder.FullName).Place().Server.ToString());
    }

    [Fact]
    public async Task A_kubeconfig_file_s_paths_are_relative_to_it_and_its_token_file_is_read_anew()
    {
        File.Copy(_cluster.Vendor.AuthorityFile!, Path.Combine(_folder.FullName, "ca.pem"));
        await WriteAsync("config", _cluster.Kubeconfig("tokenFile: token.txt").Replace(_cluster.Vendor.AuthorityFile!, "ca.pem"));
        await WriteAsync("token.txt", "not-yet");
        var settings = Settings;
        settings["kubeconfigFile"] = Path.Combine(_folder.FullName, "config");

        Assert.Contains("HTTP 401", (await _bench.Secrets.ValidateAsync(_bench.Call(settings), default)).Reason);
        await WriteAsync("token.txt", FakeCluster.Token);
        Assert.True((await _bench.Secrets.ValidateAsync(_bench.Call(settings), default)).Succeeded);
    }

    [Fact]
    public async Task The_context_may_be_chosen_and_its_namespace_is_the_default()
    {
        _bench.Kubeconfig = _cluster.Kubeconfig().Replace("current-context: test", "current-context: gone");
        var settings = Settings;
        Assert.Contains("no context 'gone'", (await _bench.Secrets.ValidateAsync(_bench.Call(settings), default)).Reason);

        settings["context"] = "test";
        Assert.Equal("shop/keys", (await _bench.Secrets.ValidateAsync(_bench.Call(settings), default)).Facts!["secret"]);

        settings["namespace"] = "elsewhere";
        await _bench.Secrets.ValidateAsync(_bench.Call(settings), default);
        Assert.Contains(_cluster.Vendor.Requests, request => request.Contains("/namespaces/elsewhere/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_certificate_in_the_kubeconfig_is_the_only_one_that_is_trusted()
    {
        var authority = Convert.ToBase64String(await File.ReadAllBytesAsync(_cluster.Vendor.AuthorityFile!));
        _bench.Kubeconfig = _cluster.Kubeconfig()
            .Replace($"certificate-authority: \"{_cluster.Vendor.AuthorityFile}\"", $"certificate-authority-data: {authority}");
        Assert.True((await _bench.Secrets.ValidateAsync(_bench.Call(Settings), default)).Succeeded);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var stranger = Authority("CN=Stranger", key);
        _bench.Kubeconfig = _bench.Kubeconfig.Replace(
            authority,
            Convert.ToBase64String(Encoding.UTF8.GetBytes(stranger.ExportCertificatePem())));
        var refused = await _bench.Secrets.ValidateAsync(_bench.Call(Settings), default);
        Assert.Equal(StepOutcomeKind.RetryLater, refused.Kind);
        Assert.Contains("TLS could not be made", refused.Reason);
    }

    [Theory]
    [InlineData("exec: { command: aws }", "does not run")]
    [InlineData("auth-provider: { name: gcp }", "auth-provider")]
    [InlineData("username: admin, password: s3cret", "user name and password")]
    [InlineData("token: t, as: admin", "impersonates")]
    [InlineData("client-certificate-data: aGVsbG8=", "without its key")]
    [InlineData("client-certificate-data: aGVsbG8=, client-key-data: aGVsbG8=", "no PEM")]
    [InlineData("client-certificate-data: '***', client-key-data: aGVsbG8=", "no base64")]
    [InlineData("token: \"two\\nlines\"", "no token has")]
    [InlineData("tokenFile: relative.txt", "relative path")]
    [InlineData("tokenFile: /nowhere/token", "'/nowhere/token' cannot be read")]
    public async Task Logins_that_are_not_taken_are_refused_with_what_to_do(string user, string reason)
    {
        _bench.Kubeconfig = _cluster.Kubeconfig(user);

        var refused = await _bench.Secrets.ValidateAsync(_bench.Call(Settings), default);

        Assert.Equal(StepOutcomeKind.Rejected, refused.Kind);
        Assert.Contains(reason, refused.Reason);
        Assert.DoesNotContain("s3cret", refused.Reason);
        Assert.Empty(_cluster.Vendor.Requests);
    }

    [Theory]
    [InlineData("insecure-skip-tls-verify: true", "insecure-skip-tls-verify")]
    [InlineData("proxy-url: http://proxy", "proxy-url")]
    [InlineData("tls-server-name: other", "tls-server-name")]
    public async Task Clusters_that_are_not_safe_or_not_supported_are_refused(string member, string reason)
    {
        _bench.Kubeconfig = _cluster.Kubeconfig().Replace("cluster: { server:", $"cluster: {{ {member}, server:");

        Assert.Contains(reason, (await _bench.Secrets.ValidateAsync(_bench.Call(Settings), default)).Reason);
        Assert.Empty(_cluster.Vendor.Requests);
    }

    [Fact]
    public async Task A_client_certificate_logs_in()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var identity = Authority("CN=rotunda,O=rotators", key);
        await using var server = await MutualAsync(identity.Thumbprint);
        static string Data(string pem) => Convert.ToBase64String(Encoding.UTF8.GetBytes(pem));
        _bench.Kubeconfig = _cluster.Kubeconfig(
            $"client-certificate-data: {Data(identity.ExportCertificatePem())}, client-key-data: {Data(key.ExportPkcs8PrivateKeyPem())}")
            .Replace(
                _cluster.Vendor.Address,
                server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

        // The server has no such review, which tells nothing: what was read is what counts.
        Assert.Equal("shop/keys", (await _bench.Secrets.ValidateAsync(_bench.Call(Settings), default)).Facts!["secret"]);

        _bench.Kubeconfig = _cluster.Kubeconfig()
            .Replace(
                _cluster.Vendor.Address,
                server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Assert.False((await _bench.Secrets.ValidateAsync(_bench.Call(Settings), default)).Succeeded);
    }

    private static async Task<WebApplication> MutualAsync(string thumbprint)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback,
            0,
            listen => listen.UseHttps(FakeCertificate.Shared.Server, options =>
            {
                options.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                options.ClientCertificateValidation = (certificate, _, _) => certificate.Thumbprint == thumbprint;
            })));
        var application = builder.Build();
        application.Run(async context =>
        {
            context.Response.StatusCode = context.Request.Method == "GET" && !context.Request.Headers.ContainsKey("Authorization")
                ? 200
                : 404;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{ "kind": "Secret", "metadata": { "name": "keys" }, "data": { "ONE": "b2xk" } }""");
        });
        await application.StartAsync();
        return application;
    }

    private static X509Certificate2 Authority(string name, ECDsa key)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest(name, key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private KubernetesSurroundings InPod()
    {
        var address = new Uri(_cluster.Vendor.Address);
        return new KubernetesSurroundings(
            name => name switch { "KUBERNETES_SERVICE_HOST" => address.Host, "KUBERNETES_SERVICE_PORT" => $"{address.Port}", _ => null },
            _folder.FullName);
    }

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(_folder.FullName, name), text);
}
