using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Rotunda.Testing.RealServers;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorFakes.GitHub;
using Rotunda.Testing.VendorFakes.Pulumi;

namespace Rotunda.Acceptance.Tests.Harness;

/// <summary>
/// The surroundings of the runbook docs/runbooks/github-pulumi-esc.md: GitHub with an organisation's secrets and a sync workflow,
/// Pulumi Cloud with tokens and an environment, and a service that gets its token from there and calls Pulumi with it all the time.
/// </summary>
internal sealed class PulumiWorld : IAsyncDisposable
{
    public const string OldToken = "pul-0ld0ld0ld0ld0ld0ld0ld0ld0ld0ld0ld0ld0ld";
    public const string SecretName = "orgs/acme/actions/secrets/PULUMI_ACCESS_TOKEN";
    private const string SaltName = "orgs/acme/actions/secrets/PULUMI_TOKEN_SALT";
    private readonly FakeVendor _gitHubVendor;
    private readonly FakeVendor _pulumiVendor;
    private readonly HttpClient _http = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Task _load;
    private volatile string _token = OldToken;
    private volatile string _salt = "";
    private long _calls;

    private PulumiWorld(FakeVendor gitHub, FakeVendor pulumi, ConsumerServer consumer)
    {
        (_gitHubVendor, _pulumiVendor, Consumer) = (gitHub, pulumi, consumer);
        (GitHub, Esc, Tokens) = (new FakeGitHub(gitHub), new FakeEsc(pulumi), new FakePulumiTokens(pulumi));
        Tokens.Stand("/api/orgs/acme/tokens", OldToken);
        GitHub.Stand(SecretName, OldToken, "selected", [11, 12]);
        Esc.Reset(
            "# what the shop reads\nvalues:\n  environmentVariables:\n    SHOP: open # theirs\n    PULUMI_ACCESS_TOKEN:\n      "
                + $"fn::secret: {OldToken} # ours\n");
        consumer.Answer = AnswerAsync;
        _load = Task.Run(LoadAsync);
    }

    public FakeGitHub GitHub { get; }

    public FakeEsc Esc { get; }

    public FakePulumiTokens Tokens { get; }

    public ConsumerServer Consumer { get; }

    /// <summary>How often the service has called Pulumi.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>Each call that Pulumi refused.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    public string InEsc => Esc.Value(null, "environmentVariables", "PULUMI_ACCESS_TOKEN")!;

    public string InGitHub => GitHub.Stands[SecretName].Value;

    public static async Task<PulumiWorld> StartAsync() =>
        new(await FakeVendor.StartAsync(), await FakeVendor.StartAsync(), await ConsumerServer.StartAsync());

    public static Dictionary<string, string?> Environment => new()
    {
        ["GITHUB_APP_KEY"] = FakeGitHubApps.PrivateKey,
        ["PULUMI_ADMIN_TOKEN"] = FakePulumiTokens.AdminToken,
        ["PULUMI_ESC_TOKEN"] = FakeEsc.Token,
        ["PULUMI_TOKEN"] = OldToken,
    };

    public string Catalog => $$"""
        version: 1
        secrets:
          pulumi-token:
            provider:
              type: pulumi-token
              organization: acme
              lifetime: 90d
              token: env:PULUMI_ADMIN_TOKEN
              url: {{_pulumiVendor.Address}}
            grace: 1s
            evidence: { quietFor: 1s, timeout: 5m }
            retry: { attempts: 10, first: 1s, max: 1s }
            current: { id: {{Tokens.Live[0].Id}}, value: env:PULUMI_TOKEN }
            targets:
              github:
                type: github-secret
                organization: acme
                keys: { PULUMI_ACCESS_TOKEN: "{value}", PULUMI_TOKEN_SALT: "{salt}" }
                appId: "{{FakeGitHubApps.AppId}}"
                installationId: "{{FakeGitHubApps.InstallationId}}"
                privateKey: env:GITHUB_APP_KEY
                apiUrl: {{_gitHubVendor.Address}}
                syncRepository: acme/platform
                syncWorkflow: sync-secrets.yml
                syncMark: rotunda
                confirmTimeout: 2m
              esc:
                type: pulumi-esc
                group: 1
                mode: confirm
                organization: acme
                project: shop
                environment: production
                keys: { environmentVariables.PULUMI_ACCESS_TOKEN: "{value}", environmentVariables.PULUMI_TOKEN_SALT: "{salt}" }
                token: env:PULUMI_ESC_TOKEN
                url: {{_pulumiVendor.Address}}
                confirmTimeout: 2m
            consumers:
              shop:
                type: http
                instances: [{{Consumer.Address}}]
                reloadPath: /reload
                healthPath: /healthz
                fingerprintPath: /fingerprint
        """;

    /// <summary>What the sync workflow does: it copies the secrets that the run was given into the environment.</summary>
    public string Sync(FakeRun run)
    {
        var (token, salt) = (run.Secrets[SecretName].Value, run.Secrets[SaltName].Value);
        Esc.Write(
            "# what the shop reads\nvalues:\n  environmentVariables:\n    SHOP: open # theirs\n    PULUMI_ACCESS_TOKEN:\n      "
                + $"fn::secret: {token} # ours\n    PULUMI_TOKEN_SALT: {salt}\n");
        return "success";
    }

    public void AssertClean()
    {
        _gitHubVendor.AssertClean();
        _pulumiVendor.AssertClean();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _load;
        _http.Dispose();
        _stop.Dispose();
        await Consumer.DisposeAsync();
        await _gitHubVendor.DisposeAsync();
        await _pulumiVendor.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/reload":
                (_token, _salt) = (InEsc, Esc.Value(null, "environmentVariables", "PULUMI_TOKEN_SALT") ?? "");
                break;
            case "/healthz":
                context.Response.StatusCode = await WorksAsync(_token) ? 200 : 503;
                break;
            default:
                await context.Response.WriteAsync(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_salt + _token)))[..12]);
                break;
        }
    }

    private async Task LoadAsync()
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        try
        {
            while (await pace.WaitForNextTickAsync(_stop.Token))
            {
                if (!await WorksAsync(_token))
                {
                    _failures.Enqueue($"call {Calls}: refused");
                }

                Interlocked.Increment(ref _calls);
            }
        }
        catch (OperationCanceledException)
        {
            // The world ends.
        }
    }

    private async Task<bool> WorksAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _pulumiVendor.Address + "/api/user");
        request.Headers.Authorization = new AuthenticationHeaderValue("token", token);
        request.Headers.TryAddWithoutValidation("Accept", "application/vnd.pulumi+8");
        using var response = await _http.SendAsync(request, _stop.Token);
        return response.IsSuccessStatusCode;
    }
}
